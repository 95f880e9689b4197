"""Weather: closures by event or sampled by month, wind limits by type of aircraft, and the wait for fit weather."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.condition import IsAbove, Where, both, is_one_of
from sim.ground.errors import Problem, RunError, WordsError, contradiction
from sim.ground.instrument import AVIATION_EACH, Instrument
from sim.ground.parameter import AtLeast, Duration, DurationLaw, Group, Share, Speed, Status, When, parameter
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.ground.time_units import DAY_S, HOUR_S
from sim.model.calendar import PLENTY, Calendar
from sim.model.disruption import (
    BAD_WEATHER,
    DISRUPTIONS,
    SLOTS,
    WEATHER_CLOSURES_S,
    WEATHER_GROUNDED_S,
    WEATHER_IN_FORCE,
    WEATHER_SAMPLED_S,
    Disruption,
    Spell,
    united,
    without,
)
from sim.model.fact_catalogue import DEPARTURE_TARGET_S, RETURNS
from sim.model.facts import FactValues
from sim.model.feature import Feature, PlanningContext, PoolChoice, StageUse
from sim.model.plan import Pool
from sim.model.process import (
    AIRBORNE,
    FIT_AT_SLOT,
    FIT_TO_DEPART,
    READY_TO_DEPART,
    RETURN_FIT,
    RETURN_FIT_AT_SLOT,
    RETURN_READY,
    RETURN_SLOT_TAKEN,
    SLOT_TAKEN,
    SLOT_TAKEN_AGAIN,
    Milestone,
    Signal,
)
from sim.model.stage import PoolKind, Stage
from sim.world.aircraft import Aircraft
from sim.world.climate import (
    BEGIN_S,
    RAINSTORMS,
    SIGNALS,
    Level,
    fogs,
    hourly_wind_mps,
    hours_above,
    least_wind_mps,
    mean_stop_s,
    mean_wind_mps,
    rainstorms,
    sampled_spells,
    share_above,
    stopped_share,
    typhoons,
)
from sim.world.demand import aircraft_on
from sim.world.own_route import sound_routes
from sim.world.run_days import RunDays

Occurrence = tuple[str, float, float]


SAMPLED = is_one_of("world.weather.mode", "sampled")
SPELLS = both(SAMPLED, IsAbove("world.weather.frequency", 5.0))


def _weather_of(*kinds: str) -> Where:
    """There is weather of such a kind, stated or sampled; any weather where no kind is named."""
    named = tuple(kinds)
    return Where(
        lambda read: (
            read("world.weather.mode") == "sampled"
            or any(not named or event.kind.startswith(named) for event in read("world.weather.events"))
        ),
        unless=Text("there is no such weather", "並無此類天氣", "并无此类天气"),
        such_as={"world.weather.mode": "sampled"},
    )


class WeatherEvent(Group):
    """Weather at a stated time."""

    kind: Literal["signal_1", "signal_3", "signal_8", "rain_amber", "rain_red", "rain_black", "fog", "wind"]
    start: When
    end: When
    speed: Annotated[Speed, AtLeast("0 m/s")] | None = None  # of kind wind, and of no other


class WeatherPolicy(Group):
    """In which weather flights stop, and how they start again."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            AVIATION_EACH,
            Text(
                "operating limits of the aircraft and rules for stopping flights",
                "航空器的運行限制及停飛規則",
                "航空器的运行限制及停飞规则",
            ),
            ("aviation",),
        ),
    )

    stop_signal: Literal["signal_1", "signal_3", "signal_8", "never"] = parameter(
        "signal_3",
        label=Text("Stops at typhoon signal", "停飛的熱帶氣旋警告信號", "停飞的热带气旋警告信号"),
        meaning="The typhoon signal from which on no slots are given.",
        source="no rule for drones found",
        status=Status.GUESS,
        needs=_weather_of("signal"),
    )
    stop_rain: Literal["rain_amber", "rain_red", "rain_black", "never"] = parameter(
        "rain_amber",
        label=Text("Stops at rainstorm", "停飛的暴雨級別", "停飞的暴雨级别"),
        meaning="The rainstorm warning from which on no slots are given.",
        source="no rule for drones found",
        status=Status.GUESS,
        needs=_weather_of("rain"),
    )
    stop_fog: bool = parameter(
        True,
        label=Text("Stops in fog", "有霧停飛", "有雾停飞"),
        meaning="Whether no slots are given in fog.",
        source="a guideline for a cargo drone says no flights in fog (manuals.plus, FlyCart 100)",
        status=Status.STATED,
        needs=_weather_of("fog"),
    )
    wind_limit: Speed = parameter(
        "20 m/s",
        label=Text("Wind limit of the corridor", "低空通道風速上限", "低空通道风速上限"),
        meaning="Mean wind above which no flight may take off; the limit of its own type holds where it is lower.",
        source="no rule found; the default is the highest limit of any type, so that only the types' own bind",
        status=Status.GUESS,
        bounds=("0 m/s", "60 m/s"),
        plausible=("8 m/s", "20 m/s"),
        needs=_weather_of(),
    )
    reopening_pause: Duration = parameter(
        "30 min",
        label=Text("Pause before reopening", "重開前的緩衝時間", "重开前的缓冲时间"),
        meaning="Time from the end of a typhoon signal, rainstorm or fog until slots are given again.",
        source="no rule found",
        status=Status.GUESS,
        bounds=("0 s", "2 d"),
        plausible=("0 min", "2 h"),
        needs=_weather_of("signal", "rain", "fog"),
    )


class WeatherWorld(Group):
    """What the weather does."""

    mode: Literal["none", "sampled"] = parameter(
        "none",
        label=Text("Sampled weather", "抽樣天氣", "抽样天气"),
        meaning="Whether weather is sampled by month; stated events happen either way, and without either the weather is fair.",
        source="the model's choice, so that the baseline is free of weather",
        status=Status.GUESS,
    )
    month: int | None = parameter(
        None,
        label=Text("Month", "月份", "月份"),
        meaning=(
            "Month whose weather is sampled on all days of the study, 1 to 12; nothing (null) is the month of study.first_day,"
            " also where the study runs into the next one."
        ),
        source="the model's choice",
        status=Status.GUESS,
        bounds=(1, 12),
        needs=SAMPLED,
    )
    events: tuple[WeatherEvent, ...] = parameter(
        (),
        label=Text("Weather events", "天氣事件", "天气事件"),
        meaning=(
            'Weather at stated times, each as {kind, start, end}, such as {kind: signal_8, start: "day 2 08:00", end: "day 2'
            ' 22:00"}, where day 1 is the first measured day; or by weekday or date. Kinds: signal_1, signal_3, signal_8,'
            " rain_amber, rain_red, rain_black, fog, and wind, which also needs its speed."
        ),
        source="none by default",
        status=Status.GUESS,
    )
    frequency: float = parameter(
        1.0,
        label=Text("Frequency of typhoons, rainstorms and fog", "熱帶氣旋、暴雨及霧的頻率", "热带气旋、暴雨及雾的频率"),
        meaning="Factor on the sampled numbers of typhoons, rainstorms and spells of fog.",
        source="numbers a year are the Observatory's (hko.gov.hk); a year can have none, or several times the mean",
        status=Status.DERIVED,
        bounds=(0, 20),
        plausible=(0.5, 2),
        needs=SAMPLED,
    )
    signal_variation: Share = parameter(
        "60%",
        label=Text("Variation of typhoons' lengths", "熱帶氣旋時長變異", "热带气旋时长变异"),
        meaning="Coefficient of variation of how long the signals of a typhoon stand (lognormal).",
        source="mean lengths are stated (hko.gov.hk tc2016 table 4.6); their spread is not",
        status=Status.GUESS,
        bounds=("0%", "300%"),
        plausible=("30%", "100%"),
        needs=SPELLS,
    )
    rain_time: DurationLaw = parameter(
        {"lognormal": {"mean": "2.5 h", "cv": 0.6}},
        label=Text("Length of an amber rainstorm", "黃色暴雨警告時長", "黄色暴雨警告时长"),
        meaning="How long an amber warning, with what stands above it, is in force.",
        source="not found; 2 to 3 hours",
        status=Status.GUESS,
        bounds=("0 s", "3 d"),
        plausible=("1 h", "5 h"),
        needs=SPELLS,
    )
    fog_time: DurationLaw = parameter(
        {"lognormal": {"mean": "4 h", "cv": 0.6}},
        label=Text("Length of fog", "霧的時長", "雾的时长"),
        meaning="How long a spell of fog lasts.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "7 d"),
        plausible=("2 h", "10 h"),
        needs=SPELLS,
    )
    wind_exposure: Share = parameter(
        "70%",
        label=Text("Exposure to wind", "受風程度", "受风程度"),
        meaning="Mean wind along the corridor as a share of that at Waglan, an exposed island.",
        source=(
            "none for the corridors; Waglan's mean is stated (yearbook.gov.hk, 2004); over the sea 100%, inland less, and more"
            " with height"
        ),
        status=Status.GUESS,
        bounds=("0%", "300%"),
        plausible=("50%", "100%"),
        needs=SAMPLED,
    )
    wind_shape: float = parameter(
        2.0,
        label=Text("Shape of the wind's distribution", "風速分佈形狀參數", "风速分布形状参数"),
        meaning="Shape of the Weibull distribution of the hourly mean wind; a smaller one has more strong and more weak hours.",
        source="2 is usual in wind engineering (Rayleigh)",
        status=Status.RECALLED,
        bounds=(0.5, 10),
        plausible=(1.6, 2.6),
        needs=SAMPLED,
    )
    wind_persistence: Share = parameter(
        "90%",
        label=Text("Persistence of the wind", "風速持續性", "风速持续性"),
        meaning="Correlation of the wind's normal scores from one hour to the next.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "99.9%"),
        plausible=("80%", "97%"),
        needs=SAMPLED,
    )
    type_limit_factor: float = parameter(
        1.0,
        label=Text("Factor on the types' wind limits", "機型抗風限值系數", "机型抗风限值系数"),
        meaning="Factor on the wind that each type of aircraft bears; the catalogue's figures are derived, recalled or guesses.",
        source="figures of the aircraft catalogue; only one is more than recalled or a guess",
        status=Status.GUESS,
        bounds=(0.1, 5),
        plausible=(0.8, 1.2),
        needs=_weather_of(),
    )


EPISODES = 2048
HOURS = 24 * 420
_LAST_DAY = (HOURS * HOUR_S + BEGIN_S) / DAY_S
GAP, REACH, LENGTH = (
    {name: Stream(f"weather.{what}.{name}", per="replication", count=EPISODES) for name in ("typhoon", "rain", "fog")}
    for what in ("gap", "reach", "length")
)
WIND = Stream("weather.wind", "normal", per="replication", count=HOURS)


FIT = Stage("fit_to_depart", Text("waiting for fit weather", "等候適航天氣", "等候适航天气"), "air", "weather")
FIT_CHECK = Stage("fit_check", Text("weather check at the slot", "通道時段前天氣覆核", "通道时隙前天气复核"), "air", "weather")
FIT_WAIT = Stage(
    "fit_wait", Text("waiting for fit weather, at the slot", "於通道時段前等候天氣", "于通道时隙前等候天气"), "air", "weather"
)
LAST_CHECK = Stage("fit_last_check", Text("last weather check", "最後天氣覆核", "最后天气复核"), "air", "weather")
RETURN_HOLD = Stage("return_fit", Text("waiting for fit weather, return", "返程等候天氣", "返程等候天气"), "air", "return")
RETURN_CHECK = Stage(
    "return_fit_check", Text("weather check at the slot, return", "返程天氣覆核", "返程天气复核"), "air", "return"
)
RETURN_WAIT = Stage(
    "return_fit_wait",
    Text("waiting for fit weather, return, at the slot", "返程於通道時段前等候天氣", "返程于通道时隙前等候天气"),
    "air",
    "return",
)
FIT_WEATHER = PoolKind("fit_weather", Text("fit weather", "適航天氣", "适航天气"))


def decide(context: PlanningContext, policy: WeatherPolicy, world: WeatherWorld) -> FactValues:
    """When no slots are given, when which type may not take off, and what stood still."""
    hourly, sampled, spells = _hourly_wind(context, world), _sampled(context, world), _stated(world, context.days)
    occurred = [(kind, *spell) for kind, spell in spells] + sampled
    stated_wind = [(event.speed or 0.0, *spell) for event, (_, spell) in zip(world.events, spells, strict=True)]
    stopping = _that_stop(policy, occurred)
    closures = _closures(policy, stopping)
    strong = _strong_wind(context, policy, world, occurred, hourly, stated_wind)
    windy = without(united(s for spells in strong.values() for s in spells), closures)
    stood_still = [
        Disruption(_worst(spell, stopping), *spell) for spell in united((start_s, end_s) for _, start_s, end_s in stopping)
    ]
    by_sample = {}
    if world.mode == "sampled":
        closed = _closures(policy, _that_stop(policy, sampled))
        by_sample = {SLOTS: closed, **_grounded(_strong_wind(context, policy, world, sampled, hourly), closed)}
    return {
        WEATHER_CLOSURES_S: closures,
        WEATHER_GROUNDED_S: _grounded(strong, closures),
        WEATHER_IN_FORCE: tuple(Disruption(*occurrence) for occurrence in stopping),
        WEATHER_SAMPLED_S: by_sample,
        DISRUPTIONS: (*stood_still, *(Disruption("wind", *spell) for spell in windy)),
    }


def _stated(world: WeatherWorld, days: RunDays) -> list[tuple[str, Spell]]:
    """The kind of each stated event, and its (start, end), s from the first midnight of the run."""
    spells = days.spells_s((event.start, event.end) for event in world.events)
    return list(zip((event.kind for event in world.events), spells, strict=True))


def _that_stop(policy: WeatherPolicy, occurred: Iterable[Occurrence]) -> list[Occurrence]:
    """Of what occurred, that in which flights stop."""
    stopping = _stopping(policy)
    return [occurrence for occurrence in occurred if occurrence[0] in stopping]


def _closures(policy: WeatherPolicy, stopping: Iterable[Occurrence]) -> tuple[Spell, ...]:
    """The spells without slots."""
    return united((start_s, end_s + policy.reopening_pause) for _, start_s, end_s in stopping)


def _grounded(strong: Mapping[str, Sequence[Spell]], closures: tuple[Spell, ...]) -> dict[str, tuple[Spell, ...]]:
    """For each type, the spells in which it may not take off: of strong wind, and those without slots."""
    return {key: united([*spells, *closures]) for key, spells in strong.items()}


def _stopping(policy: WeatherPolicy) -> set[str]:
    """The kinds of weather in which flights stop."""
    kinds = {"fog"} if policy.stop_fog else set()
    for levels, lowest in ((SIGNALS, policy.stop_signal), (RAINSTORMS, policy.stop_rain)):
        kinds |= set(levels[levels.index(lowest) :]) if lowest in levels else set()
    return kinds


def _sampled(context: PlanningContext, world: WeatherWorld) -> list[Occurrence]:
    """Typhoons, rainstorms and fog of the month."""
    if world.mode == "none":
        return []
    factors = _lengths(world, {name: context.draw(LENGTH[name]) for name in LENGTH})
    of_month = _of_month(world, _month(context, world))
    occurred: list[Occurrence] = []
    for name, (per_month, levels) in of_month.items():
        drawn = context.draw(GAP[name]), context.draw(REACH[name]), factors[name]
        try:
            occurred += sampled_spells(per_month * world.frequency, levels, *drawn, until_s=context.horizon_s)
        except WordsError as error:
            raise RunError(_RARER.fill(name=name, reason=error.words)) from None
    return occurred


def _lengths(world: WeatherWorld, u: Mapping[str, Floats]) -> dict[str, Floats]:
    """By kind of weather, shape of its `u`: by how much episodes at these quantiles are longer than the mean."""
    rain, fog = world.rain_time, world.fog_time
    return {
        "typhoon": _lognormal(world.signal_variation, u["typhoon"]),
        "rain": rain.quantile(u["rain"]) / (rain.mean or 1.0),
        "fog": fog.quantile(u["fog"]) / (fog.mean or 1.0),
    }


def _month(context: PlanningContext, world: WeatherWorld) -> int:
    """The month whose weather is sampled."""
    return world.month or context.days.first_day.month


def _of_month(world: WeatherWorld, month: int) -> dict[str, tuple[float, tuple[Level, ...]]]:
    """By kind of weather, its episodes in that month at the usual frequency, and their levels."""
    return {
        "typhoon": typhoons(month),
        "rain": rainstorms(month, world.rain_time.mean),
        "fog": fogs(month, world.fog_time.mean),
    }


def _lognormal(cv: float, u: Floats) -> Floats:
    """Shape of `u`: quantiles of the lognormal law of mean 1."""
    from scipy.special import ndtri

    sigma = np.sqrt(np.log1p(cv**2))
    return np.asarray(np.exp(sigma * ndtri(u) - sigma**2 / 2))


def _strong_wind(
    context: PlanningContext,
    policy: WeatherPolicy,
    world: WeatherWorld,
    occurred: Sequence[Occurrence],
    hourly: Floats,
    stated: Sequence[tuple[float, float, float]] = (),
) -> dict[str, list[Spell]]:
    """For each type, the spells in which the wind exceeds its limit or the corridor's.

    hourly: as `_hourly_wind` · stated: (speed, start, end) of events.
    """
    blown = [*stated, *((least_wind_mps(kind), start_s, end_s) for kind, start_s, end_s in occurred)]
    strong = {}
    for kind in context.flights.aircraft_types:
        limit_mps = _wind_limit_mps(policy, world, kind)
        by_event = [(start_s, end_s) for speed, start_s, end_s in blown if speed > limit_mps]
        strong[kind.key] = hours_above(hourly, limit_mps) + by_event
    return strong


def _wind_limit_mps(policy: WeatherPolicy, world: WeatherWorld, kind: Aircraft) -> float:
    return min(policy.wind_limit, kind.max_wind_mps * world.type_limit_factor)


def hours_of_wind(world: WeatherWorld, horizon_s: float) -> int:
    """The number of hours from BEGIN_S to the horizon; none without sampled weather."""
    return int(np.ceil((horizon_s - BEGIN_S) / HOUR_S)) if world.mode == "sampled" else 0


def _hourly_wind(context: PlanningContext, world: WeatherWorld) -> Floats:
    """Mean wind of each hour from BEGIN_S to the horizon, m/s; none without sampled weather."""
    hours = hours_of_wind(world, context.horizon_s)
    if hours > HOURS:
        raise RunError(_WIND_ENDS.fill(days=f"{_LAST_DAY:.0f}"))
    if not hours:
        return np.zeros(0)
    mean_mps = world.wind_exposure * mean_wind_mps(_month(context, world))
    return hourly_wind_mps(context.draw(WIND)[:hours], mean_mps, world.wind_shape, world.wind_persistence)


def _meets(spell: Spell, others: Sequence[Spell]) -> bool:
    return any(start_s < spell[1] and spell[0] < end_s for start_s, end_s in others)


def _worst(spell: Spell, stopping: Sequence[Occurrence]) -> str:
    """The kind that names a closure: of those in it a typhoon before rain before fog, and of each the highest level."""
    order = [*SIGNALS[::-1], *RAINSTORMS[::-1], "fog"]
    return min((kind for kind, start_s, end_s in stopping if _meets(spell, [(start_s, end_s)])), key=order.index)


def build(context: PlanningContext, policy: WeatherPolicy, world: WeatherWorld) -> Sequence[StageUse]:
    """The wait before the pad, the check at the slot, the wait of those it grounds, a last check; one check home."""
    if world.mode == "none" and not world.events:
        return ()
    fit = _fit_weather(context)
    return [*_outward(context, fit), *_return(context, fit)]


def _fit_weather(context: PlanningContext) -> PoolChoice:
    """For each type of aircraft a pool that takes all who come while the type may take off, and nobody else."""
    pools = tuple(
        Pool(FIT_WEATHER, fit, kind.key, closed_by=((BAD_WEATHER, fit),))
        for kind in context.flights.aircraft_types
        for fit in [Calendar.always(PLENTY).closed(context.facts[WEATHER_GROUNDED_S][kind.key])]
    )
    return PoolChoice(pools, context.flights.aircraft)


def _outward(context: PlanningContext, fit: PoolChoice) -> list[StageUse]:
    """Who is grounded at its slot waits and needs another; who is grounded there again is cancelled."""
    not_before_s = context.facts[DEPARTURE_TARGET_S]
    grounded = (Signal.GROUNDED,)
    return [
        StageUse(FIT, (READY_TO_DEPART,), (FIT_TO_DEPART,), pool=fit, not_before_s=not_before_s),
        StageUse(FIT_CHECK, (SLOT_TAKEN,), (FIT_AT_SLOT,), raises=grounded, pool=fit, patience_s=0.0),
        StageUse(FIT_WAIT, (FIT_CHECK,), (FIT_AT_SLOT,), if_given_up=grounded, pool=fit),
        StageUse(LAST_CHECK, (SLOT_TAKEN_AGAIN,), (AIRBORNE,), if_given_up=grounded, pool=fit, patience_s=0.0),
    ]


def _return(context: PlanningContext, fit: PoolChoice) -> list[StageUse]:
    def use(stage: Stage, after: Stage | Milestone, precedes: Milestone, **more: Any) -> StageUse:
        unless = (Signal.DIVERTED,)
        return StageUse(stage, (after,), (precedes,), unless_given_up=unless, visits=context.facts[RETURNS], pool=fit, **more)

    grounded = (Signal.RETURN_GROUNDED,)
    return [
        use(RETURN_HOLD, RETURN_READY, RETURN_FIT),
        use(RETURN_CHECK, RETURN_SLOT_TAKEN, RETURN_FIT_AT_SLOT, raises=grounded, patience_s=0.0),
        use(RETURN_WAIT, RETURN_CHECK, RETURN_FIT_AT_SLOT, if_given_up=grounded),
    ]


_WIND_ENDS = Text(
    "sampled wind reaches {days} days; warm-up, measured days and cool-down together are longer",
    "抽樣風況只涵蓋 {days} 日，短於預熱、計量日數及收尾的總和",
    "抽样风况只覆盖 {days} 天，短于预热、计量天数和收尾的总和",
)


_RARER = Text(
    "weather ({name}): {reason}; make it rarer or the study shorter",
    "天氣（{name}）：{reason}；請調低頻率或縮短研究期",
    "天气（{name}）：{reason}；请调低频率或缩短研究期",
)
_EVENT = Text("{kind} from {start} to {end}", "{kind}，由 {start} 至 {end}", "{kind}，由 {start} 至 {end}")
_BACKWARD = Text("an event ends after it begins", "事件的結束須在開始之後", "事件的结束须在开始之后")
_SPEED = Text(
    "events of kind wind, and no others, have a speed", "只有 kind: wind 的事件須填 speed", "只有 kind: wind 的事件须填 speed"
)
_DAYS = Text("{days} days", "{days} 日", "{days} 天")
_FEWER_DAYS = Text("fewer days, or weather.mode: none", "較少日數，或 weather.mode: none", "较少天数，或 weather.mode: none")


def check(policy: WeatherPolicy, world: WeatherWorld, scenario: Any) -> Sequence[Problem]:
    """Events end after they begin; a speed belongs to wind; sampled wind has an end."""
    path, problems = "world.weather.events", []
    for event in world.events:
        words = _EVENT.fill(kind=event.kind, start=event.start, end=event.end)
        if scenario.study.run_days.backward([(event.start, event.end)]):
            problems.append(Problem(_BACKWARD, path=path, found=words))
        if (event.speed is None) == (event.kind == "wind"):
            problems.append(Problem(_SPEED, path=path, found=words))
    if hours_of_wind(world, scenario.study.horizon_s) > HOURS:
        days = _WIND_ENDS.fill(days=Text.same(f"{_LAST_DAY:.0f}"))
        others = ("world.weather.mode", "study.warm_up", "study.cool_down")
        last_day = _DAYS.fill(days=f"{scenario.study.horizon_s / DAY_S:g}")
        problems.append(contradiction(days, "study.days", others, last_day, _FEWER_DAYS))
    return problems


# ------------------------------------------------------------------------- the year that is not in fair weather


QUANTILES_OF_LENGTH = 512
_FAIR_ONLY = Text(
    "Fair weather only. In an average year of the model's climate, typhoon signals, rainstorms and fog would close the corridor "
    "for {share} of the time ({days} days in all); with strong wind as well, {types}. None of that is in these numbers.",
    "只計好天氣。按模型氣候的平均年計，熱帶氣旋警告信號、暴雨及霧會令通道關閉 {share} 的時間（全年合共 {days} 日）；"
    "連同強風，{types}。以上均未計入本研究的數字。",
    "只计好天气。按模型气候的平均年计，热带气旋警告信号、暴雨和雾会令通道关闭 {share} 的时间（全年合计 {days} 天）；"
    "连同强风，{types}。以上均未计入本研究的数字。",
)
_TYPE = Text(
    "{kind} could not take off for {share} of it ({days} days)",
    "{kind}有 {share} 的時間（{days} 日）不能起飛",
    "{kind}有 {share} 的时间（{days} 天）不能起飞",
)
YEAR_DAYS = 365.25


def cautions(policy: WeatherPolicy, world: WeatherWorld, scenario: Any) -> Sequence[Text]:
    """That a study without weather is one of fair weather only, and what an average year would take from it."""
    if world.mode == "sampled" or world.events:
        return []
    corridor, demand = scenario.policy.corridor, scenario.world.demand
    flown = {kind.key: kind for kind in _types_flown(corridor, demand)}
    lost = average_year(policy, world, list(flown.values()))
    parts = [_TYPE.fill(kind=kind.name, **_time_in_words(lost[key])) for key, kind in flown.items()]
    types = Text("; ".join(part.en for part in parts), *("；".join(texts) for texts in _in_chinese(parts)))
    return [_FAIR_ONLY.fill(types=types, **_time_in_words(lost[SLOTS]))]


def _in_chinese(parts: Sequence[Text]) -> tuple[list[str], list[str]]:
    return [part.zh_hant for part in parts], [part.zh_hans for part in parts]


def _types_flown(corridor: Any, demand: Any) -> list[Aircraft]:
    """The types of aircraft on the scenario's routes, in the order of the routes."""
    return [aircraft_on(demand, route) for route in sound_routes(corridor.routes, corridor.own_routes)]


def _time_in_words(share: float) -> dict[str, Text]:
    words = {"share": f"{100 * share:.2g}%", "days": f"{YEAR_DAYS * share:.2g}"}
    return {name: Text(word, word, word) for name, word in words.items()}


def average_year(policy: WeatherPolicy, world: WeatherWorld, types: Sequence[Aircraft]) -> dict[str, float]:
    """The expected share of the twelve months that weather would take if it were sampled, by SLOTS and by key of type.

    The mean of what `decide` makes of sampled weather, without sampling: closures, and wind that is independent of them.
    """
    u = (np.arange(QUANTILES_OF_LENGTH) + 0.5) / QUANTILES_OF_LENGTH
    factors = _lengths(world, dict.fromkeys(LENGTH, u))
    closing = dict.fromkeys(_stopping(policy), policy.reopening_pause)
    stops = {SLOTS: closing}
    limits_mps = {kind.key: _wind_limit_mps(policy, world, kind) for kind in types}
    for key, limit_mps in limits_mps.items():
        stops[key] = {level: 0.0 for level in SIGNALS if least_wind_mps(level) > limit_mps} | closing
    months = range(1, 13)
    return {
        key: float(np.mean([_lost(world, month, stop, factors, limits_mps.get(key)) for month in months]))
        for key, stop in stops.items()
    }


def _lost(
    world: WeatherWorld, month: int, pause_s: Mapping[str, float], factors: Mapping[str, Floats], limit_mps: float | None
) -> float:
    """The expected share of a month that the kinds in `pause_s` take, with wind above the limit if there is one."""
    episodes = [
        (number * world.frequency, mean_stop_s(levels, pause_s, factors[name]))
        for name, (number, levels) in _of_month(world, month).items()
    ]
    windy = 0.0 if limit_mps is None else share_above(limit_mps, world.wind_exposure * mean_wind_mps(month), world.wind_shape)
    return 1.0 - (1.0 - stopped_share(episodes)) * (1.0 - windy)


WEATHER = Feature(
    key="weather",
    label=Text("Weather", "天氣", "天气"),
    policy=WeatherPolicy,
    world=WeatherWorld,
    streams=(*GAP.values(), *REACH.values(), *LENGTH.values(), WIND),
    reads=(DEPARTURE_TARGET_S, RETURNS),
    writes=(WEATHER_CLOSURES_S, WEATHER_GROUNDED_S, WEATHER_IN_FORCE, WEATHER_SAMPLED_S, DISRUPTIONS),
    stages=(FIT, FIT_CHECK, FIT_WAIT, LAST_CHECK, RETURN_HOLD, RETURN_CHECK, RETURN_WAIT),
    pools=(FIT_WEATHER,),
    limits=(BAD_WEATHER,),
    decide=decide,
    build=build,
    check=check,
    cautions=cautions,
    average_year=average_year,
    stated_spells=lambda policy, world, days: [Disruption(kind, *spell) for kind, spell in _stated(world, days)],
)
