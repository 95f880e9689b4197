"""What limits, in sentences: which rule or pool loses flights, puts them off or keeps them waiting, and who is busy."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.charts import labels
from sim.ground.text import Language, Text
from sim.metrics.breakdown import TOTAL
from sim.study.limits import ALL, NO_LIMIT, OFF_DUTY, QUEUE, VERDICT
from sim.study.shown_names import BETWEEN_NAMES, names_in

if TYPE_CHECKING:
    from sim.study.study import Study

WHAT_LIMITS = Text("What limits", "制約所在", "制约所在")
DECIDES = Text(
    "{names}: {limit} decides. Of 100 flights planned {effects}.",
    "{names}：關鍵在於{limit}。每 100 班計劃航班，{effects}。",
    "{names}：关键在于{limit}。每 100 班计划航班，{effects}。",
)
ALIKE = Text(
    "{names}: {limit} and {other} limit alike. Of 100 flights planned {effects}; {other}: {others}.",
    "{names}：{limit}與{other}影響相若。每 100 班計劃航班，{effects}；{other}：{others}。",
    "{names}：{limit}与{other}影响相近。每 100 班计划航班，{effects}；{other}：{others}。",
)
LOSES = Text("it loses {lost}", "因此流失 {lost} 班", "因此流失 {lost} 班")
PUTS_OFF = Text("it puts off {put_off} by an hour or more", "推遲一小時或以上 {put_off} 班", "推迟一小时或以上 {put_off} 班")
BOTH = Text("{loses} and {puts_off}", "{loses}，另{puts_off}", "{loses}，另{puts_off}")
LOST_OR_PUT_OFF = Text("{n} lost or put off", "流失或推遲 {n} 班", "流失或推迟 {n} 班")
NEXT = Text(" Next: {limit}, {others}.", "其次為{limit}，{others}。", "其次为{limit}，{others}。")
ITS_POOL = Text(
    " Its busiest pool, {pool}, is busy {share} of its time on duty, {hour} in its busiest hour of the day.",
    "其中最繁忙的是{pool}，使用率 {share}，最繁忙時段 {hour}。",
    "其中最繁忙的是{pool}，利用率 {share}，最繁忙时段 {hour}。",
)
MAY = Text(
    "{names}: {limit} may limit. Of 100 flights planned {effects}; with so few replications it may be none.",
    "{names}：{limit}或有制約。每 100 班計劃航班，{effects}；重複次數太少，亦可能沒有影響。",
    "{names}：{limit}可能有制约。每 100 班计划航班，{effects}；重复次数太少，也可能没有影响。",
)
LITTLE = Text(
    "{names}: nothing limits much at this demand. No rule or pool loses even 1 of 100 flights or puts 1 off by an hour; most "
    "waiting is due to {limit} ({waiting} of 100 flights, {minutes} min a flight on the mean).",
    "{names}：以此需求並無明顯制約。沒有任何規則或資源令每 100 班中的 1 班流失或推遲一小時；等候主要由於{limit}"
    "（每 100 班有 {waiting} 班，平均每班 {minutes} 分鐘）。",
    "{names}：按此需求没有明显制约。没有任何规则或资源令每 100 班中的 1 班流失或推迟一小时；等候主要由于{limit}"
    "（每 100 班有 {waiting} 班，平均每班 {minutes} 分钟）。",
)
NOTHING = Text(
    "{names}: nothing limits at this demand. No rule or pool loses even 1 of 100 flights, puts 1 off by an hour, or holds "
    "flights for a minute on the mean.",
    "{names}：以此需求並無制約。沒有任何規則或資源令每 100 班中的 1 班流失或推遲一小時，亦沒有令航班平均等候一分鐘。",
    "{names}：按此需求没有制约。没有任何规则或资源令每 100 班中的 1 班流失或推迟一小时，也没有令航班平均等候一分钟。",
)
OFFICERS = Text(
    "Customs officers on duty are busy {share} of the time. ",
    "海關人員當值時間有 {share} 在工作。",
    "海关人员值班时间有 {share} 在工作。",
)
POOLS = Text(
    "Busiest pool: {pool} ({busiest}, {name}); {idle} of {n} pools in {base} are busy less than {least}.",
    "最繁忙的資源：{pool}（{name}，{busiest}）；{base}的 {n} 個資源中有 {idle} 個使用率低於 {least}。",
    "最繁忙的资源：{pool}（{name}，{busiest}）；{base}的 {n} 个资源中有 {idle} 个利用率低于 {least}。",
)
ALL_SCENARIOS = Text("All scenarios", "各情景", "各情景")
BETWEEN = Text("(between {low} and {high})", "（{low} 至 {high}）", "（{low} 至 {high}）")
UNTIL = Text("{low} to {high}", "{low} 至 {high}", "{low} 至 {high}")
FEWER_THAN_ONE = Text("fewer than 1", "少於 1", "少于 1")
ALIKE_FROM = 0.8  # of the largest
IDLE, LEAST_MINUTES = 0.05, 1.0
Row = Mapping[str, Any]


def limit_sentences(study: "Study", language: Language = "en") -> list[str]:
    """A sentence for each scenario that something limits, and for those that one limit touches little; then who is busy.

    None where nothing was measured.
    """
    by_scenario = {name: _limits_of(study, name) for name in study.names}
    measured = {name: rows for name, rows in by_scenario.items() if rows}
    if not measured:
        return []
    names = names_in(study, language)
    groups: dict[tuple[str, str], list[str]] = {}
    for name, rows in measured.items():
        key = ("", name) if lost_or_put_off(rows[0]) >= 1 else ("little", str(rows[0]["limit"]) if _is_felt(rows[0]) else "")
        groups.setdefault(key, []).append(name)
    sentences = []
    for (little, _), members in groups.items():
        is_all = len(members) == len(measured) > 1
        shown = (
            ALL_SCENARIOS.in_language(language)
            if is_all
            else BETWEEN_NAMES.in_language(language).join(names[name] for name in members)
        )
        of_members = [measured[name] for name in members]
        sentences.append(
            _touched_little(shown, of_members, language) if little else _limited(study, shown, of_members[0], language)
        )
    return [*sentences, *_who_is_busy(study, list(measured), language)]


def lost_or_put_off(row: Row) -> int:
    """Of 100 flights planned, those that a limit loses or puts off, in whole flights that are full."""
    return math.floor(float(row["lost"]) + float(row["put_off"]))


def _limits_of(study: "Study", name: str) -> list[Row]:
    """The rows of a scenario's limits, without what was found out about flights and time that no limit accounts for."""
    rows = study.limits[study.limits["scenario"] == name].to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows if row["kind"] not in (ALL, VERDICT, NO_LIMIT)]


def _is_felt(row: Row) -> bool:
    return float(row["minutes"]) >= LEAST_MINUTES


def _limited(study: "Study", names: str, rows: Sequence[Row], language: Language) -> str:
    first, second = rows[0], rows[1] if len(rows) > 1 else None
    parts = {"names": names, "limit": _term(first, language), "effects": _effects(first, language)}
    is_certain = float(first["lost_low"]) + float(first["put_off_low"]) >= 0.5
    sentence, others = DECIDES if is_certain else MAY, ""
    if second is not None and lost_or_put_off(second) >= 1:
        n = f"{float(second['lost']) + float(second['put_off']):.0f}"
        others = LOST_OR_PUT_OFF.in_language(language).format(n=n)
        parts |= {"other": _term(second, language), "others": others}
        if is_certain and lost_or_put_off(second) >= ALIKE_FROM * lost_or_put_off(first):
            sentence = ALIKE
    sentences = [sentence.in_language(language).format(**parts)]
    if first["kind"] in (QUEUE, OFF_DUTY) and first["pool"]:
        pool, shares = labels.pool(str(first["pool"]), language, study.features), (first["utilisation"], first["busiest_hour"])
        share, hour = (_share([float(value)], language) for value in shares)
        sentences.append(ITS_POOL.in_language(language).format(pool=pool, share=share, hour=hour))
    if others and sentence is not ALIKE:
        sentences.append(NEXT.in_language(language).format(limit=parts["other"], others=others))
    return "".join(sentences)


def _effects(row: Row, language: Language) -> str:
    """How many of 100 flights a limit loses, and puts off, with intervals."""
    lost, put_off = (_of_hundred(row, language, column, *ends) for column, *ends in (_LOST, _PUT_OFF))
    loses, puts_off = LOSES.in_language(language).format(lost=lost), PUTS_OFF.in_language(language).format(put_off=put_off)
    if lost and put_off:
        puts_off = puts_off.removeprefix("it ") if language == "en" else puts_off
        return BOTH.in_language(language).format(loses=loses, puts_off=puts_off)
    return loses if lost else puts_off


_LOST, _PUT_OFF = ("lost", "lost_low", "lost_high"), ("put_off", "put_off_low", "put_off_high")


def _of_hundred(row: Row, language: Language, *columns: str) -> str:
    """A number of flights of 100 with its interval, in whole flights; empty below one half."""
    mean, low, high = (float(row[column]) for column in columns)
    if mean < 0.5:
        return ""
    ends = [f"{end:.0f}" for end in (max(low, 0.0), high) if math.isfinite(end)]
    interval = BETWEEN.in_language(language).format(low=ends[0], high=ends[1]) if len(set(ends)) == 2 else ""
    return f"{mean:.0f}{' ' if interval and language == 'en' else ''}{interval}"


def _touched_little(names: str, of_scenarios: Sequence[Sequence[Row]], language: Language) -> str:
    first = [rows[0] for rows in of_scenarios]
    if not _is_felt(first[0]):
        return NOTHING.in_language(language).format(names=names)
    minutes = [float(row["minutes"]) for row in first]
    lowest, highest = (f"{value:.2g}" for value in (min(minutes), max(minutes)))
    waiting = [float(row["kept_waiting"]) + float(row["put_off"]) for row in first]
    few = FEWER_THAN_ONE.in_language(language)
    least, most = (few if n < 0.5 else f"{n:.0f}" for n in (min(waiting), max(waiting)))
    parts = {"names": names, "limit": _term(first[0], language), "waiting": _range(least, most, language)}
    return LITTLE.in_language(language).format(**parts, minutes=_range(lowest, highest, language))


def _who_is_busy(study: "Study", names: Sequence[str], language: Language) -> list[str]:
    """How busy customs officers are, the busiest pool of all scenarios, and how many are idle in the first."""
    means = {(row["scenario"], row["metric"], row["part"]): float(row["mean"]) for row in study.summary.to_dict("records")}
    busy = {
        (name, str(part)): mean for (name, metric, part), mean in means.items() if metric == "utilisation" and math.isfinite(mean)
    }
    if not busy:
        return []
    (name, pool), most = max(busy.items(), key=lambda item: item[1])
    in_base = [share for (scenario, _), share in busy.items() if scenario == names[0]]
    shown = names_in(study, language)
    times = [
        (means.get((name, "officer_time", TOTAL), 0.0), means.get((name, "officer_time_scheduled", TOTAL), 0.0)) for name in names
    ]
    officers = [spent / on_duty for spent, on_duty in times if on_duty > 0]
    sentence = OFFICERS.in_language(language).format(share=_share(officers, language)) if officers else ""
    parts = {"pool": labels.pool(pool, language, study.features), "busiest": _share([most], language), "name": shown[str(name)]}
    idle = sum(share < IDLE for share in in_base)
    counts = {"base": shown[names[0]], "idle": idle, "n": len(in_base), "least": f"{IDLE:.0%}"}
    return [sentence + POOLS.in_language(language).format(**parts, **counts)]


def _share(shares: Sequence[float], language: Language) -> str:
    least, most = (f"{share:.1%}" if share < 0.01 else f"{share:.0%}" for share in (min(shares), max(shares)))
    return _range(least, most, language)


def _range(low: str, high: str, language: Language) -> str:
    return low if low == high else UNTIL.in_language(language).format(low=low, high=high)


def _term(row: Row, language: Language) -> str:
    return str(row["term" if language == "en" else f"term_{language.lower().replace('-', '_')}"])
