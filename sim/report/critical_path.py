"""What a change does to the critical path, in sentences: what ends last in how many flights, and whether it takes longer."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.charts import labels
from sim.charts.quantity import scale_for
from sim.ground.text import NOTHING, Language, Text
from sim.metrics.ends_last import DEPARTURE, RELEASE
from sim.model.stage import ROLE_LABELS, STEP_LABELS, Stage
from sim.study.critical_path import OwnTime, PathChange, ShareMoved, path_change, path_values, risen_and_fallen
from sim.study.shown_names import quoted_names

if TYPE_CHECKING:
    from sim.study.study import Study

BEFORE = Text("before", "之前", "之前")
"""What stands before a number of an earlier study."""
_BEGINNING = re.compile("[a-z]")
_POINTS: Mapping[str, Text] = {
    DEPARTURE: Text(
        "{What} ends last before take-off in {after} of 100 flights ({than}: {before}){time}.",
        "起飛前最後完成的是{what}：每 100 班有 {after} 班（{than}：{before} 班）{time}。",
        "起飞前最后完成的是{what}：每 100 班有 {after} 班（{than}：{before} 班）{time}。",
    ),
    RELEASE: Text(
        "{What} ends last before the release in {after} of 100 flights ({than}: {before}){time}.",
        "放行前最後完成的是{what}：每 100 班有 {after} 班（{than}：{before} 班）{time}。",
        "放行前最后完成的是{what}：每 100 班有 {after} 班（{than}：{before} 班）{time}。",
    ),
}
_CHANGED = Text(
    "; on average it takes {after} a flight ({than}: {before})",
    "；該環節平均每班需時 {after}（{than}：{before}）",
    "；该环节平均每班用时 {after}（{than}：{before}）",
)
_TIME: Mapping[str, Text] = {
    "same": Text(
        "; it takes as long in both, {after} a flight on average",
        "；該環節所需時間兩者相同，平均每班 {after}",
        "；该环节用时两者相同，平均每班 {after}",
    ),
    "longer": _CHANGED,
    "shorter": _CHANGED,
    "undecided": Text(
        "; whether it takes longer or shorter can't be told: {after} a flight on average ({than}: {before})",
        "；該環節所需時間有否增減未能判定：平均每班 {after}（{than}：{before}）",
        "；该环节用时有无增减未能判定：平均每班 {after}（{than}：{before}）",
    ),
    "new": Text("; no flight came to it otherwise", "；原先沒有航班須經此環節", "；原先没有航班须经此环节"),
    "gone": Text("; no flight comes to it any more", "；已無航班須經此環節", "；已无航班须经此环节"),
}
_NOT_BEFORE: Mapping[str, Text] = {
    DEPARTURE: Text("; take-off did not wait for it otherwise", "；原先起飛無須等候此環節", "；原先起飞无须等候此环节"),
    RELEASE: Text("; the release did not wait for it otherwise", "；原先放行無須等候此環節", "；原先放行无须等候此环节"),
}
_NO_LONGER: Mapping[str, Text] = {
    DEPARTURE: Text("; take-off no longer waits for it", "；起飛已無須等候此環節", "；起飞已无须等候此环节"),
    RELEASE: Text("; the release no longer waits for it", "；放行已無須等候此環節", "；放行已无须等候此环节"),
}
_CHANGED_FLIGHT = Text(
    "Time in the air: {after} a flight on average ({than}: {before}).",
    "平均每班飛行時間為 {after}（{than}：{before}）。",
    "平均每班飞行时间为 {after}（{than}：{before}）。",
)
_FLIGHT_TIME: Mapping[str, Text] = {
    "same": Text(
        "Flights do not fly longer or shorter: {after} on average in both.",
        "飛行時間沒有增減：兩者平均均為 {after}。",
        "飞行时间没有增减：两者平均均为 {after}。",
    ),
    "longer": _CHANGED_FLIGHT,
    "shorter": _CHANGED_FLIGHT,
    "undecided": Text(
        "Whether flights fly longer or shorter can't be told: {after} on average ({than}: {before}).",
        "飛行時間有否增減未能判定：平均 {after}（{than}：{before}）。",
        "飞行时间有无增减未能判定：平均 {after}（{than}：{before}）。",
    ),
    "new": NOTHING,
    "gone": NOTHING,
}
_STEP_AND_WHOSE = Text("{step} ({whose})", "{step}（{whose}）", "{step}（{whose}）")
_WAITS_FOR_FLIGHT = Text(
    "The release waits for the flight itself in {after} of 100 flights ({than}: {before}), so its minutes count in {more} "
    "flights.",
    "每 100 班有 {after} 班的放行須待航班飛抵（{than}：{before} 班），故飛行時間計入{more}航班。",
    "每 100 班有 {after} 班的放行须待航班飞抵（{than}：{before} 班），故飞行时间计入{more}航班。",
)
_MORE, _FEWER = Text("more", "更多", "更多"), Text("fewer", "較少", "较少")


def critical_path_sentences(study: "Study", name: str, language: Language = "en") -> list[str]:
    """What sets the critical path of a scenario apart from that of the one it is held against.

    A sentence says what ends last, before take-off or before the release, in clearly more or fewer flights, and whether it takes
    longer by itself. None for the baseline, where nothing clearly changed, and in a study that did not keep what they are read
    from.
    """
    base = study.against.get(name)
    if base is None:
        return []
    values = path_values(study)
    if not (values[base] and values[name]):
        return []
    change = path_change(values[base], values[name], labels.stages(study.features), study.confidence)
    return sentences(change, Text.same(quoted_names(study, language)[base]), language, labels.stages(study.features))


def sentences(change: PathChange, than: Text, language: Language, stages: Mapping[str, Stage]) -> list[str]:
    """A change of the critical path in sentences; than: what the numbers held against are those of, such as BEFORE."""
    lines: list[str] = []
    if change.flight is not None:
        more = _MORE if change.flight.is_risen else _FEWER
        times, shares = _times(change.flight.time, language), _shares(change.flight)
        lines.append(_FLIGHT_TIME[change.flight.time.pace].fill(than=than, **times).in_language(language))
        lines.append(_WAITS_FOR_FLIGHT.fill(than=than, more=more, **shares).in_language(language))
    for point, moved in change.ends_last.items():
        lines += _at_point(point, list(risen_and_fallen(moved)), than, language, stages)
    return [line for line in lines if line]


def _at_point(point: str, moved: list[ShareMoved], than: Text, language: Language, stages: Mapping[str, Stage]) -> Iterator[str]:
    for share in moved:
        what = _name(share, stages)
        what_first = Text(_BEGINNING.sub(lambda match: match[0].upper(), what.en, count=1), what.zh_hant, what.zh_hans)
        time = _TIME[share.time.pace].fill(than=than, **_times(share.time, language)) + _why(share, point)
        sentence = _POINTS[point].fill(What=what_first, what=what, than=than, time=time, **_shares(share))
        yield sentence.in_language(language)


def _why(share: ShareMoved, point: str) -> Text:
    """What else is known: that the stage leads to that point in one of the two only, though flights come to it in both."""
    if share.time.pace in ("new", "gone") or all(share.led_there):
        return NOTHING
    return (_NO_LONGER if share.led_there[0] else _NOT_BEFORE)[point]


def _name(share: ShareMoved, stages: Mapping[str, Stage]) -> Text:
    if not share.stage:
        return _STEP_AND_WHOSE.fill(step=STEP_LABELS[share.step], whose=ROLE_LABELS[share.role])
    label = stages[share.stage].label
    return Text(f"“{label.en}”" if "," in label.en else label.en, label.zh_hant, label.zh_hans)


def _shares(share: ShareMoved) -> dict[str, str]:
    return {"before": _of_100(share.before), "after": _of_100(share.after)}


def _of_100(share: float) -> str:
    """The flights of 100; of few flights "under 1", for it is not none."""
    return f"{100 * share:.0f}" if share == 0 or share >= 0.005 else "<1"


def _times(time: OwnTime, language: Language) -> dict[str, str]:
    """The two times in one unit, with as many digits."""
    scale = scale_for("s", time.before_s, time.after_s)
    before, after = scale.levels(time.before_s, time.after_s)
    unit = scale.unit.in_language(language)
    return {"before": f"{before} {unit}", "after": f"{after} {unit}"}
