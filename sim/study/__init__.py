"""Floor 8c: a study: its design, its replications compared, and what its reader must be told."""
