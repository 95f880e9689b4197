"""Executors of replications: serial, threads, processes, a cluster. `sim.execution.choose.EXECUTORS` is their registry."""
