"""A text in the project's three languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh-Hant", "zh-Hans"]
LANGUAGES: tuple[Language, ...] = ("en", "zh-Hant", "zh-Hans")


@dataclass(frozen=True, slots=True)
class Text:
    """One meaning in English, Traditional Chinese (Hong Kong forms) and Simplified Chinese."""

    en: str
    zh_hant: str
    zh_hans: str

    @classmethod
    def same(cls, words: str) -> "Text":
        """The same words in every language."""
        return cls(words, words, words)

    @property
    def is_same(self) -> bool:
        """Whether the words are the same in every language."""
        return self.en == self.zh_hant == self.zh_hans

    @property
    def all(self) -> tuple[str, str, str]:
        """The words in each of LANGUAGES."""
        return self.en, self.zh_hant, self.zh_hans

    def in_language(self, language: Language) -> str:
        """The text in `language`."""
        return {"en": self.en, "zh-Hant": self.zh_hant, "zh-Hans": self.zh_hans}[language]

    def fill(self, **parts: object) -> "Text":
        """The text with each `{name}` replaced by the part of that name: a Text language by language, anything else as it is."""
        return Text(
            *(
                words.format(**{name: part.all[number] if isinstance(part, Text) else part for name, part in parts.items()})
                for number, words in enumerate(self.all)
            )
        )

    def join(self, parts: "Iterable[Text | str]") -> "Text":
        """The parts with the text between each two, as `str.join`; a str is the same in every language."""
        texts = [part if isinstance(part, Text) else Text.same(part) for part in parts]
        return Text(*(between.join(text.all[number] for text in texts) for number, between in enumerate(self.all)))

    def __add__(self, other: "Text") -> "Text":
        return Text(*(first + second for first, second in zip(self.all, other.all, strict=True)))

    def __bool__(self) -> bool:
        """Whether there is a word in it."""
        return bool(self.en)

    def __str__(self) -> str:
        return self.en


NOTHING = Text.same("")
COMMA = Text(", ", "、", "、")
COLON = Text(": ", "：", "：")
SEMICOLON = Text("; ", "；", "；")
OR_ELSE = Text("; or ", "；或", "；或")
AND = Text(" and ", "及", "及")
"""What stands between the parts of a list: `COMMA.join(names)`."""
