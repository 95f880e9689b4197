"""Floor 10: the command `sim`. The module of a command is imported when the command is used."""

from sim.cli.main import main

__all__ = ["main"]
