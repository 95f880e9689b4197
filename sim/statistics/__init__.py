"""Floor 0: interval estimates, comparisons, sequential rules, rare events, detection and rostering, from numbers alone."""
