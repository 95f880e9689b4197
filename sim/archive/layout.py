"""The name of every file and folder of a study, in its folder and beside it."""

import re
from pathlib import Path

from sim.ground.text import Language

MANIFEST = "manifest.json"
TABLES = (
    "replications",
    "distributions",
    "flights",
    "consignments",
    "stages",
)  # one row a measure, flight ... of each replication; Parquet
SUMMARY_TABLES = (
    "summary",
    "comparison",
    "together",
    "best",
    "ledger",
    "winners",
    "released_in_both",
    "trs",
    "limits",
)  # of the whole study; CSV
SCENARIOS = "scenarios"
CHARTS = "charts"
REPORT = "report"
ANALYSES = "analyses"  # of a study: folders of analyses of its scenarios, each with a manifest of its own
ANSWER = f"{REPORT}/answer.txt"  # of an analysis: what it printed
ANSWER_BLOCKS = f"{REPORT}/answer.json"  # of an analysis: the same as blocks, in each language
COMPARISON = f"{REPORT}/comparison.txt"  # of a study: what it printed
POINTS = "points.csv"  # of an analysis: its points, in place of scenario files
LEFT_OUT = "left_out.csv"  # of an analysis: the points that can't be, if there are any
IDENTITY = "identity.json"  # in a hidden folder: what study it is of
RECORD = ".done.json"  # in a checkpoint: how the name of a finished replication's record ends


def answer_file(language: Language) -> str:
    """The file of what an analysis printed, in that language."""
    return ANSWER if language == "en" else ANSWER.replace(".txt", f".{language}.txt")


def comparison_file(language: Language) -> str:
    """The file of all that a study printed, in that language."""
    return COMPARISON if language == "en" else COMPARISON.replace(".txt", f".{language}.txt")


def table_file(name: str) -> str:
    """The file of a table."""
    return f"{name}.parquet"


def summary_table_file(name: str) -> str:
    """The file of a summary table."""
    return f"{name}.csv"


def scenario_file(name: str) -> str:
    """The file of a scenario, relative to the study's folder."""
    return f"{SCENARIOS}/{name}.yaml"


def analysis_folder(study: Path, name: str) -> Path:
    """The folder of an analysis of a study, in the study's own."""
    return study / ANALYSES / name


def record_file(scenario: str, replication: int) -> str:
    """The file in a checkpoint which says that a replication is finished."""
    return f"{scenario}-{replication:08d}{RECORD}"


def part_file(scenario: str, replication: int, table: str) -> str:
    """The file in a checkpoint with the rows that a replication adds to a table."""
    return f"{scenario}-{replication:08d}.{table}.arrow"


def lock_of(folder: Path) -> Path:
    """The file that whoever writes a study's folder holds the lock of; like all of the following a hidden sibling."""
    return folder.with_name(f".{folder.name}.lock")


def checkpoint_of(folder: Path, key: str) -> Path:
    """The folder of the finished replications of a study with that key, which is not finished itself."""
    return folder.with_name(f".{folder.name}{_UNFINISHED}{key[:16]}")


def checkpoints_in(parent: Path) -> list[tuple[str, Path]]:
    """What has the name of a checkpoint below a folder, sorted: the name of the study's folder, the path of the checkpoint."""
    names = ((path, re.fullmatch(rf"\.(.+){_UNFINISHED}{TOKEN}", path.name)) for path in like_checkpoints_in(parent))
    return [(name[1], path) for path, name in names if name]


def like_checkpoints_in(parent: Path) -> list[Path]:
    """What has a name like that of a checkpoint below a folder, sorted, whosever it is."""
    return sorted(parent.glob(f".*{_UNFINISHED}*"))


def staging_of(folder: Path, token: str) -> Path:
    """The folder in which a process writes a study's folder."""
    return folder.with_name(f".{folder.name}.partial-{token}")


def replaced_of(folder: Path, token: str) -> Path:
    """Where the old study waits while a process puts the new one in its place."""
    return folder.with_name(f".{folder.name}.replaced-{token}")


def is_hidden_sibling(name: str) -> bool:
    """Whether a name is that of a lock, of a checkpoint, or of a folder that is being written or replaced."""
    return re.fullmatch(rf"\..+(\.lock|{_UNFINISHED}{TOKEN}|\.(partial|replaced)-{TOKEN})", name) is not None


TOKEN = "[0-9a-f]{16}"  # a pattern: what the name of a hidden folder ends with
CHECKPOINT_FILES = r".+-\d{8}\.(done\.json|[a-z]+\.arrow)(\.[0-9a-f]{16}\.new)?"  # a pattern: those but IDENTITY
_UNFINISHED = ".unfinished-"
