"""`sim schema`: the JSON Schema of scenario files, for completion in an editor."""

import json
from pathlib import Path

import click

from sim.cli.files import write_whole
from sim.cli.language import echo
from sim.ground.text import Text
from sim.scenario.json_schema import json_schema

WRITTEN = Text("{path}: written", "{path}：已寫入", "{path}：已写入")


@click.command()
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="The file to write  [default: print it]")
def schema(out: Path | None) -> None:
    """Print the JSON Schema of scenario files, or write it into a file."""

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        write_whole(out, text)
        echo(WRITTEN.fill(path=out))
