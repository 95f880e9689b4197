"""The names that charts and printed tables give to measures and to their parts: sides, stages, pools, quantiles."""

from typing import TYPE_CHECKING, Protocol

from sim.ground.text import Language, Text
from sim.model.metric import Metric
from sim.study.part_names import (
    COLON,
    COMMA,
    NAMED_PARTS,
    Features,
    catalogues,
    kind,
    names_by_key,
    part,
    part_names,
    pool,
    stages,
    step,
    step_and_whose,
    whose,
)
from sim.study.shown_names import names_in

if TYPE_CHECKING:
    from sim.study.study import Study

__all__ = [
    "COLON", "COMMA", "NAMED_PARTS", "Features", "base_of_all", "bases_differ", "catalogues", "confidence", "held", "kind",
    "measure", "names_by_key", "part", "pool", "source", "stages", "step", "step_and_whose", "whose", "with_source", "with_unit",
]  # fmt: skip

HELD = Text("{name}, against {base}", "{name}（與 {base} 比較）", "{name}（与 {base} 比较）")
ONE_BASE = Text("{name}", "基準「{name}」", "基准“{name}”")
OWN_BASE = Text("the scenario each is held against", "各自的對照情景", "各自的对照情景")


class HasMetrics(Protocol):
    """Whatever knows the declared measures: a study, a survey."""

    @property
    def metrics(self) -> dict[str, Metric]:
        """The declared measures by key."""

    @property
    def features(self) -> Features:
        """The features that declare them."""


def measure(study: HasMetrics, metric: str, part_key: str = "", language: Language = "en") -> str:
    """The label of a measure with its part behind it; it begins with a capital."""
    return part_names(study.features).measure(study.metrics[metric].label, part_key, language)


SOURCE = Text(
    "Source: simulated with the GBA flight clearance simulator {version}, seed {seed}, {n} replications; made of analogues, not "
    "of measured clearance times of drones: of {all} parameters {stated} are stated, {derived} derived, {recalled} recalled and "
    "{guess} guesses.",
    "資料來源：大灣區航班清關模擬器 {version} 模擬結果，隨機種子 {seed}，重複 {n} 次；以類比數據為依據，"
    "而非實測的無人機清關時間：{all} 個參數中，{stated} 個有載明出處，{derived} 個由出處推算，{recalled} 個憑一般認識，{guess} "
    "個為假設。",
    "资料来源：大湾区航班清关模拟器 {version} 模拟结果，随机种子 {seed}，重复 {n} 次；以类比数据为依据，"
    "而非实测的无人机清关时间：{all} 个参数中，{stated} 个有明确出处，{derived} 个由出处推算，{recalled} 个凭一般认识，{guess} "
    "个为假设。",
)


def source(study: "Study", language: Language = "en") -> str:
    """Where a chart's figures come from, and of what status are the parameters that they rest on."""
    from collections import Counter

    from sim.scenario.parameters import catalogue

    statuses = Counter(parameter.status.value for parameter in catalogue().values())
    manifest = study.manifest
    return SOURCE.in_language(language).format(
        version=manifest.version,
        seed=manifest.seed,
        n=manifest.replications,
        all=statuses.total(),
        **{status: statuses[status] for status in ("stated", "derived", "recalled", "guess")},
    )


def with_source(note: str, study: "Study", language: Language) -> str:
    """A chart's note with its source on a line of its own."""
    return f"{note}\n{source(study, language)}"


def bases_differ(study: "Study") -> bool:
    """Whether some scenario of the study is held against another than its baseline."""
    return any(base != study.baseline for base in study.against.values())


def held(study: "Study", name: str, language: Language = "en") -> str:
    """What a page calls a scenario; where bases differ, with the one it is held against behind it."""
    base, names = study.against.get(name), names_in(study, language)
    is_named = base is not None and bases_differ(study)
    return HELD.in_language(language).format(name=names[name], base=names[str(base)]) if is_named else names[name]


def base_of_all(study: "Study", language: Language = "en") -> str:
    """What the scenarios of a study are held against: its baseline, or in words that each has a base of its own."""
    one_base = ONE_BASE.in_language(language).format(name=names_in(study, language)[study.baseline])
    return OWN_BASE.in_language(language) if bases_differ(study) else one_base


def with_unit(label: str, unit: str, language: Language = "en") -> str:
    """A label with the unit of its numbers in brackets, unless there is none or the label begins or ends with it."""
    if not unit or label.startswith(unit) or label.endswith(unit):
        return label
    return f"{label} ({unit})" if language == "en" else f"{label}（{unit}）"


def confidence(study: "Study") -> str:
    """The confidence level of the study's intervals in per cent, as written in notes."""
    return f"{100 * study.confidence:g}"
