"""How much each assumption moves the answer, from the folder of an assumption study."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.assumptions import KIND, MOVES, STILL
from sim.analysis.design_run import DesignRun
from sim.archive import layout
from sim.charts.assumptions import answer_named
from sim.charts.quantity import scale_for
from sim.ground.arguments import A_TEXT
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Language, Text
from sim.metrics.measure_ref import read_measure
from sim.report.assumptions import finding, not_reached, read_ledger
from sim.study.manifest import AnalysisManifest, read_manifest

if TYPE_CHECKING:
    from sim.study.study import Study

_OF_SCENARIOS = Text("a study of scenarios", "情景研究", "情景研究")
_NO_STUDY = Text("this is no assumption study", "這不是假設分析", "这不是假设分析")
_A_FOLDER = Text("a folder that `sim assumptions` left", "sim assumptions 所留下的資料夾", "sim assumptions 所留下的文件夹")
_NO_MEASURE = Text("the name of a measure is missing", "缺少指標名稱", "缺少指标名称")
_OTHERS = Text(
    "the assumptions are those of scenarios, or of settings, that the study does not have",
    "這些假設屬於該研究所沒有的情景或設定",
    "这些假设属于该研究所没有的情景或设定",
)

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
        kind = Text.same(manifest.holds) if isinstance(manifest, AnalysisManifest) else _OF_SCENARIOS
        raise InputError(Problem(_NO_STUDY, file=str(folder), found=kind, allowed=_A_FOLDER))
    if not isinstance(manifest.asked.get("measure"), str):
        file = str(folder / layout.MANIFEST)
        raise InputError(Problem(_NO_MEASURE, file=file, path="asked.measure", allowed=A_TEXT))
    of_study = {scenario.hash for scenario in study.manifest.scenarios}
    strange = [scenario.name for scenario in manifest.scenarios if scenario.hash not in of_study]
    if strange:
        raise InputError(Problem(_OTHERS, file=str(folder), found=COMMA.join(strange), allowed=COMMA.join(study.names)))
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
