"""`sim explain`: what a parameter or a measure means, and where its figure comes from; or which there are for a word."""

from collections.abc import Mapping, Sequence

import click

from sim.cli.language import echo, language_of_command
from sim.cli.wrapping import definitions, terminal_width
from sim.ground.errors import InputError, Problem
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import measures
from sim.model.metric import Metric
from sim.scenario.explain import explain as explained
from sim.scenario.parameters import catalogue
from sim.scenario.search import Entry, entries, nearest_words, search

SHOWN = 20
MEASURES = Text("measures", "指標", "指标")
FITTING = Text(
    "{n} parameters and measures fit '{words}', best first:",
    "與「{words}」有關的參數及指標共 {n} 項，最接近者在前：",
    "与“{words}”有关的参数及指标共 {n} 项，最接近者在前：",
)
MORE = Text("and {n} more; write one word more", "另有 {n} 項；可多寫一個詞", "另有 {n} 项；可多写一个词")
NEXT = Text("To read about one: sim explain {key}", "要看其中一項：sim explain {key}", "要看其中一项：sim explain {key}")
NONE_FITS = Text(
    "no parameter or measure fits '{words}'; `sim explain` alone lists them all",
    "沒有與「{words}」有關的參數或指標；只輸入 sim explain 可列出全部",
    "没有与“{words}”有关的参数或指标；只输入 sim explain 可列出全部",
)


@click.command()
@click.argument("words", nargs=-1, metavar="[KEY | WORD...]")
def explain(words: tuple[str, ...]) -> None:
    """Explain a parameter or a measure.

    KEY is its key, or the end of it. WORDS are any in its name, meaning or choices, in English or Chinese: what fits is listed.
    Without any, all are listed by group. Names, labels and units are in three languages; meanings, definitions and sources are in
    English.
    """

    metrics, language, key = measures(), language_of_command(), " ".join(words)
    if not key:
        _list_all(metrics, language)
        return
    try:
        rows = explained(key, metrics, language)
    except InputError as error:
        known = entries(catalogue(), metrics)
        fitting = search(key, known)
        if not fitting:
            near = Text.same(", ".join(nearest_words(key, known))) or error.problems[0].allowed
            raise InputError(Problem(NONE_FITS.fill(words=key), allowed=near)) from None
        if len(fitting) > 1:
            _list_fitting(key, fitting, language)
            return
        rows = explained(fitting[0].key, metrics, language)
    click.echo(definitions(rows, terminal_width(), indent=0))


def _list_fitting(words: str, fitting: Sequence[Entry], language: Language) -> None:
    echo(FITTING.fill(n=len(fitting), words=words))
    rows = [(entry.key, entry.label.in_language(language)) for entry in fitting[:SHOWN]]
    click.echo(definitions(rows, terminal_width()))
    if len(fitting) > SHOWN:
        echo(MORE.fill(n=len(fitting) - SHOWN))
    echo(NEXT.fill(key=fitting[0].key))


def _list_all(metrics: Mapping[str, Metric], language: Language) -> None:

    group = ""
    for path, parameter in catalogue().items():
        above = path.rpartition(".")[0]
        if above != group:
            click.echo(f"{above}:")
            group = above
        click.echo(f"    {path.rpartition('.')[2]:<32}{parameter.label.in_language(language)}")
    click.echo(f"{MEASURES.in_language(language)}:")
    for key, metric in metrics.items():
        click.echo(f"    {key:<32}{metric.label.in_language(language)}")
