"""Those who do replications: one at a time, threads, processes, a cluster."""
