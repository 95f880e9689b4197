"""A text in the project's three languages."""

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

    def fill(self, **parts: "Text") -> "Text":
        """The text with each `{name}` replaced by the part of that name, language by language."""
        return Text(
            self.en.format(**{k: v.en for k, v in parts.items()}),
            self.zh_hant.format(**{k: v.zh_hant for k, v in parts.items()}),
            self.zh_hans.format(**{k: v.zh_hans for k, v in parts.items()}),
        )

    def __bool__(self) -> bool:
        """Whether there is a word in it."""
        return bool(self.en)

    def __str__(self) -> str:
        return self.en
