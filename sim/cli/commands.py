"""The table of the commands of `sim`, in the order of a first day. The module of a command is imported when it is used."""

from typing import NamedTuple

STUDIES, SCENARIO_FILES, ANALYSES, MODEL = "Studies", "Scenario files", "Analyses of many studies", "Checks of the model"


class CommandInfo(NamedTuple):
    """What `sim --help` shows of a command without importing it."""

    place: str
    """The click command, as "module:name"."""
    summary: str
    """The first line of its docstring."""
    group: str
    """Its heading in `sim --help`."""


COMMANDS = {
    "run": CommandInfo("sim.cli.run:run", "Simulate the scenarios and compare each with the one it is held against.", STUDIES),
    "report": CommandInfo("sim.cli.report:report", "Write the report of a study: PDF, web page and Word file.", STUDIES),
    "replay": CommandInfo("sim.cli.replay:replay", "Replay the flights of one replication of a study on a map.", STUDIES),
    "runs": CommandInfo("sim.cli.runs:runs", "List the studies in FOLDER (out/ unless named), finished and unfinished.", STUDIES),
    "sql": CommandInfo("sim.cli.sql:sql", "Query the tables of a study in SQL.", STUDIES),
    "new": CommandInfo("sim.cli.new:new", "Write a scenario file with every parameter in it as a comment.", SCENARIO_FILES),
    "explain": CommandInfo("sim.cli.explain:explain", "Explain a parameter or a measure.", SCENARIO_FILES),
    "check": CommandInfo(
        "sim.cli.check:check", "Check scenario files: every problem of every file, or what each scenario is.", SCENARIO_FILES
    ),
    "diff": CommandInfo(
        "sim.cli.diff:diff", "Say in words how scenario B differs from scenario A, policy and world apart.", SCENARIO_FILES
    ),
    "schema": CommandInfo(
        "sim.cli.schema:schema", "Print the JSON Schema of scenario files, or write it into a file.", SCENARIO_FILES
    ),
    "attribute": CommandInfo(
        "sim.cli.attribute:attribute",
        "Say which lever of a package did it: alone, left out, and its share of the difference.",
        ANALYSES,
    ),
    "sweep": CommandInfo(
        "sim.cli.sweep:sweep", "Simulate a scenario at every combination of the values, or over a sample of ranges.", ANALYSES
    ),
    "frontier": CommandInfo(
        "sim.cli.frontier:frontier", "Find the policies that no other beats in two measures at once.", ANALYSES
    ),
    "robust": CommandInfo(
        "sim.cli.robust:robust",
        "Ask in how many plausible worlds policy B is better than policy A, and where not.",
        ANALYSES,
    ),
    "assumptions": CommandInfo(
        "sim.cli.assumptions:assumptions", "Rank the assumptions by how far each moves the answer.", ANALYSES
    ),
    "sensitivity": CommandInfo(
        "sim.cli.sensitivity:sensitivity", "Rank the world's parameters by their effect on a measure when all vary.", ANALYSES
    ),
    "saturate": CommandInfo(
        "sim.cli.saturate:saturate", "Find the demand at which a target breaks, and the pool that is saturated first.", ANALYSES
    ),
    "calibrate": CommandInfo("sim.cli.calibrate:calibrate", "Print predicted figures beside published ones.", MODEL),
    "warm-up": CommandInfo("sim.cli.warm_up:warm_up", "Propose a warm-up for a scenario from runs without one.", MODEL),
}
