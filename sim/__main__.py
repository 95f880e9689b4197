"""`python -m sim`: the command, where it is not on the path."""

from sim.cli import main

main(prog_name="sim")
