"""The names that charts and printed tables give to measures and to their parts: sides, stages, pools, quantiles."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Protocol

from sim.ground.text import Language, Text
from sim.metrics.accounts import ACCOUNT_LABELS
from sim.metrics.breakdown import split_part
from sim.metrics.limits import NOT_LIMITS, limit_labels
from sim.metrics.waterfall import KIND_LABELS
from sim.model.disruption import DISRUPTION_LABELS
from sim.model.feature import Feature
from sim.model.flights import PRIORITY_LABELS
from sim.model.metric import Metric
from sim.model.outcome import CONSIGNMENT_OUTCOME_LABELS, OUTCOME_LABELS
from sim.model.stage import ROLE_LABELS, STEP_LABELS, Stage
from sim.policies import FEATURES
from sim.study.shown_names import names_in
from sim.study.trs import TERMS

if TYPE_CHECKING:
    from sim.study.study import Study

NAMED_PARTS: dict[str, Text] = {
    "mean": Text("mean", "平均", "平均"),
    "p50": Text("median", "中位數", "中位数"),
    "p90": Text("90th percentile", "第90百分位", "第90百分位"),
    "p95": Text("95th percentile", "第95百分位", "第95百分位"),
    "green": Text("green channel", "直接放行", "直接放行"),
    "amber": Text("amber channel", "審單", "审单"),
    "red": Text("red channel", "查驗", "布控查验"),
    "aeo": Text("authorised economic operators", "認可經濟營運商", "经认证的经营者"),
    "other": Text("other operators", "其他營運商", "其他运营人"),
    "all": Text("all flights", "全部航班", "全部航班"),
    "export": Text("export", "出口", "出口"),
    "import": Text("import", "進口", "进口"),
    "slots": Text("no slots in the corridor", "低空通道不發放時段", "低空通道不发放时隙"),
}
Features = tuple[Feature, ...]
STEPS_NOT_TERMS = ("release",)
"""Keys that are both a step of a flight and a line of a time release study; in parts of measures they are the step."""
HELD = Text("{name}, against {base}", "{name}（與 {base} 比較）", "{name}（与 {base} 比较）")
ONE_BASE = Text("{name}", "基準「{name}」", "基准“{name}”")
OWN_BASE = Text("the scenario each is held against", "各自的對照情景", "各自的对照情景")
COMMA, COLON = Text(", ", "，", "，"), Text(": ", "：", "：")
FROM = Text("from {place}", "由{place}", "由{place}")


@cache
def catalogues(features: Features) -> Mapping[str, Mapping[str, Text]]:
    """The names that a field of a part may have: by kind of thing, then by its key, as declared."""
    from sim.world.aircraft import aircraft_catalogue
    from sim.world.geography import features as geo_features
    from sim.world.sites import sites

    # Routes by the names in the data file: the catalogue of routes would compute the geometry of each.
    return {
        "site": {key: site.name for key, site in sites().items()},
        "route": {candidate.key: candidate.name for candidate in geo_features("corridor_candidate")},
        "aircraft": {key: aircraft.name for key, aircraft in aircraft_catalogue().items()},
        "stage": {stage.key: stage.label for stage in stages(features).values()},
        "step": {str(key): text for key, text in STEP_LABELS.items()},
        "time release term": {key: term.text for key, term in TERMS.items() if key not in STEPS_NOT_TERMS},
        "role": {str(key): text for key, text in ROLE_LABELS.items()},
        "account": ACCOUNT_LABELS,
        "minutes": KIND_LABELS,
        "limit": {**NOT_LIMITS, **limit_labels(features)},
        "outcome": {outcome.name.lower(): text for outcome, text in OUTCOME_LABELS.items()},
        "consignment outcome": {outcome.name.lower(): text for outcome, text in CONSIGNMENT_OUTCOME_LABELS.items()},
        "priority": {priority.name.lower(): text for priority, text in PRIORITY_LABELS.items()},
        "disruption": DISRUPTION_LABELS,
        "means of examination": {feature.means: feature.label for feature in features if feature.means},
        "group or statistic": NAMED_PARTS,
    }


def names_by_key(by_kind: Mapping[str, Mapping[str, Text]]) -> Mapping[str, Text]:
    """The names of all kinds by key. Raises ValueError where two kinds give one key different names.

    The fields of a part don't say of which kind they are, so a key must mean one thing, or at least read alike.
    """
    names: dict[str, Text] = {}
    kinds: dict[str, str] = {}
    for kind_of_thing, catalogue in by_kind.items():
        for key, text in catalogue.items():
            if names.setdefault(key, text) != text:
                raise ValueError(f"the key '{key}' has two names: {names[key]} ({kinds[key]}) and {text} ({kind_of_thing})")
            kinds.setdefault(key, kind_of_thing)
    return names


@cache
def _names(features: Features) -> Mapping[str, Text]:
    return names_by_key(catalogues(features))


@cache
def stages(features: Features = FEATURES) -> dict[str, Stage]:
    """Every stage that these features may use, by key."""
    return {stage.key: stage for feature in features for stage in feature.stages}


def step(key: str, language: Language = "en") -> str:
    """The name of a step of the time release table."""
    return _named({str(k): text for k, text in STEP_LABELS.items()}, key, language)


def whose(key: str, language: Language = "en") -> str:
    """The name of a role, a side, or whoever else minutes are booked to."""
    return _named({**{str(k): text for k, text in ROLE_LABELS.items()}, **ACCOUNT_LABELS}, key, language)


def step_and_whose(key: str, account: str, language: Language = "en") -> str:
    """The name of a row: a step, and whose it is."""
    return f"{step(key, language)}{COMMA.in_language(language)}{whose(account, language)}"


def kind(key: str, language: Language = "en") -> str:
    """The name of a kind of minutes: waiting, service, waiting by schedule."""
    return _named(KIND_LABELS, key, language)


def pool(key: str, language: Language = "en", features: Features = FEATURES) -> str:
    """The name of a pool of these features: its kind, and the site, side or corridor it stands at."""
    pool_kind, *places = key.split(".")
    names = [_named(_pool_kinds(features), pool_kind, language), *(_field(place, language, features) for place in places)]
    return COMMA.in_language(language).join(names)


@cache
def _pool_kinds(features: Features) -> dict[str, Text]:
    return {kind.key: kind.label for feature in features for kind in feature.pools}


def _is_pool(field: str, features: Features) -> bool:
    """Whether a field is the key of a pool: the key of its kind, a dot, and where it stands."""
    pool_kind, dot, _ = field.partition(".")
    return bool(dot) and pool_kind in _pool_kinds(features)


def _field(key: str, language: Language, features: Features) -> str:
    """The name of one field of a part, or of one word of a pool's key."""
    if _is_pool(key, features):
        return pool(key, language, features)
    if key.startswith("from_"):
        return FROM.in_language(language).format(place=_field(key.removeprefix("from_"), language, features))
    return _named(_names(features), key, language)


def part(key: str, language: Language = "en", features: Features = FEATURES) -> str:
    """The name of a part of a measure of these features, such as "documents/hong_kong/wait": its fields in order."""
    return COMMA.in_language(language).join(_field(field, language, features) for field in split_part(key))


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
    label = study.metrics[metric].label.in_language(language)
    named = part(part_key, language, study.features)
    return (label[:1].upper() + label[1:]) + (f"{COLON.in_language(language)}{named}" if named else "")


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


def _named(names: Mapping[str, Text], key: str, language: Language) -> str:
    return names[key].in_language(language) if key in names else key.replace("_", " ")
