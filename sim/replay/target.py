"""The files that a replay is written into: of the right kind, each once, and none of a study's own."""

import json
from collections.abc import Sequence
from pathlib import Path

from sim.archive.layout import MANIFEST
from sim.ground.errors import InputError, Problem


def file_for(path: Path, option: str, kinds: tuple[str, ...]) -> Path:
    """The path, as asked for by that option. Raises InputError for other kinds of file, and inside a study's folder."""
    if path.suffix.lower() not in kinds:
        raise InputError(Problem("no file of this kind can be written", path=option, found=str(path), allowed=", ".join(kinds)))
    for folder in path.resolve().parents:
        if _is_study(folder):
            message = "lies in the folder of a study, which holds nothing but the study's own files"
            allowed = f"a file outside {folder}"
            raise InputError(Problem(message, path=option, found=str(path), allowed=allowed))
    return path


def check_each_once(files: Sequence[Path]) -> None:
    """Raises InputError where two pictures would go into one file."""
    places = [file.resolve() for file in files]
    for file, place in zip(files, places, strict=True):
        if places.count(place) > 1:
            message = "named for more than one picture"
            raise InputError(Problem(message, path="--still, --animate", found=str(file), allowed="a file for each picture"))


def _is_study(folder: Path) -> bool:
    """Whether it has a study's manifest, of whichever format; other programs have files of that name too."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and {"format", "files"} <= manifest.keys()
