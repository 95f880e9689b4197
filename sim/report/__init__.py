"""Floor 9: what a study says in words and tables."""
