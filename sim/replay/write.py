"""The page as one file: markup, style, scripts and data, with nothing left to fetch."""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from sim.ground.text import LANGUAGES, Language
from sim.replay.data import page_data
from sim.replay.scene import Scene
from sim.replay.terms import TERMS

if TYPE_CHECKING:
    from sim.study.study import Study

SCRIPTS = ("codec.js", "words.js", "scene.js", "map.js", "strip.js", "clock.js", "story.js", "finder.js", "main.js")
_PAGE = files("sim.replay") / "page"


def page(study: "Study", scenes: Sequence[Scene], replication: int, language: Language = "en") -> str:
    """The page in HTML, opening in that language; the same study gives the same text."""
    head, block = page_data(study, scenes, replication)
    parts = {
        "/*{{css}}*/": _asset("replay.css"),
        "{{head}}": json.dumps(head, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/"),
        "{{data}}": block,
        "{{no_script}}": " · ".join(TERMS["no_script"].in_language(other) for other in LANGUAGES),
        "/*{{js}}*/": '"use strict";\n' + "\n".join(_asset(name) for name in SCRIPTS),
    }
    text = _asset("replay.html").replace('<html lang="en">', f'<html lang="en" data-language="{language}">')
    for place, part in parts.items():
        text = text.replace(place, part)
    return text


def _asset(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")
