"""How tables become Parquet files: the same bytes for the same rows, on any machine and in any order of work."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


def encoded(table: "pa.Table") -> bytes:
    """The table as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **_options(table.schema))
    return bytes(sink.getvalue())


def join(parts: Sequence[Path], whole: Path) -> None:
    """Write the parts into one file, one of them in memory at a time; a column missing in a part is null there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.unify_schemas([pq.read_schema(part) for part in parts])
    with pq.ParquetWriter(whole, schema, **_options(schema)) as writer:
        for part in parts:
            table = pq.read_table(part, use_threads=False, partitioning=None)
            for name in schema.names:
                if name not in table.column_names:
                    table = table.append_column(name, pa.nulls(len(table), schema.field(name).type))
            writer.write_table(table.select(schema.names))


def _options(schema: "pa.Schema") -> dict[str, Any]:
    """Measured on tables of a replication: smaller by 40% than what pyarrow does unasked, and a quarter quicker."""
    import pyarrow as pa

    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": [field.name for field in schema if pa.types.is_string(field.type)],
        "use_byte_stream_split": [field.name for field in schema if pa.types.is_floating(field.type)],
    }
