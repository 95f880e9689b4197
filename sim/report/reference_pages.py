"""The reference pages of parameters, stages and pools, made from their declarations in three languages."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from sim.ground.parameter import STATUS_LABELS
from sim.ground.text import Text
from sim.ground.units import UNIT_LABELS
from sim.model.feature import Feature
from sim.model.stage import ROLE_LABELS, STEP_LABELS
from sim.scenario.choices import choice_labels
from sim.scenario.parameters import Parameter
from sim.scenario.write import flow

PARAMETERS_HEAD = """# Parameters

Made from the declarations by `sim.report.reference_pages.parameters_page`; don't edit it by hand. `sim explain KEY` tells the
meaning, the bounds and the source of each, and `sim explain KEY --lang zh-Hant` (or `zh-Hans`) does so with names in Chinese.
Meanings and sources are declared in English alone; labels, statuses, units and choices are declared in three languages.
"""
STAGES_HEAD = """# Stages and pools

Made from the declarations by `sim.report.reference_pages.stages_page`; don't edit it by hand. A stage is a step of a flight; its
role says whose minutes it costs. A pool holds the servers that a stage may wait for.
"""
LANGUAGE_COLUMNS = ("English", "繁體中文", "简体中文")


def parameters_page(parameters: Iterable[Parameter]) -> str:
    """The page in Markdown: one table a group, then the names of statuses, units and choices."""
    tables = [
        f"## `{group}`\n\n{_table(('key', *LANGUAGE_COLUMNS, 'default', 'status'), map(_parameter, members))}"
        for group, members in groupby(parameters, lambda parameter: parameter.path.rpartition(".")[0])
    ]
    tables.append(_terms("Statuses", {status.value: text for status, text in STATUS_LABELS.items()}))
    tables += [_terms("Units", UNIT_LABELS), _terms("Choices", choice_labels())]
    return "\n".join([PARAMETERS_HEAD, *tables])


def stages_page(features: Iterable[Feature]) -> str:
    """The page in Markdown: stages and pools by feature, then the names of roles and steps."""
    tables = []
    for feature in features:
        rows = [(f"`{stage.key}`", *_names(stage.label), stage.step, stage.role) for stage in feature.stages]
        pools = [(f"`{pool.key}`", *_names(pool.label), "pool", "") for pool in feature.pools]
        if rows or pools:
            heading = " / ".join(_names(feature.label))
            tables.append(f"## {heading}\n\n{_table(('key', *LANGUAGE_COLUMNS, 'step', 'role'), [*rows, *pools])}")
    tables += [
        _terms(heading, {str(key): text for key, text in names.items()})
        for heading, names in (("Steps", STEP_LABELS), ("Roles", ROLE_LABELS))
    ]
    return "\n".join([STAGES_HEAD, *tables])


def _parameter(parameter: Parameter) -> Sequence[str]:
    default = f"`{flow(parameter.default)}`" if parameter.default != "" else ""
    return f"`{parameter.path.rpartition('.')[2]}`", *_names(parameter.label), default, parameter.status.value


def _terms(heading: str, names: Mapping[str, Text]) -> str:
    rows = [(f"`{key}`", *_names(text)) for key, text in names.items()]
    return f"## {heading}\n\n{_table(('key', *LANGUAGE_COLUMNS), rows)}"


def _names(text: Text) -> tuple[str, str, str]:
    return text.en, text.zh_hant, text.zh_hans


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"
    return head + "".join(f"| {' | '.join(row)} |\n" for row in rows)
