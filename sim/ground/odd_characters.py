"""Characters of Chinese keyboards where a scenario needs those of ASCII: which they are, and what to type for them."""

import re
from unicodedata import normalize

from sim.ground.text import NOTHING, Text

_NAMES = {
    "：": Text("a full-width colon", "全形冒號", "全角冒号"),
    "，": Text("a full-width comma", "全形逗號", "全角逗号"),
    "、": Text("a Chinese list comma", "頓號", "顿号"),
    "；": Text("a full-width semicolon", "全形分號", "全角分号"),
    "％": Text("a full-width percent sign", "全形百分號", "全角百分号"),
    "／": Text("a full-width slash", "全形斜線", "全角斜线"),
    "＝": Text("a full-width equals sign", "全形等號", "全角等号"),
    "＃": Text("a full-width number sign", "全形井號", "全角井号"),
    "－": Text("a full-width hyphen", "全形連字號", "全角连字符"),
    "．": Text("a full-width point", "全形句點", "全角句点"),
    "。": Text("a Chinese full stop", "中文句號", "中文句号"),
    "\u3000": Text("an ideographic space", "全形空格", "全角空格"),
    "\xa0": Text("a no-break space", "不換行空格", "不换行空格"),
    **dict.fromkeys("“”‘’「」『』", Text("a Chinese or curly quotation mark", "中文引號", "中文引号")),
    **dict.fromkeys("（）【】｛｝［］", Text("a full-width bracket", "全形括號", "全角括号")),
    **dict.fromkeys("０１２３４５６７８９", Text("a full-width digit", "全形數字", "全角数字")),
    **dict.fromkeys(
        map(chr, [*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B)]), Text("a full-width letter", "全形字母", "全角字母")
    ),
}
_TYPED = {"、": ",", "。": ".", "【": "[", "】": "]", **dict.fromkeys("“”「」『』", '"'), **dict.fromkeys("‘’", "'")}
_HERE = Text(
    "{name} stands here ({character}); write {typed}",
    "此處有{name}（{character}）；請改寫{typed}",
    "此处有{name}（{character}）；请改写{typed}",
)
_CHARACTER = Text("'{typed}'", "半形的 {typed}", "半角的 {typed}")
_INSTEAD = {
    " ": Text("plain spaces", "半形空格", "半角空格"),
    ":": Text("':' and a space", "半形的 : 加一個空格", "半角的 : 加一个空格"),
    "'": Text("'\"'", '半形的 "', '半角的 "'),
    ",": Text("',' and a space", "半形的 , 加一個空格", "半角的 , 加一个空格"),
}
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_WRITE = Text(
    "{name} stands in it ({character}); write '{typed}'",
    "當中有{name}（{character}）；請寫 {typed}",
    "其中有{name}（{character}）；请写 {typed}",
)


def plain_text(text: str) -> str:
    """The text with the ASCII characters that are meant by those of a Chinese keyboard."""
    return "".join(_typed(character) if character in _NAMES else character for character in text)


def named(text: str) -> Text:
    """What to say of a value with such a character: the first one's name, and the whole as it is to be written; else nothing."""
    odd = next((character for character in text if character in _NAMES and not character.isspace()), None)
    odd = odd or next((character for character in text if character in _NAMES), None)
    if odd is None:
        return NOTHING
    typed = plain_text(text).strip("\"' ").rstrip(";.,")
    return _WRITE.fill(name=_NAMES[odd], character=odd, typed=_THOUSANDS.sub("", typed))


def named_here(character: str) -> Text:
    """What to say at the place of one such character."""
    typed = _typed(character)
    instead = _INSTEAD.get(typed, _CHARACTER.fill(typed=typed))
    return _HERE.fill(name=_NAMES[character], character=character, typed=instead)


def is_odd(text: str) -> bool:
    """Whether the text holds such a character."""
    return any(character in _NAMES for character in text)


def _typed(character: str) -> str:
    return _TYPED.get(character) or normalize("NFKC", character)
