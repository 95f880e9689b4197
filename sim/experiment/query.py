"""Questions in SQL to the tables of a study, answered by DuckDB from the files."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.store import TABLES
from sim.experiment.tables import STAGE_COLUMNS
from sim.ground.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd


def ask(folder: Path, listings: "Mapping[str, pd.DataFrame]", query: str) -> "pd.DataFrame":
    """The answer to a query on the Parquet files of a study's folder and on its listings; NaN stands there as NULL.

    Raises InputError with DuckDB's words where there is none.
    """
    import duckdb
    import pyarrow as pa

    with duckdb.connect() as connection:
        for name in TABLES:
            file = folder / f"{name}.parquet"
            if file.is_file():
                connection.read_parquet(str(file)).project(_columns(file)).create_view(name)
            else:
                connection.register(name, pa.table({column: pa.array([], pa.string()) for column in STAGE_COLUMNS}))
        for name, listing in listings.items():
            connection.register(name, pa.Table.from_pandas(listing, preserve_index=False))
        try:
            found: pd.DataFrame = connection.execute(query).df()
        except duckdb.Error as error:
            raise InputError(Problem(f"the query can't be answered: {error}", path="sql", found=query)) from None
        return found


def _columns(file: Path) -> str:
    """All columns, NaN as NULL: "nothing to measure" should not be the largest number, which it is to DuckDB."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    return ", ".join(
        f'case when isnan("{field.name}") then null else "{field.name}" end as "{field.name}"'
        if pa.types.is_floating(field.type)
        else f'"{field.name}"'
        for field in pq.read_schema(file)
    )
