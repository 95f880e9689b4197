"""Caveats of a study for its reader: sentences in three languages."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.execution.replicate import ReplicationResult
from sim.ground.text import Text
from sim.ground.time_units import DAY_S
from sim.metrics.measure_ref import MeasureRef
from sim.model.metric import Metric
from sim.replication.flights import BEYOND_HORIZON_S, aeo_operators
from sim.scenario.scenario import Scenario
from sim.statistics.intervals import METHOD, estimate_mean, present
from sim.statistics.rare_events import few_events, upper_bound_of_count
from sim.study.design import Design, study_settings
from sim.study.drift import cautions_of_drift
from sim.study.held_against import against_first
from sim.study.outside_window import cautions_of_calendar, cautions_of_window
from sim.study.replication_values import Values
from sim.study.shown_names import BETWEEN_NAMES, name_as_text, names_as_texts
from sim.study.traps import cautions_of_plan

FEW_REPLICATIONS = 10
NAMED_MEMBERS = 8
FAR_AHEAD = 0.999  # the quantile of notice up to which demand after the horizon must reach
TELLING_SHARE = 0.01  # a share that is reached nearer than that is not worth a sentence

_FEW = Text(
    "{n} replications are few: the intervals are wide and lean on {assumption}.",
    "僅 {n} 次重複，次數偏少：區間較闊，且依賴{assumption}。",
    "仅 {n} 次重复，次数偏少：区间较宽，且依赖{assumption}。",
)
_ONE = Text(
    "One replication gives no confidence interval and no verdict.",
    "只有一次重複，無法得出置信區間及結論。",
    "只有一次重复，无法得出置信区间及结论。",
)
_OTHER_FLIGHTS = Text(
    "Scenario {name} has other flights than {base}: the two are paired by replication, not flight by flight.",
    "情景{name}的航班與{base}不同：兩者按重複次序配對，而非逐班配對。",
    "情景{name}的航班与{base}不同：两者按重复次序配对，而非逐班配对。",
)
_OTHER_WORLD = Text(
    "Scenario {name} stands in another world than {base}, so that its numbers are no effect of policy alone: it gets no "
    "verdicts. To compare the policies, run all in one world: add --same-world {key}, or --same-world {base_key}, to "
    "the command.",
    "情景{name}的外在條件與{base}不同，其數字並非純粹由政策造成：不作結論。如要比較政策本身，請讓各情景處於同一"
    "外在條件：在指令後加上 --same-world {key} 或 --same-world {base_key}。",
    "情景{name}的外部条件与{base}不同，其数字并非纯粹由政策造成：不作结论。如要比较政策本身，请让各情景处于同一"
    "外部条件：在命令后加上 --same-world {key} 或 --same-world {base_key}。",
)
_NOT_RANKED = Text(
    "Only scenarios in the world of {baseline} have a place among the best, and on the frontier; not {name}.",
    "只有外在條件與 {baseline} 相同的情景才列入最佳之列及前沿；{name} 不在其內。",
    "只有外部条件与 {baseline} 相同的情景才列入最佳之列及前沿；{name} 不在其内。",
)
_GRIDLOCK = Text(
    "Gridlock in scenario {name}, replication {replication}: flights {members} hold what the others of them wait for.",
    "情景{name}第 {replication} 次重複出現互鎖：航班 {members} 各自佔用對方所等候的資源。",
    "情景{name}第 {replication} 次重复出现死锁：航班 {members} 各自占用对方所等待的资源。",
)
_ROUNDED = Text(
    "Scenario {name}: {share} of {operators} operators is no whole number; {members} are in the AEO programme, {reached}.",
    "情景{name}：{operators} 家營運商的 {share} 並非整數；認可經濟營運商計劃內為 {members} 家，即 {reached}。",
    "情景{name}：{operators} 家运营人的 {share} 并非整数；经认证的经营者计划内为 {members} 家，即 {reached}。",
)
_FAR_AHEAD = Text(
    "Scenario {name}: one order in a thousand comes {notice} d or more before its flight; flights planned later than {reach} d "
    "after the horizon are not simulated, so the last measured days may be a little too quiet.",
    "情景{name}：每千張訂單有一張提前 {notice} 日或以上；"
    "計劃在觀察期末 {reach} 日之後的航班不作模擬，故最後的統計日或會略為清閒。",
    "情景{name}：每千张订单有一张提前 {notice} 日或以上；"
    "计划在观察期末 {reach} 日之后的航班不作仿真，故最后的统计日可能略偏清闲。",
)
_IN_SYSTEM = Text(
    "Scenario {name}: {count} of {measured} measured flights had not ended by the horizon; a longer cool-down would tell how.",
    "情景{name}：{measured} 班計量航班中有 {count} 班在觀察期末仍未結束；延長冷卻期可得知其結果。",
    "情景{name}：{measured} 班计量航班中有 {count} 班在观察期末仍未结束；延长冷却期可得知其结果。",
)
_RARE = Text(
    "{label}{of} in scenario {name}: {count} in {n} replications are too few to compare; "
    "with {confidence} confidence at most {bound} a replication are expected.",
    "情景{name}的「{label}{of}」：{n} 次重複共 {count} 宗，數目過少，不宜比較；"
    "在 {confidence} 的置信水平下，每次重複的期望值不超過 {bound}。",
    "情景{name}的“{label}{of}”：{n} 次重复共 {count} 宗，数目过少，不宜比较；"
    "在 {confidence} 的置信水平下，每次重复的期望值不超过 {bound}。",
)
_EXPECTED = Text(
    "{label} by the screening algebra, a replication: {told}. This is the mean of the same count with far less noise.",
    "按篩查算式，每次重複的{label}：{told}。此值與上述件數的均值相同，但波動小得多。",
    "按筛查算式，每次重复的{label}：{told}。该值与上述件数的均值相同，但波动小得多。",
)
_BOOSTED = Text(
    "A boosted study: contraband is drawn {boost} times as often as the scenarios say, and every consignment is weighted back. "
    "Finds, misses and examinations are estimates for the scenarios' own prevalence. Delays, queues, workload and outcomes of "
    "flights would be those of another world and are not shown.",
    "加強抽樣研究：違禁品按情景所定比率的 {boost} 倍抽取，再以權重還原。檢獲、漏檢及查驗數字是情景原定比率下的估計；"
    "延誤、輪候、工作量及航班結果並非原定情景所有，故不顯示。",
    "加强抽样研究：违禁品按情景所定比率的 {boost} 倍抽取，再用权重还原。查获、漏检和查验数字是情景原定比率下的估计；"
    "延误、排队、工作量和航班结果不属于原定情景，故不显示。",
)
_OF_SCENARIOS = Text("Scenario {name}: {caution}", "情景{name}：{caution}", "情景{name}：{caution}")
_OTHER_SETTING = Text(
    "Scenario {name} asks for {setting} {asked}; {used}, that of the study, holds for all.",
    "情景{name}要求 {setting} 為 {asked}；研究一律採用 {used}。",
    "情景{name}要求 {setting} 为 {asked}；研究一律采用 {used}。",
)

_SEMICOLON = Text("; ", "；", "；")


def caveats(design: Design, results: Sequence[ReplicationResult], values: Values, metrics: Mapping[str, Metric]) -> list[Text]:
    """All caveats of a study, in a fixed order."""
    names = names_as_texts(design.scenarios)
    return [
        *_of_boost(design),
        *_of_size(design),
        *_of_settings(design, names),
        *cautions_beforehand(design.scenarios, design.seed),
        *(caution for scenario in design.scenarios for caution in caveats_of_scenario(scenario)),
        *_of_worlds(design, names),
        *_of_pairing(design, results, names),
        *_of_gridlock(results, names),
        *_of_flights_in_system(design, results, names),
        *cautions_of_drift(design, results),
        *_of_rare_events(design, values, metrics, names),
    ]


def cautions_beforehand(scenarios: Sequence[Scenario], seed: int | None = None) -> Iterator[Text]:
    """What can be told of scenarios before they run, each sentence once, with the scenarios that it is about.

    What their features say of their own parameters, and what the first replication's plan gives away (`sim.study.traps`).
    """
    shown_as = names_as_texts(scenarios)
    concerned: dict[Text, list[Text]] = {}
    for scenario in scenarios:
        for caution in (*_of_features(scenario), *cautions_of_plan(scenario, seed)):
            concerned.setdefault(caution, []).append(shown_as[scenario.name])
    for caution, names in concerned.items():
        yield _filled(_OF_SCENARIOS, name=_listed(names), caution=caution)


def _of_features(scenario: Scenario) -> Iterator[Text]:
    for feature in scenario.assembly.features:
        groups = getattr(scenario.policy, feature.key, None), getattr(scenario.world, feature.key, None)
        yield from feature.cautions(*groups, scenario)


def caveats_of_scenario(scenario: Scenario) -> Iterator[Text]:
    """What a scenario states and does not get.

    Rows and spells outside the measured days, holidays that are not known, orders too far ahead, a share that no number has.
    """
    yield from cautions_of_window(scenario)
    yield from cautions_of_calendar(scenario)
    name = name_as_text(scenario)
    demand = scenario.world.demand
    notice_s = float(demand.notice.quantile(np.array([FAR_AHEAD]))[0])
    if demand.schedule is None and notice_s > BEYOND_HORIZON_S:
        yield _filled(_FAR_AHEAD, name=name, notice=f"{notice_s / DAY_S:.3g}", reach=f"{BEYOND_HORIZON_S / DAY_S:g}")
    operators = demand.operators
    share, members = aeo_operators(scenario)
    if abs(members / operators - share) >= TELLING_SHARE:
        shares = {"share": f"{100 * share:g}%", "reached": f"{100 * members / operators:.3g}%"}
        yield _filled(_ROUNDED, name=name, members=members, operators=operators, **shares)


def paired_by_flight(design: Design, results: Sequence[ReplicationResult]) -> dict[str, bool]:
    """Whether each scenario has the flights of the one it is held against, in every replication."""
    tables: dict[str, list[str]] = {name: [] for name in design.names}
    for result in results:
        tables[result.scenario].append(result.flight_table_key)
    against = design.against
    return {name: keys == tables[against.get(name, name)] for name, keys in tables.items()}


def _of_worlds(design: Design, names: Mapping[str, Text]) -> Iterator[Text]:
    against = design.against
    for name in design.other_world(against):
        base = against[name]
        yield _filled(_OTHER_WORLD, name=names[name], base=names[base], key=name, base_key=base)
    strangers = [names[name] for name in design.other_world(against_first(design.names))]
    if strangers:
        yield _filled(_NOT_RANKED, name=_listed(strangers), baseline=names[design.baseline])


def _of_size(design: Design) -> Iterator[Text]:
    if design.replications == 1:
        yield _ONE
    elif design.replications < FEW_REPLICATIONS:
        yield _filled(_FEW, n=design.replications, assumption=METHOD.assumption)


def _of_boost(design: Design) -> Iterator[Text]:
    boost = design.scenarios[0].study.boost
    if boost > 1:
        yield _filled(_BOOSTED, boost=f"{boost:g}")


def _of_settings(design: Design, names: Mapping[str, Text]) -> Iterator[Text]:
    first = study_settings(design.scenarios[0])
    for scenario in design.scenarios[1:]:
        settings = study_settings(scenario)
        for setting in ("seed", "replications", "confidence"):
            if settings[setting] != first[setting]:
                used = getattr(design, setting)
                yield _filled(_OTHER_SETTING, name=names[scenario.name], setting=setting, asked=settings[setting], used=used)


def _of_pairing(design: Design, results: Sequence[ReplicationResult], names: Mapping[str, Text]) -> Iterator[Text]:
    for name, paired in paired_by_flight(design, results).items():
        if not paired:
            yield _filled(_OTHER_FLIGHTS, name=names[name], base=names[design.against[name]])


def _of_gridlock(results: Sequence[ReplicationResult], names: Mapping[str, Text]) -> Iterator[Text]:
    for result in results:
        for circle in result.gridlock:
            members = ", ".join(map(str, circle[:NAMED_MEMBERS])) + (" …" if len(circle) > NAMED_MEMBERS else "")
            yield _filled(_GRIDLOCK, name=names[result.scenario], replication=result.replication, members=members)


def _of_flights_in_system(design: Design, results: Sequence[ReplicationResult], names: Mapping[str, Text]) -> Iterator[Text]:
    for name in design.names:
        of_scenario = [result for result in results if result.scenario == name]
        count = sum(result.n_in_system for result in of_scenario)
        if count:
            yield _filled(_IN_SYSTEM, name=names[name], count=count, measured=sum(result.n_measured for result in of_scenario))


def _of_rare_events(design: Design, values: Values, metrics: Mapping[str, Metric], names: Mapping[str, Text]) -> Iterator[Text]:
    """The expected number of events is estimated by the number seen in all replications of the scenario.

    Where another measure estimates the expectation, a sentence with it follows.
    """
    boost = design.scenarios[0].study.boost
    for key, part in _wholes(values):
        if not (metrics[key].rare and metrics[key].headline):
            continue
        few: dict[tuple[float, int], list[str]] = {}
        for name, column in values[MeasureRef(key, part)].items():
            counts = present(column)
            if few_events(counts, boost):
                few.setdefault((float(np.sum(counts)), len(counts)), []).append(name)
        for (count, n), members in few.items():
            listed = _listed([names[name] for name in members])
            yield _rare(metrics[key].label, part, listed, count, n, design.confidence, boost)
        expected = values.get(MeasureRef(metrics[key].expectation, part))
        if few and expected is not None:
            thin = {names[name]: expected[name] for members in few.values() for name in members}
            yield _expected(metrics[metrics[key].expectation].label, thin, design.confidence)


def _expected(label: Text, values: Mapping[Text, NDArray[np.float64]], confidence: float) -> Text:
    """values: of the replications, by what pages call the scenario."""
    levels: list[Text] = []
    for name, column in values.items():
        estimate = estimate_mean(column, confidence)
        levels.append(Text(*(f"{words} {estimate.mean:.3g} [{estimate.low:.3g}, {estimate.high:.3g}]" for words in name.all)))
    return _filled(_EXPECTED, label=_capital(label), told=_listed(levels, _SEMICOLON))


def _listed(texts: Sequence[Text], between: Text = BETWEEN_NAMES) -> Text:
    return Text(*(gap.join(words) for gap, *words in zip(between.all, *(text.all for text in texts), strict=True)))


def _capital(label: Text) -> Text:
    return Text(label.en[:1].upper() + label.en[1:], label.zh_hant, label.zh_hans)


def _rare(label: Text, part: str, names: Text, count: float, n: int, confidence: float, boost: float) -> Text:
    bound = upper_bound_of_count(count, confidence, boost) / n
    return _filled(
        _RARE,
        label=_capital(label),
        of=f" ({part})" if part else "",
        name=names,
        count=f"{count:g}",
        n=n,
        confidence=f"{100 * confidence:g}%",
        bound=f"{bound:.2g}",
    )


def _wholes(values: Values) -> Iterator[MeasureRef]:
    """The measures to speak of: the whole of a metric where it has one, else each of its parts."""
    for key, part in values:
        if not part or MeasureRef(key) not in values:
            yield MeasureRef(key, part)


def _filled(sentence: Text, **parts: object) -> Text:
    return sentence.fill(**{key: part if isinstance(part, Text) else Text(*[str(part)] * 3) for key, part in parts.items()})
