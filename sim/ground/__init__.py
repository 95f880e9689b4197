"""Floor 0: what everything else stands on; it knows nothing of customs or flights."""
