"""The index of scenarios, made from the scenario files themselves."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from sim.scenario.differences import differences, in_words
from sim.scenario.load import load_scenario
from sim.scenario.reader import read_file
from sim.scenario.scenario import Scenario
from sim.study.questions import QUESTIONS, question_of

HEAD = """\
# Scenarios

Made from the files in `scenarios/`; don't edit it by hand. Each file has its differences only; what it
does not name stands in the file it extends. Under each question stands the command that answers it: the first file is
the baseline of the comparison, and the answer is the first table printed.
"""
OWN = "Questions of their own"
CALIBRATION = "calibration-"
CALIBRATING = """\
## Predicted beside published

```sh
sim calibrate scenarios/calibration-*.yaml
```

All figures, also those that other scenarios predict, stand in [Face validity](../explanation/face-validity.md).
"""


def page(folder: Path) -> str:
    """The text of the index of the scenario files in a folder."""
    files = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    scenarios = {name: load_scenario(path) for name, path in files.items()}
    bases = {name: _base(path) for name, path in files.items()}
    parts = [HEAD]
    for question in QUESTIONS:
        asking = [name for name, scenario in scenarios.items() if str(scenario.question).strip() == question.key]
        if asking:
            parts += [f"## {question.key}. {question.text.en}\n", f"{question.text.zh_hant} / {question.text.zh_hans}\n"]
            parts += _studies(asking, scenarios, bases)
    others = [name for name in scenarios if question_of(scenarios[name].question) is None and not name.startswith(CALIBRATION)]
    parts += [f"## {OWN}\n", *_studies(others, scenarios, bases)]
    parts += [CALIBRATING, *_entries([name for name in scenarios if name.startswith(CALIBRATION)], scenarios, bases)]
    return "\n".join(parts).rstrip() + "\n"


def _base(path: Path) -> str:
    """The name of the scenario that a file extends; empty for none."""
    root = read_file(path).root
    extends = root.value.get("extends") if root is not None else None
    return Path(str(extends.node.value)).stem if extends is not None else ""


def _studies(asking: list[str], scenarios: Mapping[str, Scenario], bases: Mapping[str, str]) -> Iterator[str]:
    """For each baseline of the question a command and what its scenarios are.

    A scenario that others of the question are compared with is their baseline, and compared with no other itself,
    unless its file says with which.
    """
    against = {name: scenarios[name].compare_with or bases[name] for name in asking}
    baselines = dict.fromkeys(against.values())
    for baseline in baselines:
        family = [name for name in asking if against[name] == baseline]
        compared = [name for name in family if name not in baselines or scenarios[name].compare_with]
        if not compared:
            continue
        members = [baseline, *compared] if baseline else compared
        yield "```sh\nsim run " + " ".join(f"scenarios/{name}.yaml" for name in members) + "\n```\n"
        yield from _entries([name for name in members if name in asking], scenarios, bases)
        yield ""


def _entries(names: list[str], scenarios: Mapping[str, Scenario], bases: Mapping[str, str]) -> Iterator[str]:
    for name in names:
        scenario = scenarios[name]
        title = scenario.title
        in_chinese = "" if title.is_same else f" ({title.zh_hant} / {title.zh_hans})"
        yield f"- **[{name}](../../scenarios/{name}.yaml)**: {title}{in_chinese}."
        if bases[name]:
            sentences = [in_words(difference) for difference in differences(scenarios[bases[name]], scenario)]
            yield f"  Against {bases[name]}: {'; '.join(sentences) or 'no difference'}."
        if scenario.notes:
            yield f"  {' '.join(str(scenario.notes).split())}"
