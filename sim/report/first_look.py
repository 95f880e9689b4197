"""What small analyses say of a finding, in a sentence each: in how many worlds it holds, and which assumptions move it."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis import robust
from sim.charts import labels
from sim.ground.text import Language, Text
from sim.metrics.measure_ref import MeasureRef
from sim.report.assumptions import clearly_moving, read_ledger
from sim.scenario.parameters import catalogue
from sim.study.shown_names import quoted_names

if TYPE_CHECKING:
    from sim.analysis.design_run import DesignRun

IN_WORLDS = Text(
    "Tried in {all} other plausible worlds, {runs} runs each ({label}): {b} is clearly better than {a} in {win}, clearly worse "
    "in {loss}, as good in {tie}; in {open} of them so few runs cannot tell.",
    "在其他 {all} 個合理情境試算，每個 {runs} 次（{label}）：{b}較{a}明顯較佳者 {win} 個，明顯較差者 {loss} 個，相若者 {tie} 個；"
    "其餘 {open} 個因次數少而未能判定。",
    "在其他 {all} 个合理情境试算，每个 {runs} 次（{label}）：{b}比{a}明显较优者 {win} 个，明显较差者 {loss} 个，相近者 {tie} 个；"
    "其余 {open} 个因次数少而未能判定。",
)
MOVING = Text(
    "Of {tried} assumptions tried one at a time, {runs} runs each ({label}, {b} against {a}), {clear} clearly move the answer, "
    "most of all: {names}.",
    "逐一試算 {tried} 項假設，每項 {runs} 次（{label}，{b}與{a}比較）：{clear} 項明顯影響結果，影響最大的是{names}。",
    "逐一试算 {tried} 项假设，每项 {runs} 次（{label}，{b}与{a}比较）：{clear} 项明显影响结果，影响最大的是{names}。",
)
NONE_MOVES = Text(
    "Of {tried} assumptions tried one at a time, {runs} runs each ({label}, {b} against {a}), none clearly moves the answer.",
    "逐一試算 {tried} 項假設，每項 {runs} 次（{label}，{b}與{a}比較）：沒有一項明顯影響結果。",
    "逐一试算 {tried} 项假设，每项 {runs} 次（{label}，{b}与{a}比较）：没有一项明显影响结果。",
)
ALL_GUESSES = Text(
    " All of these {clear} are guesses: measure them first.",
    "這 {clear} 項均屬估計，應先行實測。",
    "这 {clear} 项均属估计，应先行实测。",
)
SOME_GUESSES = Text(
    " {guesses} of these are guesses: measure them first.",
    "當中 {guesses} 項屬估計，應先行實測。",
    "其中 {guesses} 项属估计，应先行实测。",
)
BETWEEN = Text("; ", "、", "、")
MOST_NAMED = 3


def _pair(run: "DesignRun", language: Language) -> dict[str, str]:
    names = quoted_names(run, language)
    return dict(zip(("a", "b"), (names[scenario.name] for scenario in run.manifest.scenarios[:2]), strict=True))


def _of_measure(run: "DesignRun", language: Language) -> dict[str, object]:
    ref = MeasureRef.parse(str(run.manifest.asked["measure"]))
    label = labels.measure(run, ref.metric, ref.part, language)
    label = label[:1].lower() + label[1:] if language == "en" else label
    return {"label": label, "runs": run.manifest.replications, **_pair(run, language)}


def robust_sentence(run: "DesignRun", language: Language) -> str:
    """In how many of the worlds tried the second policy is better, worse, as good, or nothing can be told."""
    verdicts = pd.read_csv(run.files / robust.LISTING, keep_default_na=False)["verdict"].value_counts()
    counts = {name: int(verdicts.get(name, 0)) for name in robust.VERDICTS}
    n, win, loss, tie = sum(counts.values()), counts[robust.WIN], counts[robust.LOSS], counts[robust.TIE]
    numbers = {"all": n, "win": win, "loss": loss, "tie": tie, "open": n - win - loss - tie}
    return IN_WORLDS.in_language(language).format(**numbers, **_of_measure(run, language))


def assumptions_sentence(run: "DesignRun", language: Language) -> str:
    """How many of the assumptions tried move the answer, the first of them by name, and how many are guesses."""
    ledger = read_ledger(run.files)
    tried = ledger[ledger["moves_any"] != ""]
    clear = clearly_moving(tried).sort_values("rank")
    parts = {"tried": len(tried), "clear": len(clear), **_of_measure(run, language)}
    if clear.empty:
        return NONE_MOVES.in_language(language).format(**parts)
    first = [catalogue()[str(path)].full_label.in_language(language) for path in clear["path"].head(MOST_NAMED)]
    names = BETWEEN.in_language(language).join(first)
    guesses = int(np.count_nonzero(clear["status"] == "guess"))
    ending = ALL_GUESSES if guesses == len(clear) else SOME_GUESSES if guesses else None
    sentence = MOVING.in_language(language).format(names=names, **parts)
    return sentence + (ending.in_language(language).format(clear=len(clear), guesses=guesses) if ending else "")
