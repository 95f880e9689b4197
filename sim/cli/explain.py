"""`sim explain`: what a parameter or a measure means, and where its figure comes from."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sim.nouns.metric import Metric

WIDTH = 100


@click.command()
@click.argument("key", required=False)
def explain(key: str | None) -> None:
    """Explain a parameter or a measure; without KEY, list them all by group."""
    from sim.metrics import all_metrics
    from sim.policies import FEATURES

    metrics = {metric.key: metric for metric in all_metrics(FEATURES)}
    if key is None:
        _list_all(metrics)
        return
    from sim.scenario.explain import explain as explained

    rows = explained(key, metrics)
    rows += tuple(_choices(rows[0][1]))
    width = max(len(name) for name, _ in rows) + 2
    for name, text in rows:
        click.echo(click.wrap_text(text, WIDTH, f"{name:<{width}}", " " * width))


def _choices(path: str) -> Iterator[tuple[str, str]]:
    """The keys of a catalogue, for the parameters that take them."""
    if path == "policy.corridor.routes":
        from sim.world.routes import route_catalogue

        yield "known", ", ".join(route_catalogue())
    if path == "world.demand.aircraft":
        from sim.world.aircraft import aircraft_catalogue

        yield "known", ", ".join(aircraft_catalogue())


def _list_all(metrics: "Mapping[str, Metric]") -> None:
    from sim.scenario.parameters import catalogue

    group = ""
    for path, parameter in catalogue().items():
        above = path.rpartition(".")[0]
        if above != group:
            click.echo(f"{above}:")
            group = above
        click.echo(f"    {path.rpartition('.')[2]:<32}{parameter.label.en}")
    click.echo("measures:")
    for key, metric in metrics.items():
        click.echo(f"    {key:<32}{metric.label}")
