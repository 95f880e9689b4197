"""How quick the engines are, measured beside other ways of simulating the same thing: see docs/reference/benchmarks.md."""
