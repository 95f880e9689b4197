"""How much each assumption moves the answer, from the folder of an assumption study."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.assumptions import KIND, MOVES, STILL
from sim.analysis.design_run import DesignRun
from sim.archive import layout
from sim.charts.assumptions import answer_named
from sim.charts.quantity import scale_for
from sim.ground.errors import InputError, Problem
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import read_measure
from sim.report.assumptions import finding, not_reached, read_ledger
from sim.study.manifest import AnalysisManifest, read_manifest

if TYPE_CHECKING:
    from sim.study.study import Study

WHAT_EFFECTS_ARE = Text(
    "How much each moves the answer ({answer}): the largest difference when it alone is moved over its plausible range, with its "
    "interval. {finding}.",
    "對答案（{answer}）的影響：該參數單獨在其合理範圍內移動時的最大差異，並附區間。{finding}。",
    "对答案（{answer}）的影响：该参数单独在其合理范围内移动时的最大差异，并附区间。{finding}。",
)
NONE = Text("none seen", "未見影響", "未见影响")
UNKNOWN = Text("can't be said", "無從說明", "无从说明")


def assumption_study(folder: Path, study: "Study") -> DesignRun:
    """The assumption study in a folder. Raises InputError for a folder of another kind, or with other scenarios than `study`."""
    manifest = read_manifest(folder)
    if not isinstance(manifest, AnalysisManifest) or manifest.holds != KIND:
        kind = manifest.holds if isinstance(manifest, AnalysisManifest) else "a study of scenarios"
        message = "this is no assumption study"
        raise InputError(Problem(message, file=str(folder), found=kind, allowed="a folder that `sim assumptions` left"))
    if not isinstance(manifest.asked.get("measure"), str):
        file = str(folder / layout.MANIFEST)
        raise InputError(Problem("the name of a measure is missing", file=file, path="asked.measure", allowed="a text"))
    of_study = {scenario.hash for scenario in study.manifest.scenarios}
    strange = [scenario.name for scenario in manifest.scenarios if scenario.hash not in of_study]
    if strange:
        message = "the assumptions are those of scenarios, or of settings, that the study does not have"
        raise InputError(Problem(message, file=str(folder), found=", ".join(strange), allowed=", ".join(study.names)))
    return DesignRun(folder, manifest, True, folder)


def assumption_effects(folder: Path, study: "Study", language: Language) -> tuple[dict[str, str], str]:
    """The effect on the answer by path of each parameter that was tried, in words; and a sentence that defines it."""
    run = assumption_study(folder, study)
    measured = read_measure(run.manifest.asked["measure"], known=run.metrics)
    ledger = read_ledger(folder)
    tried = ledger[(ledger["moves_any"] == MOVES) & np.isfinite(ledger["moves"])]
    scale = scale_for(measured.unit, *tried["moves"])
    effects = {path: NONE.in_language(language) for path in ledger.loc[ledger["moves_any"] == STILL, "path"]}
    for row in ledger[(ledger["moves_any"] == MOVES) & ledger["moves"].isna()].to_dict("records"):
        effects[str(row["path"])] = not_reached(row["not_reached"], language) or UNKNOWN.in_language(language)
    for row in tried.to_dict("records"):
        moves, low, high = scale.changes(row["moves"], row["ci_low"], row["ci_high"])
        effects[str(row["path"])] = f"{moves} {scale.difference_unit.in_language(language)} [{low}, {high}]".replace("  ", " ")
    sentence = WHAT_EFFECTS_ARE.in_language(language).format(
        answer=answer_named(run, measured, language), finding=finding(run, measured, ledger, language)
    )
    return effects, sentence
