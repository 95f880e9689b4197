"""Questions in SQL to the tables of a study, answered by DuckDB from the files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.archive.study_folder import TABLES
from sim.execution.tables import STAGE_COLUMNS
from sim.ground.errors import InputError, Problem

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


STAGE_TYPES = {"replication": "INTEGER", "flight": "INTEGER", "given_up": "BOOLEAN"}


def ask(folder: Path, listings: "Mapping[str, pd.DataFrame]", query: str) -> "pd.DataFrame":
    """The answer to one query: see `asking`."""
    with asking(folder, listings) as answer:
        return answer(query)


@contextmanager
def asking(folder: Path, listings: "Mapping[str, pd.DataFrame]") -> "Iterator[Callable[[str], pd.DataFrame]]":
    """What answers queries on the Parquet files of a study's folder and on its listings; what is NaN elsewhere is NULL.

    A query is one SELECT: nothing is written, and no other files are read. Raises InputError with DuckDB's words
    where there is no answer.
    """
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as connection, _told_of_errors():
        _make_views(connection, folder)
        for name, listing in listings.items():
            connection.register(name, pa.Table.from_pandas(listing, preserve_index=False))

        def answer(query: str) -> "pd.DataFrame":
            _check_select(query, [*TABLES, *listings])
            return connection.execute(query).df()

        yield answer


@contextmanager
def _told_of_errors() -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise InputError(Problem(f"the query can't be answered: {error}", path="sql")) from None


def _make_views(connection: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    """A view on each Parquet file, through which alone files can be read from then on."""
    files = {name: folder / f"{name}.parquet" for name in TABLES}
    there = ", ".join(_quoted(file) for file in files.values() if file.is_file())
    for setting in (f"allowed_paths = [{there}]", "enable_external_access = false", "lock_configuration = true"):
        connection.execute(f"SET {setting}")
    for name, file in files.items():
        is_absent = name == "stages" and not file.is_file()
        source = _no_stages() if is_absent else f"read_parquet({_quoted(file)}, hive_partitioning = false)"
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}")


def _check_select(query: str, names: Sequence[str]) -> None:
    import duckdb

    kinds = [statement.type.name for statement in duckdb.extract_statements(query)]
    if kinds != ["SELECT"]:
        found = " and ".join(kinds) or "nothing"
        raise InputError(Problem("this is no question", path="sql", found=found, allowed=f"one SELECT from {', '.join(names)}"))


def _no_stages() -> str:
    """The table of stages where none were kept."""
    types = {name: "DOUBLE" if name.endswith("_s") else STAGE_TYPES.get(name, "VARCHAR") for name in STAGE_COLUMNS}
    return f"(SELECT {', '.join(f'NULL::{kind} AS {name}' for name, kind in types.items())} WHERE false)"


def _quoted(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "''") + "'"
