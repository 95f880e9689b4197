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

    def __str__(self) -> str:
        return self.en
