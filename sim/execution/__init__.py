"""Floor 8a: one replication, and who does many of them."""
