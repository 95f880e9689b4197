"""Floor 8b: the folder of a study on disk: its bytes, names, hashes, locks, checkpoints and queries."""
