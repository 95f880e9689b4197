"""Queries in SQL on the tables of a study, answered by DuckDB from the files."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.archive.disk import existing
from sim.archive.layout import TABLES, table_file
from sim.execution.tables import DISTRIBUTION_COLUMNS, STAGE_COLUMNS
from sim.ground.errors import InputError, Problem
from sim.ground.text import AND, COMMA, Text

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_NO_ANSWER = Text("the query can't be answered: {why}", "無法回答此查詢：{why}", "无法回答此查询：{why}")
_NO_QUESTION = Text("this is no question", "這不是查詢", "这不是查询")
_ONE_SELECT = Text("one SELECT from {names}", "一個 SELECT，取自 {names}", "一个 SELECT，取自 {names}")
_NOTHING = Text("nothing", "空白", "空白")


MAY_BE_ABSENT = {"stages": STAGE_COLUMNS, "distributions": DISTRIBUTION_COLUMNS}
"""Tables that not every study has, with their columns: a study need not keep stages, and once none kept distributions."""
INTEGERS = ("replication", "flight", "value", "count")


def run_query(folder: Path, summary_tables: "Mapping[str, pd.DataFrame]", sql: str) -> "pd.DataFrame":
    """The answer to one query: see `query_session`."""
    with query_session(folder, summary_tables) as answer:
        return answer(sql)


@contextmanager
def query_session(folder: Path, summary_tables: "Mapping[str, pd.DataFrame]") -> "Iterator[Callable[[str], pd.DataFrame]]":
    """A function that answers queries on the Parquet files of a study's folder and on its summary tables; NaN is NULL there.

    A query is one SELECT: nothing is written, and no other files are read. Raises InputError with DuckDB's words
    where there is no answer.
    """
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as connection, _errors_of_the_query():
        _make_views(connection, folder)
        for name, table in summary_tables.items():
            connection.register(name, pa.Table.from_pandas(table, preserve_index=False))

        def answer(sql: str) -> "pd.DataFrame":
            _check_select(sql, [*TABLES, *summary_tables])
            return connection.execute(sql).df()

        yield answer


@contextmanager
def _errors_of_the_query() -> Iterator[None]:
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise InputError(Problem(_NO_ANSWER.fill(why=error), path="sql")) from None


def _make_views(connection: "duckdb.DuckDBPyConnection", folder: Path) -> None:
    """Make a view of each Parquet file; from then on the connection can read no file except through them."""
    files = {name: folder / table_file(name) for name in TABLES}
    allowed = ", ".join(_quoted(file) for file in files.values() if file.is_file())
    for setting in (f"allowed_paths = [{allowed}]", "enable_external_access = false", "lock_configuration = true"):
        connection.execute(f"SET {setting}")
    for name, file in files.items():
        if name not in MAY_BE_ABSENT:
            existing(folder, file.name)
        is_absent = name in MAY_BE_ABSENT and not file.is_file()
        source = _no_rows(MAY_BE_ABSENT[name]) if is_absent else f"read_parquet({_quoted(file)}, hive_partitioning = false)"
        connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}")


def _check_select(sql: str, names: Sequence[str]) -> None:
    import duckdb

    kinds = [statement.type.name for statement in duckdb.extract_statements(sql)]
    if kinds != ["SELECT"]:
        allowed = _ONE_SELECT.fill(names=COMMA.join(names))
        raise InputError(Problem(_NO_QUESTION, path="sql", found=AND.join(kinds) or _NOTHING, allowed=allowed))


def _no_rows(columns: Sequence[str]) -> str:
    """An empty table with those columns."""
    return f"(SELECT {', '.join(f'NULL::{_type(name)} AS {name}' for name in columns)} WHERE false)"


def _type(column: str) -> str:
    if column in INTEGERS:
        return "INTEGER"
    return "BOOLEAN" if column == "given_up" else "DOUBLE" if column.endswith("_s") else "VARCHAR"


def _quoted(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "''") + "'"
