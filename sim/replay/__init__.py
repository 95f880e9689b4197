"""A replication seen again: the flights of a study on the map, moment by moment, and the story of each."""
