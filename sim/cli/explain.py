"""`sim explain`: what a parameter or a measure means, and where its figure comes from."""

from collections.abc import Iterator, Mapping

import click
from rich.cells import cell_len

from sim.cli.language import language_of_command
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import measures
from sim.model.metric import Metric
from sim.scenario.explain import ROW_LABELS
from sim.scenario.explain import explain as explained
from sim.scenario.parameters import catalogue
from sim.world.aircraft import aircraft_catalogue
from sim.world.routes import route_catalogue

WIDTH = 100
MEASURES = Text("measures", "指標", "指标")


@click.command()
@click.argument("key", required=False)
def explain(key: str | None) -> None:
    """Explain a parameter or a measure.

    Without KEY, all are listed by group. Names, labels and units are in three languages; meanings, definitions and sources are in
    English.
    """

    metrics, lang = measures(), language_of_command()
    if key is None:
        _list_all(metrics, lang)
        return

    rows = explained(key, metrics, lang)
    rows += tuple((ROW_LABELS["known"].in_language(lang), keys) for keys in _choices(rows[0][1]))
    width = max(cell_len(name) for name, _ in rows) + 2
    for name, text in rows:
        click.echo(click.wrap_text(text, WIDTH, name + " " * (width - cell_len(name)), " " * width))


def _choices(path: str) -> Iterator[str]:
    """The keys of a catalogue, for the parameters that take them."""
    if path == "policy.corridor.routes":
        yield ", ".join(route_catalogue())
    if path == "world.demand.aircraft":
        yield ", ".join(aircraft_catalogue())


def _list_all(metrics: "Mapping[str, Metric]", language: Language) -> None:

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
