"""The folder of a study: whole or not at all, whatever goes wrong while it is written."""

import errno
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.archive import layout, study_folder
from sim.execution.tables import arrow_bytes
from sim.ground.errors import InputError, RunError
from sim.ground.text import Text


def part(folder: Path, number: int, **more: list[Any]) -> Path:
    """The flights of a replication, as a worker leaves them."""
    path = folder / f"part-{number}.arrow"
    path.write_bytes(arrow_bytes(pa.table({"replication": [number, number], "flight": [0, 1], **more})))
    return path


def add(staging: study_folder.StagingFolder, *parts: Path) -> None:
    for of_flights in parts:
        staging.add_rows({"flights": of_flights})
    staging.close_tables()


@pytest.fixture
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parts")


def write_study(folder: Path, note: str = "new") -> None:
    with TemporaryDirectory() as parts, study_folder.StagingFolder(folder) as staging:
        add(staging, part(Path(parts), 0))
        staging.write_text("summary.csv", f"{note}\n")
        staging.publish({"note": note})


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_publish_leaves_the_finished_folder_and_nothing_else(tmp_path: Path) -> None:
    write_study(tmp_path / "a-vs-b")
    assert left_in(tmp_path) == ["a-vs-b"]
    assert left_in(tmp_path / "a-vs-b") == ["flights.parquet", "manifest.json", "summary.csv"]
    manifest = study_folder.read_manifest(tmp_path / "a-vs-b")
    assert (manifest["note"], sorted(manifest["files"])) == ("new", ["flights.parquet", "summary.csv"])


def test_parts_are_joined_in_the_order_given(tmp_path: Path, parts: Path) -> None:
    with study_folder.StagingFolder(tmp_path / "study") as staging:
        add(staging, *(part(parts, number) for number in (2, 11, 100)))
        staging.publish({})
    assert pq.read_table(tmp_path / "study" / "flights.parquet")["replication"].to_pylist() == [2, 2, 11, 11, 100, 100]


def test_what_a_killed_process_left_of_a_draft_is_swept_away(tmp_path: Path) -> None:
    for study in ("study", "other"):
        draft = study_folder.StagingFolder(tmp_path / study).__enter__().path
        (draft / "flights.parquet").write_bytes(b"half")
    write_study(tmp_path / "study")
    study_folder.recover(tmp_path / "study")
    assert left_in(tmp_path) == [draft.name, "study"]


def test_nan_is_null_and_infinity_stays(tmp_path: Path, parts: Path) -> None:
    with study_folder.StagingFolder(tmp_path / "study") as staging:
        add(staging, part(parts, 0, delay_s=[float("nan"), float("inf")]))
        staging.publish({})
    table = pq.read_table(tmp_path / "study" / "flights.parquet")
    assert table["delay_s"].to_pylist() == [None, float("inf")]
    assert np.isnan(table.to_pandas()["delay_s"][0])


def test_rows_of_many_parts_share_a_row_group(tmp_path: Path, parts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.archive.parquet.ROWS_A_GROUP", 5)
    with study_folder.StagingFolder(tmp_path / "study") as staging:
        add(staging, *(part(parts, number) for number in range(7)))
        staging.publish({})
    file = pq.ParquetFile(tmp_path / "study" / "flights.parquet")
    assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [6, 6, 2]
    assert file.read()["replication"].to_pylist() == [number for number in range(7) for _ in range(2)]


def test_finished_study_is_replaced_by_a_finished_one(tmp_path: Path) -> None:
    write_study(tmp_path / "study", "old")
    (tmp_path / "study" / "report").mkdir()
    write_study(tmp_path / "study", "new")
    assert left_in(tmp_path) == ["study"]
    assert (tmp_path / "study" / "summary.csv").read_text() == "new\n"
    assert not (tmp_path / "study" / "report").exists()


@pytest.mark.parametrize("stands", ["folder", "file", "link to a folder"])
def test_what_is_no_study_is_never_replaced(tmp_path: Path, stands: str) -> None:
    target = tmp_path / "thesis"
    if stands == "folder":
        target.mkdir()
        (target / "chapter.txt").write_text("ten years of work")
    elif stands == "file":
        target.write_text("ten years of work")
    else:
        target.symlink_to(tmp_path / "missing")
        target = tmp_path / "missing"
        target.mkdir()
        (target / "chapter.txt").write_text("ten years of work")
    before = left_in(tmp_path)
    with pytest.raises(InputError, match="not that of a study"):
        write_study(tmp_path / "thesis")
    assert left_in(tmp_path) == before


def test_study_behind_a_link_is_replaced_where_it_lies(tmp_path: Path) -> None:
    write_study(tmp_path / "store" / "study", "old")
    (tmp_path / "latest").symlink_to(tmp_path / "store" / "study")
    write_study(tmp_path / "latest", "new")
    assert (tmp_path / "latest").is_symlink()
    assert (tmp_path / "store" / "study" / "summary.csv").read_text() == "new\n"
    assert left_in(tmp_path / "store") == ["study"]


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


WRITES: list[Callable[[pytest.MonkeyPatch], None]] = [
    lambda patch: patch.setattr(Path, "mkdir", full_disk),
    lambda patch: patch.setattr(pq.ParquetWriter, "write_table", full_disk),
    lambda patch: patch.setattr(Path, "write_text", full_disk),
    lambda patch: patch.setattr("sim.archive.disk.os.fsync", full_disk),
    lambda patch: patch.setattr(study_folder, "_rename_over", full_disk),
]


@pytest.mark.parametrize("break_disk", WRITES, ids=["folder", "joining", "text", "flushing", "renaming"])
def test_full_disk_leaves_the_old_study_and_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, break_disk: Callable[[pytest.MonkeyPatch], None]
) -> None:
    write_study(tmp_path / "study", "old")
    with monkeypatch.context() as patch:
        break_disk(patch)
        with pytest.raises(RunError, match="No space left"):
            write_study(tmp_path / "study", "new")
    assert left_in(tmp_path) == ["study"]
    assert study_folder.changed_files(tmp_path / "study") == []
    assert (tmp_path / "study" / "summary.csv").read_text() == "old\n"


def test_old_study_comes_back_when_the_new_one_cannot_take_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_study(tmp_path / "study", "old")
    rename = Path.rename

    def fails_for_drafts(path: Path, target: Path) -> Path:
        return full_disk() or path if ".partial-" in path.name else rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", fails_for_drafts)
        with pytest.raises(RunError):
            write_study(tmp_path / "study", "new")
    assert left_in(tmp_path) == ["study"]
    assert (tmp_path / "study" / "summary.csv").read_text() == "old\n"


@pytest.mark.parametrize("cause", [KeyboardInterrupt, RunError(Text.same("replication 3 failed"))])
def test_interruption_leaves_nothing(tmp_path: Path, cause: type[BaseException] | BaseException) -> None:
    with pytest.raises((KeyboardInterrupt, RunError)), study_folder.StagingFolder(tmp_path / "study") as staging:
        staging.write_text("summary.csv", "half")
        raise cause
    assert left_in(tmp_path) == []


def test_changed_added_and_missing_files_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "study"
    write_study(folder)
    assert study_folder.changed_files(folder) == []
    (folder / "summary.csv").write_text("touched up\n")
    (folder / "flights.parquet").unlink()
    (folder / "extra.txt").write_text("added")
    assert study_folder.changed_files(folder) == ["extra.txt", "flights.parquet", "summary.csv"]


def test_folder_without_a_readable_manifest_is_no_study(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no study can be read"):
        study_folder.read_manifest(tmp_path)
    (tmp_path / layout.MANIFEST).write_text("{")
    with pytest.raises(InputError, match="damaged"):
        study_folder.read_manifest(tmp_path)
    (tmp_path / layout.MANIFEST).write_text(json.dumps({"format": 999}))
    with pytest.raises(InputError, match="another format"):
        study_folder.read_manifest(tmp_path)
    for files in (None, [], {"summary.csv": 1}):
        (tmp_path / layout.MANIFEST).write_text(json.dumps({"format": study_folder.FORMAT, "files": files}))
        with pytest.raises(InputError, match="files: the manifest is damaged"):
            study_folder.read_manifest(tmp_path)
    (tmp_path / layout.MANIFEST).write_text("[" * 100_000)
    with pytest.raises(InputError, match="damaged"):
        study_folder.read_manifest(tmp_path)


@pytest.mark.parametrize("name", ["notes.txt", "summary.csv"])
def test_a_study_folder_with_files_of_the_users_own_is_not_replaced(tmp_path: Path, name: str) -> None:
    write_study(tmp_path / "study", "old")
    (tmp_path / "study" / name).write_text("mine")
    with pytest.raises(InputError, match="added or changed") as error:
        write_study(tmp_path / "study", "new")
    assert name in str(error.value)
    assert (tmp_path / "study" / name).read_text() == "mine"
