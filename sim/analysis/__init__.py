"""Floor 8, upper half: questions that take many scenarios: sweeps, robustness, sensitivity, assumptions, saturation."""
