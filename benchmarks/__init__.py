"""How quick the engines are, measured beside other ways of simulating the same thing: see docs/benchmarks.md."""
