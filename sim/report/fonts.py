"""The typeface of the report: one family for all scripts, with real weights, from a package that pip installs."""

from functools import cache
from pathlib import Path
from typing import Any

from sim.ground.text import Language

FAMILY: dict[Language, str] = {"en": "Noto Sans CJK SC", "zh-Hant": "Noto Sans CJK HK", "zh-Hans": "Noto Sans CJK SC"}
"""The face by language; Hong Kong's forms of the characters differ from Taiwan's and from the Mainland's."""
REGION: dict[Language, tuple[str, str]] = {"en": ("en", "gb"), "zh-Hant": ("zh", "hk"), "zh-Hans": ("zh", "cn")}
TAG: dict[Language, str] = {"en": "en-GB", "zh-Hant": "zh-Hant-HK", "zh-Hans": "zh-Hans-CN"}
"""The language of a page as HTML and Word name it."""


def font_file() -> Path:
    """The collection of faces, all weights in one file."""
    import manimgx_fonts_cjk

    (path,) = Path(manimgx_fonts_cjk.__file__).parent.glob("*.ttc")
    return path


@cache
def _number_of(family: str) -> int:
    """Which face of the collection a family is."""
    from fontTools.ttLib import TTCollection

    with TTCollection(font_file(), lazy=True) as collection:
        names = [str(face["name"].getBestFamilyName()) for face in collection.fonts]
    return names.index(family)


def face(language: Language) -> Any:
    """The face of a language, as fontTools reads it."""
    from fontTools.ttLib import TTFont

    return TTFont(font_file(), fontNumber=_number_of(FAMILY[language]), lazy=True, recalcTimestamp=False)


@cache
def covered(language: Language) -> frozenset[int]:
    """The code points that the face of a language has a glyph for."""
    with face(language) as font:
        return frozenset(font.getBestCmap())


def subset_woff(language: Language, signs: frozenset[str]) -> bytes:
    """The face with the glyphs of these signs alone, all weights, as WOFF; the same signs give the same bytes."""
    from io import BytesIO

    from fontTools.subset import Options, Subsetter

    options = Options()
    options.layout_features, options.hinting = [], False
    with face(language) as font:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=sorted(map(ord, signs)))
        subsetter.subset(font)
        font.flavor = "woff"
        file = BytesIO()
        font.save(file)
    return file.getvalue()
