"""Slips of the keyboard that a YAML parser can't name: Chinese punctuation in place of ASCII, a colon without its space, a wrong
file name. They are looked for where something is wrong, for each of them may stand in a text that is meant so."""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from sim.ground.errors import Problem
from sim.ground.odd_characters import is_odd, named_here
from sim.ground.text import NOTHING, Text
from sim.ground.units import THOUSANDS

_NO_SPACE = Text(
    "a space is missing behind the colon; write '{written}'", "冒號後缺少空格；請寫 {written}", "冒号后缺少空格；请写 {written}"
)
_EQUALS = Text(
    "a colon is needed in place of the equals sign; write '{written}'",
    "等號須改為冒號；請寫 {written}",
    "等号须改为冒号；请写 {written}",
)
_DID_YOU_MEAN = Text("; did you mean {name}?", "；是否指 {name}？", "；是否指 {name}？")
_KEY = r"[A-Za-z_][\w.-]*"
_INDENT = re.compile(r"^[ \t]*([\u3000\xa0])[ \u3000\xa0]*\S")
_COLON = re.compile(rf"(?:^[ \u3000\xa0]*(?:- +)?|[{{,，、｛]\s*)[\"“']?{_KEY}[\"”']?\s*(：)")
_QUOTE = re.compile(r"(?:[:：,\[{]\s*|^[ \u3000]*(?:- +)?)([“”‘’「『])")
_BRACKET = re.compile(r"(?:[:：,\[{]\s*|^[ \u3000]*- +)([｛［【（])")
_IN_FLOW = re.compile(r"[，、；｝］】）：]")
_GLUED = re.compile(rf"(?:^[ ]*(?:- +)?|[{{,]\s*)({_KEY}):(?!\s|//|$)([^,}}]*)", re.ASCII)
_COMMAS = re.compile(r":\s+(\d{1,3}(?:,\d{3})+[^,}]*)")
_ASSIGNED = re.compile(rf"(?:^[ ]*(?:- +)?|[{{,]\s*)({_KEY})[ ]*([=＝])([^,}}]*)", re.ASCII)
_COMMENT = re.compile(r"\s(＃)")
_QUOTED_KEY = re.compile(rf"[\"']{_KEY}[\"']")
_STRINGS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|(?:^|\s)#.*")


def slips_of(text: str, file: str) -> tuple[Problem, ...]:
    """Every such character of a text, outside of quotation marks and comments, in the order of the lines."""
    return tuple(slip for number, line in enumerate(text.split("\n"), 1) for slip in _of_line(line.rstrip("\r"), number, file))


def explained(problems: Sequence[Problem], slips: Sequence[Problem]) -> list[Problem]:
    """The problems; where a slip stands in the line of one, it takes its place."""
    by_line: dict[tuple[str, int], list[Problem]] = {}
    for slip in slips:
        by_line.setdefault((slip.file, slip.line), []).append(slip)
    of_lines = (by_line.get((problem.file, problem.line), [problem]) if problem.line else [problem] for problem in problems)
    return list(dict.fromkeys(problem for of_line in of_lines for problem in of_line))


def did_you_mean(path: Path, written: str = "") -> Text:
    """The end of a message on a file that does not exist: the name most like it in its folder, if there is one."""
    try:
        names = sorted(file.name for file in path.parent.iterdir() if file.suffix in (".yaml", ".yml") and file.is_file())
    except OSError:
        return NOTHING
    near = [name for name in names if Path(name).stem == path.stem] or get_close_matches(path.name, names, n=1, cutoff=0.7)
    if not near or path.exists():
        return NOTHING
    return _DID_YOU_MEAN.fill(name=Path(written or path).with_name(near[0]))


def _of_line(line: str, number: int, file: str) -> Iterator[Problem]:
    # Of equal length, so that columns stay; a key may stand in quotation marks.
    code = _STRINGS.sub(lambda match: match[0] if _QUOTED_KEY.fullmatch(match[0]) else " " * len(match[0]), line)
    if is_odd(code):
        places = {match.start(1) for pattern in (_INDENT, _COLON, _QUOTE, _BRACKET, _COMMENT) for match in pattern.finditer(code)}
        opened = re.search(r"[{\[｛［【]", code)
        places |= {match.start() for match in _IN_FLOW.finditer(code, opened.start())} if opened else set()
        for place in sorted(places):
            yield Problem(named_here(code[place]), file, number, place + 1)
    for match in _COMMAS.finditer(code):
        yield Problem(THOUSANDS.fill(example=match[1].replace(",", "").strip()), file, number, match.start(1) + 1)
    for match in _GLUED.finditer(code):
        yield Problem(_NO_SPACE.fill(written=f"{match[1]}: {match[2].strip()}"), file, number, match.end(1) + 1)
    for match in _ASSIGNED.finditer(code):
        yield Problem(_EQUALS.fill(written=f"{match[1]}: {match[3].strip()}"), file, number, match.start(2) + 1)
