"""The names of the parts of measures: sides, stages, pools, quantiles."""

from collections.abc import Mapping
from functools import cache

from sim.ground.text import Language, Text
from sim.metrics.accounts import ACCOUNT_LABELS
from sim.metrics.breakdown import split_part
from sim.metrics.limits import NOT_LIMITS, limit_labels
from sim.metrics.waterfall import KIND_LABELS
from sim.model.disruption import DISRUPTION_LABELS
from sim.model.feature import Feature
from sim.model.flights import PRIORITY_LABELS
from sim.model.outcome import CONSIGNMENT_OUTCOME_LABELS, OUTCOME_LABELS
from sim.model.stage import ROLE_LABELS, STEP_LABELS, Stage
from sim.policies import FEATURES
from sim.study.trs import TERMS

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
def stages(features: Features = FEATURES) -> dict[str, Stage]:
    """Every stage that these features may use, by key."""
    return {stage.key: stage for feature in features for stage in feature.stages}


def step(key: str, language: Language = "en") -> str:
    """The name of a step of the time release table."""
    return name_in({str(k): text for k, text in STEP_LABELS.items()}, key, language)


def whose(key: str, language: Language = "en") -> str:
    """The name of a role, a side, or whoever else minutes are booked to."""
    return name_in({**{str(k): text for k, text in ROLE_LABELS.items()}, **ACCOUNT_LABELS}, key, language)


def step_and_whose(key: str, account: str, language: Language = "en") -> str:
    """The name of a row: a step, and whose it is."""
    return f"{step(key, language)}{COMMA.in_language(language)}{whose(account, language)}"


def kind(key: str, language: Language = "en") -> str:
    """The name of a kind of minutes: waiting, service, waiting by schedule."""
    return name_in(KIND_LABELS, key, language)


class PartNames:
    """The names of the parts of the measures that some features declare."""

    def __init__(self, features: Features) -> None:
        self._names = names_by_key(catalogues(features))
        self._pool_kinds = {kind.key: kind.label for feature in features for kind in feature.pools}

    def part(self, key: str, language: Language) -> str:
        """The name of a part of a measure, such as "documents/hong_kong/wait": its fields in order."""
        return COMMA.in_language(language).join(self._field(field, language) for field in split_part(key))

    def pool(self, key: str, language: Language) -> str:
        """The name of a pool: its kind, and the site, side or corridor it stands at."""
        pool_kind, *places = key.split(".")
        names = [name_in(self._pool_kinds, pool_kind, language), *(self._field(place, language) for place in places)]
        return COMMA.in_language(language).join(names)

    def measure(self, label: Text, key: str, language: Language) -> str:
        """The label of a measure with the name of its part behind it; it begins with a capital."""
        words, name = label.in_language(language), self.part(key, language)
        return (words[:1].upper() + words[1:]) + (f"{COLON.in_language(language)}{name}" if name else "")

    def _field(self, key: str, language: Language) -> str:
        """The name of one field of a part, or of one word of a pool's key."""
        pool_kind, dot, _ = key.partition(".")
        if dot and pool_kind in self._pool_kinds:
            return self.pool(key, language)
        if key.startswith("from_"):
            return FROM.in_language(language).format(place=self._field(key.removeprefix("from_"), language))
        return name_in(self._names, key, language)


@cache
def part_names(features: Features) -> PartNames:
    """The names of the parts, by these features; whoever asks for many of them keeps the object, since features hash slowly."""
    return PartNames(features)


def pool(key: str, language: Language = "en", features: Features = FEATURES) -> str:
    """The name of a pool of these features: its kind, and the site, side or corridor it stands at."""
    return part_names(features).pool(key, language)


def part(key: str, language: Language = "en", features: Features = FEATURES) -> str:
    """The name of a part of a measure of these features, such as "documents/hong_kong/wait": its fields in order."""
    return part_names(features).part(key, language)


def name_in(names: Mapping[str, Text], key: str, language: Language) -> str:
    return names[key].in_language(language) if key in names else key.replace("_", " ")
