"""What a page calls the scenarios of a study: by title."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

from sim.ground.text import LANGUAGES, Language, Text

BETWEEN_NAMES = Text(", ", "；", "；")
"""Between names in a list: titles may hold 、 themselves."""


class Titled(Protocol):
    """A scenario, or the record of one."""

    @property
    def name(self) -> str:
        """The name under which tables have it."""

    @property
    def title(self) -> Text:
        """The title in each language; one text may stand for all."""


class HasManifest(Protocol):
    """A study, or the run of an analysis: its manifest has a record of each scenario."""

    @property
    def manifest(self) -> Any:
        """Its manifest."""


def shown_names(scenarios: Iterable[Titled], language: Language) -> dict[str, str]:
    """By name: the title in that language, on one line.

    A name stands where there is no title, and in brackets behind a title that two scenarios share.
    """
    titles = {scenario.name: " ".join(scenario.title.in_language(language).split()) for scenario in scenarios}
    times = Counter(titles.values())
    opening, closing = (" (", ")") if language == "en" else ("（", "）")
    return {
        name: (title if times[title] == 1 else f"{title}{opening}{name}{closing}") if title else name
        for name, title in titles.items()
    }


def names_in(study: HasManifest, language: Language) -> dict[str, str]:
    """What a page in that language calls the scenarios of a study, by name, in their order."""
    return shown_names(study.manifest.scenarios, language)


def name_as_text(scenario: Titled) -> Text:
    """What a sentence calls one scenario, in quotation marks of each language, whatever others are called."""
    return names_as_texts([scenario])[scenario.name]


def names_as_texts(scenarios: Iterable[Titled]) -> dict[str, Text]:
    """What sentences call the scenarios, by name, in quotation marks of each language."""
    listed = tuple(scenarios)
    by_language = {language: shown_names(listed, language) for language in LANGUAGES}
    return {
        scenario.name: Text(*(in_quotation_marks(by_language[language][scenario.name], language) for language in LANGUAGES))
        for scenario in listed
    }


def in_quotation_marks(words: str, language: Language) -> str:
    """The words in the quotation marks of that language."""
    opening, closing = "「」" if language == "zh-Hant" else "“”"
    return f"{opening}{words}{closing}"


def quoted_names(study: HasManifest, language: Language) -> dict[str, str]:
    """The names for the middle of a sentence, in quotation marks of that language."""
    return {name: in_quotation_marks(shown, language) for name, shown in names_in(study, language).items()}
