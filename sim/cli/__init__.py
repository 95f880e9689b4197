"""Floor 10: the command `sim`. Whatever takes time to import is imported by the command that needs it."""

from sim.cli.main import main

__all__ = ["main"]
