"""Data interface: how cargo data reach the customs of each side, and what happens when they do not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np

from sim.ground.arrays import Floats
from sim.ground.condition import IsAbove, IsNot, both, either, is_one_of
from sim.ground.errors import Problem, RunError, contradiction
from sim.ground.instrument import CUSTOMS_EACH, CUSTOMS_TOGETHER, Instrument
from sim.ground.parameter import BySide, Clock, Duration, DurationLaw, Group, Servers, Share, Status, When, parameter
from sim.ground.sides import SIDE_KEYS
from sim.ground.streams import Stream
from sim.ground.text import Text
from sim.ground.time_units import DAY_S
from sim.model.calendar import PLENTY, next_opening
from sim.model.disruption import DISRUPTIONS, Disruption, Spell, united
from sim.model.fact_catalogue import ENTRY_ALLOWANCE_S, FILED_S, FILES, PERSONAL_DATA_CROSS
from sim.model.facts import Fact, FactValues
from sim.model.feature import Feature, PlanningContext, PoolChoice, StageUse
from sim.model.plan import Pool
from sim.model.process import FILED, NO_DATA, ORDERED, RECEIVED, Signal
from sim.model.stage import ENDS, Limit, PoolKind, Role, Stage, by_role

ATTEMPTS = 3


BY_BATCH, BY_API, ON_PAPER = (is_one_of("policy.data_interface.mode", mode) for mode in ("batch", "api", "paper"))
BY_MESSAGE = IsNot("policy.data_interface.mode", "paper", such_as="api")
AT_THE_COUNTER = either(ON_PAPER, is_one_of("policy.data_interface.fallback", "paper"))
REJECTED_AT_ALL = IsAbove("world.data_interface.reject_share", "50%")
PERSONAL = is_one_of("policy.data_interface.fields", "personal")


class DataInterfacePolicy(Group):
    """Means, window, fallback and content of the messages."""

    instruments: ClassVar[tuple[Instrument, ...]] = (
        Instrument(
            CUSTOMS_EACH,
            Text(
                "notice to operators on how and when data may be sent, and what holds in an outage",
                "向營運商發出通告：數據的提交方式、時間及故障時的安排",
                "向运营人发布公告：数据的提交方式、时间及故障时的安排",
            ),
            ("customs",),
        ),
        Instrument(
            CUSTOMS_TOGETHER,
            Text(
                "arrangement to extend Single Submission for Dual Declaration from road to flights",
                "把「一單兩報」由陸路擴展至航班的安排",
                "把“一单两报”由陆路扩展至航班的安排",
            ),
            ("customs",),
            ("single_submission",),
            Text(
                "on the road, both ways, since 19 May 2025 (rocars.gov.hk)",
                "陸路雙向已於2025年5月19日起實施（rocars.gov.hk）",
                "陆路双向已于2025年5月19日起实施（rocars.gov.hk）",
            ),
        ),
        Instrument(
            CUSTOMS_TOGETHER,
            Text(
                "arrangement on what personal data cross the boundary, under each side's law on personal data",
                "關於個人資料跨境的安排，須符合兩地個人資料法例",
                "关于个人信息跨境的安排，须符合两地个人信息法律",
            ),
            ("customs",),
            ("fields",),
        ),
    )

    mode: Literal["paper", "batch", "api"] = parameter(
        "api",
        label=Text("Means of transmission", "傳送方式", "传送方式"),
        meaning="Paper over the counter, electronic messages collected in batches (EDI), or a direct interface (API).",
        source=(
            "ROCARS acknowledges a submission within seconds and shows the earliest crossing time (tradelink.com.hk,"
            " ge-ts.com.hk); batches and hours of the trade declaration services belong to declarations after the crossing"
        ),
        status=Status.DERIVED,
    )
    single_submission: bool = parameter(
        True,
        label=Text("Single submission for dual declaration", "一單兩報", "一单两报"),
        meaning="Whether one submission serves both sides; otherwise the same data are entered and sent twice.",
        source=(
            '"Single Submission for Dual Declaration": land cargo into Hong Kong since 29 Nov 2024, both directions since'
            " May 2025 (dotdotnews, 29 Nov 2024; the second as quoted from rocars.gov.hk); carried over from the road"
        ),
        status=Status.DERIVED,
    )
    batch_period: Duration = parameter(
        "2 min",
        label=Text("Batch period", "批次間隔", "批次间隔"),
        meaning="Time between two batches of electronic messages (mode batch), counted anew from each day's opening.",
        source=(
            "no figure for cargo data found; trade declarations, made after the crossing: check the mailbox 30 minutes after"
            " sending (censtatd.gov.hk page 1366), an upper limit"
        ),
        status=Status.GUESS,
        bounds=("1 s", "1 d"),
        plausible=("1 min", "30 min"),
        needs=BY_BATCH,
    )
    opens: Clock = parameter(
        "00:00",
        label=Text("Service opens", "服務開始時間", "服务开始时间"),
        meaning="From when messages are taken (modes batch and api); opening and closing at the same time is all day.",
        source=(
            "ROCARS takes submissions at any hour (rocars.gov.hk); trade declarations pass from 07:00 to 23:00 (tradelink.com.hk)"
        ),
        status=Status.RECALLED,
        needs=BY_MESSAGE,
    )
    closes: Clock = parameter(
        "24:00",
        label=Text("Service closes", "服務結束時間", "服务结束时间"),
        meaning="Until when messages are taken (modes batch and api).",
        source=(
            "ROCARS takes submissions at any hour (rocars.gov.hk); trade declarations pass from 07:00 to 23:00 (tradelink.com.hk)"
        ),
        status=Status.RECALLED,
        needs=BY_MESSAGE,
    )
    fallback: Literal["hold", "paper", "inspect_on_arrival"] = parameter(
        "hold",
        label=Text("Fallback when the interface is down", "接口故障時的後備安排", "接口故障时的后备安排"),
        meaning="Wait for it, go over to paper after a patience, or fly without data and have everything inspected on arrival.",
        source="the choices are the model's; no rule for drones is published",
        status=Status.GUESS,
        needs=BY_MESSAGE,
    )
    patience: Duration = parameter(
        "30 min",
        label=Text("Patience before the fallback", "啟動後備前的等候時間", "启动后备前的等候时间"),
        meaning=(
            "How long a message waits before the fallback (not for hold); waits for the opening or the next batch come on top."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("10 min", "2 h"),
        needs=both(BY_MESSAGE, IsNot("policy.data_interface.fallback", "hold", such_as="paper")),
    )
    fields: Literal["personal", "tokens"] = parameter(
        "tokens",
        label=Text("Fields that may cross", "可跨境的資料欄位", "可跨境的数据字段"),
        meaning=(
            "Personal data (the other side's risk engine sees more; a new consignor must first be set up) or tokens in their"
            " place."
        ),
        source="data of international trade and transport without personal data need no assessment (glo.com.cn, Apr 2024)",
        status=Status.STATED,
    )
    counter_clerks: BySide[Servers] = parameter(
        2,
        label=Text("Counter clerks", "櫃檯人員", "柜台人员"),
        meaning="Customs clerks on duty who take in paper, by side.",
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 500),
        plausible=(1, 4),
        needs=AT_THE_COUNTER,
    )


class DataInterfaceWorld(Group):
    """Times, faults and outages of the interface."""

    entry_time: DurationLaw = parameter(
        {"lognormal": {"mean": "30 min", "cv": 0.4}},
        label=Text("Data entry", "資料輸入", "数据录入"),
        meaning="The operator's time to enter the data of one flight; two submissions are entered one after the other.",
        source=(
            "a single submission saves more than half an hour a shipment (chinadailyhk 615065, 2025; en.ftz.xm.gov.cn, May 2026):"
            " one entry's length"
        ),
        status=Status.DERIVED,
        bounds=("0 s", "4 h"),
        plausible=("3 min", "45 min"),
    )
    ready_share: Share = parameter(
        "90%",
        label=Text("Share of entries done in time", "如期完成資料輸入的比例", "按期完成数据录入的比例"),
        meaning=(
            "Operators begin to enter the data so early that this share of entries is accepted by the time the lead asks for, if"
            " no message is rejected and the interface is up."
        ),
        source="no figure found",
        status=Status.GUESS,
        bounds=("1%", "99.9%"),
        plausible=("70%", "98%"),
    )
    batch_latency: DurationLaw = parameter(
        "2 min",
        label=Text("Latency of a batch message", "批次訊息延遲", "批次消息延迟"),
        meaning="From the batch's leaving to the acknowledgement.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("10 s", "15 min"),
        needs=BY_BATCH,
    )
    api_latency: DurationLaw = parameter(
        "3 s",
        label=Text("Latency of the direct interface", "直接接口延遲", "直接接口延迟"),
        meaning="From sending to the acknowledgement (mode api).",
        source="UTM interface: answers within 1 to 5 s (ASTM F3548-21 constants); carried over to customs data",
        status=Status.DERIVED,
        bounds=("0 s", "1 h"),
        plausible=("1 s", "60 s"),
        needs=BY_API,
    )
    reject_share: Share = parameter(
        "5%",
        label=Text("Share of messages rejected", "訊息被拒比例", "消息被拒比例"),
        meaning=(
            "Share of messages that come back with an error, at each of the first two attempts; the third is made with the help"
            " desk and passes."
        ),
        source=(
            "GETS answers with an acknowledgement or an error, then one resubmits (censtatd.gov.hk page 1366); the share is a"
            " guess"
        ),
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("1%", "20%"),
        needs=BY_MESSAGE,
    )
    fix_time: DurationLaw = parameter(
        {"lognormal": {"mean": "10 min", "cv": 0.6}},
        label=Text("Time to mend a rejected message", "修正被拒訊息用時", "修正被拒消息用时"),
        meaning="The operator's time between a rejection and the next attempt.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("2 min", "60 min"),
        needs=both(BY_MESSAGE, REJECTED_AT_ALL),
    )
    outage_interval: BySide[Duration] = parameter(
        "30 d",
        label=Text("Mean time between outages", "平均故障間隔", "平均故障间隔"),
        meaning="Mean time from one outage's end to the next one's start, at each side (exponential).",
        source="no outage figure found",
        status=Status.GUESS,
        bounds=("1 h", "3650 d"),
        plausible=("5 d", "180 d"),
    )
    outage_repair: BySide[DurationLaw] = parameter(
        {"lognormal": {"mean": "2 h", "cv": 1.0}},
        label=Text("Time to repair", "修復用時", "修复用时"),
        meaning="Length of an outage, at each side.",
        source="no outage figure found",
        status=Status.GUESS,
        bounds=("0 s", "7 d"),
        plausible=("30 min", "12 h"),
    )
    outage_events: BySide[tuple[tuple[When, When], ...]] = parameter(
        (),
        label=Text("Outages at stated times", "指定時間的接口故障", "指定时间的接口故障"),
        meaning=(
            'Outages beside the sampled ones, by side, each as [from, to], such as ["day 2 08:00", "day 2 18:00"], where day 1 is'
            " the first measured day; or by weekday or date."
        ),
        source="none by default",
        status=Status.GUESS,
    )
    paper_time: DurationLaw = parameter(
        {"lognormal": {"mean": "25 min", "cv": 0.4}},
        label=Text("Bringing paper", "遞交紙本用時", "递交纸本用时"),
        meaning="Time to print the papers and bring them to the counter of one side.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "1 d"),
        plausible=("10 min", "2 h"),
        needs=AT_THE_COUNTER,
    )
    paper_check: DurationLaw = parameter(
        {"lognormal": {"mean": "8 min", "cv": 0.5}},
        label=Text("Taking in paper", "收單用時", "收单用时"),
        meaning="A clerk's time to take in the papers of one flight.",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0 s", "4 h"),
        plausible=("2 min", "20 min"),
        needs=AT_THE_COUNTER,
    )
    new_consignor_share: Share = parameter(
        "2%",
        label=Text("Share with a new consignor", "首次付貨人比例", "首次发货人比例"),
        meaning="Share of flights with a consignor whose personal data have not been cleared for the crossing (fields personal).",
        source="no figure found",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("0%", "10%"),
        needs=PERSONAL,
    )
    consent_time: DurationLaw = parameter(
        {"lognormal": {"mean": "8 h", "cv": 1.0}},
        label=Text("Setting up a new consignor", "新付貨人資料跨境手續", "新发货人数据出境手续"),
        meaning="Consent and contract for a new consignor's personal data; only after it can the data be sent.",
        source=(
            "the GBA standard contract needs consent and an impact assessment (mondaq.com 1403610, Dec 2023); the time is a guess"
        ),
        status=Status.GUESS,
        bounds=("0 s", "60 d"),
        plausible=("1 h", "10 d"),
        needs=both(PERSONAL, IsAbove("world.data_interface.new_consignor_share", "50%")),
    )


NEW_CONSIGNOR = Stream("data_interface.new_consignor")
CONSENT = Stream("data_interface.consent")
ENTRY = {role: Stream(f"data_interface.entry.{role}") for role in ENDS}
LATENCY = {(role, k): Stream(f"data_interface.latency.{role}.{k}") for role in ENDS for k in range(ATTEMPTS)}
REJECTED = {(role, k): Stream(f"data_interface.rejected.{role}.{k}") for role in ENDS for k in range(ATTEMPTS - 1)}
FIX = {(role, k): Stream(f"data_interface.fix.{role}.{k}") for role in ENDS for k in range(ATTEMPTS - 1)}
PAPER = {role: Stream(f"data_interface.paper.{role}") for role in ENDS}
PAPER_CHECK = {role: Stream(f"data_interface.paper_check.{role}") for role in ENDS}
MAX_OUTAGES = 4096
_SAFE = 0.9  # of the mean time that so many outages take, which the sampled ones may fall short of
UP_TIME = {side: Stream(f"data_interface.up_time.{side}", per="replication", count=MAX_OUTAGES) for side in SIDE_KEYS}
DOWN_TIME = {side: Stream(f"data_interface.down_time.{side}", per="replication", count=MAX_OUTAGES) for side in SIDE_KEYS}

OUTAGES_S = Fact[dict[str, tuple[Spell, ...]]]("outages_s", dict, "scenario", "for each side, the outages as (start, end), s")

CONSENT_STAGE = Stage("consent", Text("setting up a new consignor", "新付貨人手續", "新发货人手续"), "operator", "interface")
ENTER = {
    role: Stage(
        f"enter_{role}",
        Text(f"data entry for the side of {role}", f"輸入資料（{zh}）", f"录入数据（{zs}）"),
        "operator",
        "interface",
    )
    for role, zh, zs in (("origin", "出境方", "出境方"), ("destination", "入境方", "进境方"))
}
RELAY = Stage("relay", Text("passing on to the other side", "轉送另一方", "转送另一方"), "shared", "interface")
MESSAGE = [
    by_role("message_1", Text("message, first attempt, {at}", "首次傳送訊息（{at}）", "首次发送消息（{at}）"), "interface"),
    by_role("message_2", Text("message, second attempt, {at}", "第二次傳送訊息（{at}）", "第二次发送消息（{at}）"), "interface"),
    by_role("message_3", Text("message, third attempt, {at}", "第三次傳送訊息（{at}）", "第三次发送消息（{at}）"), "interface"),
]
MEND = [
    by_role("fix_1", Text("mending the first attempt, {at}", "首次被拒後修正（{at}）", "首次被拒后修正（{at}）"), "interface"),
    by_role(
        "fix_2", Text("mending the second attempt, {at}", "第二次被拒後修正（{at}）", "第二次被拒后修正（{at}）"), "interface"
    ),
]
BRING_PAPER = by_role("paper", Text("bringing paper, {at}", "遞交紙本（{at}）", "递交纸本（{at}）"), "interface")
TAKE_PAPER = by_role("paper_check", Text("taking in paper, {at}", "收單（{at}）", "收单（{at}）"), "interface")
OUTAGE = Limit("interface_outage", Text("an outage of the data interface", "數據接口故障", "数据接口故障"))
CHANNEL = PoolKind("interface", Text("data interface", "數據接口", "数据接口"))
RELAY_LINE = PoolKind("relay", Text("line to the other side", "通往另一方的線路", "通往另一方的线路"))
CLERKS = PoolKind("counter_clerks", Text("counter clerks", "櫃檯人員", "柜台人员"), "officer", in_port_hours=True)


def decide(context: PlanningContext, policy: DataInterfacePolicy, world: DataInterfaceWorld) -> FactValues:
    """What may cross, how long operators allow for the data, and when the interface is down."""
    sides = context.flights.sides
    outages = {side: (*_outages(context, world, side), *context.days.spells_s(world.outage_events[side])) for side in sides}
    down = united(spell for side in sides for spell in outages[side]) if policy.mode != "paper" else ()
    return {
        PERSONAL_DATA_CROSS: policy.fields == "personal",
        ENTRY_ALLOWANCE_S: _allowance_s(policy, world),
        OUTAGES_S: outages,
        DISRUPTIONS: tuple(Disruption("outage", *spell) for spell in down),
    }


def _allowance_s(policy: DataInterfacePolicy, world: DataInterfaceWorld) -> float:
    """From the beginning of data entry to acceptance, s, so that `ready_share` of entries are accepted in it.

    Of several steps in turn the margins beyond the means are added as those of independent times are: the root of their squares.
    """
    entries = 1 if policy.single_submission else 2
    ways = {"paper": (world.paper_time, world.paper_check), "batch": (world.batch_latency,), "api": (world.api_latency,)}
    laws = (*entries * (world.entry_time,), *ways[policy.mode])
    means_s = np.array([law.mean for law in laws])
    margins_s = np.array([law.quantile(np.array([world.ready_share]))[0] for law in laws]) - means_s
    batch_s = policy.batch_period if policy.mode == "batch" else 0.0
    return float(means_s.sum() + np.copysign(np.sqrt(np.sum(margins_s**2)), margins_s.sum()) + batch_s)


def _outages(context: PlanningContext, world: DataInterfaceWorld, side: str) -> tuple[tuple[float, float], ...]:
    """A side's sampled outages from a day before the first midnight until the horizon, as (start, end)."""
    up_s = -world.outage_interval[side] * np.log1p(-context.draw(UP_TIME[side]))
    down_s = world.outage_repair[side].quantile(context.draw(DOWN_TIME[side]))
    start_s = np.cumsum(up_s + np.concatenate([[0.0], down_s[:-1]])) - DAY_S
    if start_s[-1] < context.horizon_s:
        raise RunError(_TOO_MANY_OUTAGES + _RARER)
    seen = start_s < context.horizon_s
    return tuple(zip(start_s[seen].tolist(), (start_s + down_s)[seen].tolist(), strict=True))


def build(context: PlanningContext, policy: DataInterfacePolicy, world: DataInterfaceWorld) -> Sequence[StageUse]:
    """Consent, entry, the messages to each side with their attempts, and the paper way."""
    uses = [_consent(context, world)] if policy.fields == "personal" else []
    submissions: tuple[Role, ...] = ("origin",) if policy.single_submission else ENDS
    for role in submissions:
        uses.append(_entry(context, world, role))
        uses += _paper_way(context, policy, world, role) if policy.mode == "paper" else _messages(context, policy, world, role)
    if policy.single_submission:
        uses += _relay(context, policy, world)
    return uses


def _consent(context: PlanningContext, world: DataInterfaceWorld) -> StageUse:
    return StageUse(
        CONSENT_STAGE,
        after=(ORDERED,),
        precedes=(FILED,),
        visits=(context.draw(NEW_CONSIGNOR) < world.new_consignor_share) & context.facts[FILES],
        service_s=world.consent_time.quantile(context.draw(CONSENT)),
    )


def _entry(context: PlanningContext, world: DataInterfaceWorld, role: Role) -> StageUse:
    return StageUse(
        ENTER[role],
        after=(ENTER["origin"],) if role == "destination" else (FILED,),
        visits=context.facts[FILES],
        service_s=_entry_s(context, world, role),
    )


def _entry_s(context: PlanningContext, world: DataInterfaceWorld, role: Role) -> Floats:
    return world.entry_time.quantile(context.draw(ENTRY[role]))


def _channels(context: PlanningContext, policy: DataInterfacePolicy, kind: PoolKind, period_s: float, role: Role) -> PoolChoice:
    """The interface of each side: open in its window, shut in its outages; "everything that waits leaves"."""
    window, outages_s = context.daily(PLENTY, policy.opens, policy.closes), context.facts[OUTAGES_S]
    all_day = context.daily(1, 0.0, 0.0)

    def channel(side: str) -> Pool:
        closed_by = ((OUTAGE, all_day.closed(outages_s[side])),)
        return Pool(kind, window.closed(outages_s[side]), side, side, period_s, policy.opens, DAY_S, closed_by)

    return context.pool_of_each_side(channel, role)


def _messages(context: PlanningContext, policy: DataInterfacePolicy, world: DataInterfaceWorld, role: Role) -> list[StageUse]:
    """Up to three attempts; whichever is given up leads to the fallback."""
    pool = _channels(context, policy, CHANNEL, policy.batch_period if policy.mode == "batch" else 0.0, role)
    latency = world.batch_latency if policy.mode == "batch" else world.api_latency
    going = context.facts[FILES]
    uses: list[StageUse] = []
    sent: tuple[Stage, ...] = ()
    for k in range(ATTEMPTS):
        service_s = latency.quantile(context.draw(LATENCY[role, k]))
        message = MESSAGE[k][role]
        uses.append(
            StageUse(
                message,
                after=(MEND[k - 1][role],) if k else (ENTER[role],),
                precedes=(RECEIVED[role],),
                unless_given_up=sent,
                raises=_fallback_signals(policy, role),
                visits=going,
                pool=pool,
                service_s=service_s,
                patience_s=_patience_s(context, policy, world, role),
            )
        )
        sent = (*sent, message)
        if k < ATTEMPTS - 1:
            going = going & (context.draw(REJECTED[role, k]) < world.reject_share)
            fix_s = world.fix_time.quantile(context.draw(FIX[role, k]))
            uses.append(StageUse(MEND[k][role], after=(message,), unless_given_up=sent, visits=going, service_s=fix_s))
    if policy.fallback == "paper":
        uses += _paper_way(context, policy, world, role, given_up=sent)
    return uses


def _fallback_signals(policy: DataInterfacePolicy, role: Role) -> tuple[Signal, ...]:
    if policy.fallback != "inspect_on_arrival":
        return ()
    return tuple(NO_DATA.values()) if policy.single_submission else (NO_DATA[role],)


def _patience_s(context: PlanningContext, policy: DataInterfacePolicy, world: DataInterfaceWorld, role: Role) -> Floats | float:
    """Patience counts only the time in which a message could have gone: the night and one batch come on top.

    The night is reckoned from the planned end of the data entry, for no plan may know the real one.
    """
    if policy.fallback == "hold":
        return np.inf
    entered_s = context.facts[FILED_S] + _entry_s(context, world, "origin")
    if role == "destination":
        entered_s = entered_s + _entry_s(context, world, role)
    until_open_s = next_opening(entered_s, policy.opens, policy.closes)
    return policy.patience + until_open_s + (policy.batch_period if policy.mode == "batch" else 0.0)


def _paper_way(
    context: PlanningContext, policy: DataInterfacePolicy, world: DataInterfaceWorld, role: Role, given_up: tuple[Stage, ...] = ()
) -> list[StageUse]:
    """Paper to the counter: the rule of mode paper, or the way out when a message was given up."""
    bring = StageUse(
        BRING_PAPER[role],
        after=(ENTER[role],),
        if_given_up=given_up,
        visits=context.facts[FILES],
        service_s=world.paper_time.quantile(context.draw(PAPER[role])),
    )
    take = StageUse(
        TAKE_PAPER[role],
        after=(BRING_PAPER[role],),
        precedes=(RECEIVED[role],),
        if_given_up=given_up,
        visits=context.facts[FILES],
        pool=context.pools_by_side(CLERKS, policy.counter_clerks, role),
        service_s=world.paper_check.quantile(context.draw(PAPER_CHECK[role])),
    )
    return [bring, take]


def _relay(context: PlanningContext, policy: DataInterfacePolicy, world: DataInterfaceWorld) -> list[StageUse]:
    """Under single submission the window passes the data on at once, unless the other side's interface is down."""
    latency = {"paper": world.paper_time, "batch": world.batch_latency, "api": world.api_latency}[policy.mode]
    relay = StageUse(
        RELAY,
        after=(RECEIVED["origin"],),
        precedes=(RECEIVED["destination"],),
        unless_given_up=(Signal.NO_DATA_ORIGIN,),
        visits=context.facts[FILES],
        service_s=latency.quantile(context.draw(LATENCY["destination", 0])),
    )
    if policy.mode == "paper":
        return [relay]
    by_line = replace(
        relay,
        pool=_channels(context, policy, RELAY_LINE, 0.0, "destination"),
        raises=(Signal.NO_DATA_DESTINATION,) if policy.fallback == "inspect_on_arrival" else (),
        patience_s=_patience_s(context, policy, world, "origin"),
    )
    paper = _paper_way(context, policy, world, "destination", given_up=(RELAY,)) if policy.fallback == "paper" else []
    return [by_line, *paper]


_TOO_MANY_OUTAGES = Text(
    f"{MAX_OUTAGES} outages do not reach the end of the study",
    f"{MAX_OUTAGES} 次故障仍未涵蓋整個研究期",
    f"{MAX_OUTAGES} 次故障仍未覆盖整个研究期",
)


_RARER = Text(": make them rarer or the study shorter", "：請調低故障頻率或縮短研究期", "：请调低故障频率或缩短研究期")
_RARER_OUTAGES = Text("rarer outages, or a shorter study", "較少故障，或較短的研究期", "较少故障，或较短的研究期")
_OUTAGE_BACKWARD = Text("an outage ends after it begins", "故障的結束須在開始之後", "故障的结束须在开始之后")


def check(policy: DataInterfacePolicy, world: DataInterfaceWorld, scenario: Any) -> Sequence[Problem]:
    """An outage ends after it begins; the sampled ones are not so many that they end before the study does."""
    horizon_s, longest_s = scenario.study.horizon_s + DAY_S, _SAFE * MAX_OUTAGES
    rare = [side for side in SIDE_KEYS if horizon_s > longest_s * (world.outage_interval[side] + world.outage_repair[side].mean)]
    return [
        *(
            contradiction(
                _TOO_MANY_OUTAGES,
                f"world.data_interface.outage_interval.{side}",
                ("world.data_interface.outage_repair", "study.days", "study.warm_up", "study.cool_down"),
                allowed=_RARER_OUTAGES,
            )
            for side in rare
        ),
        *(
            Problem(_OUTAGE_BACKWARD, path=f"world.data_interface.outage_events.{side}", found=Text.same(f"[{start}, {end}]"))
            for side in SIDE_KEYS
            for start, end in scenario.study.run_days.backward(world.outage_events[side])
        ),
    ]


DATA_INTERFACE = Feature(
    key="data_interface",
    label=Text("Data interface", "數據接口", "数据接口"),
    policy=DataInterfacePolicy,
    world=DataInterfaceWorld,
    streams=(
        NEW_CONSIGNOR, CONSENT, *ENTRY.values(), *LATENCY.values(), *REJECTED.values(), *FIX.values(), *PAPER.values(),
        *PAPER_CHECK.values(), *UP_TIME.values(), *DOWN_TIME.values(),
    ),
    reads=(FILES, FILED_S),
    writes=(PERSONAL_DATA_CROSS, ENTRY_ALLOWANCE_S, OUTAGES_S, DISRUPTIONS),
    stages=(
        CONSENT_STAGE, *ENTER.values(), *(s for m in MESSAGE for s in m.values()), *(s for m in MEND for s in m.values()),
        RELAY, *BRING_PAPER.values(), *TAKE_PAPER.values(),
    ),
    pools=(CHANNEL, RELAY_LINE, CLERKS),
    limits=(OUTAGE,),
    decide=decide,
    build=build,
    check=check,
    stated_spells=lambda policy, world, days: [
        Disruption("outage", *spell)
        for spell in dict.fromkeys(spell for side in SIDE_KEYS for spell in days.spells_s(world.outage_events[side]))
    ],
)  # fmt: skip
