"""Floor 4: scenario files: reading, schema, errors, differences in words."""
