"""The files that a replay is written into: of the right kind, each once, and none of a study's own."""

import json
from collections.abc import Sequence
from pathlib import Path

from sim.archive.layout import MANIFEST
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Text

_NO_KIND = Text("no file of this kind can be written", "不能寫成這類檔案", "不能写成这类文件")
_IN_A_STUDY = Text(
    "lies in the folder of a study, which holds nothing but the study's own files",
    "位於研究的資料夾內，該處只可存放研究本身的檔案",
    "位于研究的文件夹内，该处只可存放研究本身的文件",
)
_OUTSIDE = Text("a file outside {folder}", "{folder} 以外的檔案", "{folder} 以外的文件")
_NAMED_TWICE = Text("named for more than one picture", "多於一幅圖使用此名稱", "多于一幅图使用此名称")
_FOR_EACH = Text("a file for each picture", "每幅圖各用一個檔案", "每幅图各用一个文件")


def file_for(path: Path, option: str, kinds: tuple[str, ...]) -> Path:
    """The path, as asked for by that option. Raises InputError for other kinds of file, and inside a study's folder."""
    if path.suffix.lower() not in kinds:
        raise InputError(Problem(_NO_KIND, path=option, found=Text.same(str(path)), allowed=COMMA.join(kinds)))
    for folder in path.resolve().parents:
        if _is_study(folder):
            raise InputError(Problem(_IN_A_STUDY, path=option, found=Text.same(str(path)), allowed=_OUTSIDE.fill(folder=folder)))
    return path


def check_each_once(files: Sequence[Path]) -> None:
    """Raises InputError where two pictures would go into one file."""
    places = [file.resolve() for file in files]
    for file, place in zip(files, places, strict=True):
        if places.count(place) > 1:
            raise InputError(Problem(_NAMED_TWICE, path="--still, --animate", found=Text.same(str(file)), allowed=_FOR_EACH))


def _is_study(folder: Path) -> bool:
    """Whether it has a study's manifest, of whichever format; other programs have files of that name too."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and {"format", "files"} <= manifest.keys()
