"""How seldom a consignment is missed: the years between two, over the plausible range of the prevalence of contraband."""

from typing import TYPE_CHECKING, Any

from sim.ground.parameter import STATUS_LABELS, in_si
from sim.ground.text import Language, Text
from sim.ground.units import format_quantity
from sim.scenario.parameters import catalogue
from sim.study.shown_names import names_in
from sim.study.verdict import IS_BETTER, IS_WORSE, Verdict

if TYPE_CHECKING:
    from sim.study.study import Study

PREVALENCE = "world.compliance.prevalence"
EXPECTED, RATE, RELEASED = "expected_missed", "missed_per_million", "consignments_released"
YEAR_DAYS, MONTH_DAYS = 365.25, 30.4375
LEVEL = Text(
    "Missed: at a prevalence of contraband of {prevalence} ({status}) {name} misses one consignment in {period}; over the "
    "plausible range of the prevalence ({low} to {high}), one in {shortest} to {longest}.",
    "漏檢：若違禁品比率為 {prevalence}（{status}），{name} 平均每{period}漏檢一件；在該比率的合理範圍（{low} 至 {high}）內，"
    "則為每{shortest}至{longest}一件。",
    "漏检：若违禁品比率为 {prevalence}（{status}），{name} 平均每{period}漏检一件；在该比率的合理范围（{low} 至 {high}）内，"
    "则为每{shortest}至{longest}一件。",
)
MORE = Text(
    "Missed: at a prevalence of contraband of {prevalence} ({status}) {name}, if as many consignments were "
    "released, would miss one more than {base} in {period}; over the plausible range of the prevalence, one more in "
    "{shortest} to {longest}.",
    "漏檢：若違禁品比率為 {prevalence}（{status}）而放行件數相同，{name} 平均每{period}較 {base} 多漏檢一件；"
    "在該比率的合理範圍內，則為每{shortest}至{longest}多一件。",
    "漏检：若违禁品比率为 {prevalence}（{status}）而放行件数相同，{name} 平均每{period}较 {base} 多漏检一件；"
    "在该比率的合理范围内，则为每{shortest}至{longest}多一件。",
)
FEWER = Text(
    "Missed: at a prevalence of contraband of {prevalence} ({status}) {name}, if as many consignments were "
    "released, would miss one fewer than {base} in {period}; over the plausible range of the prevalence, one fewer in "
    "{shortest} to {longest}.",
    "漏檢：若違禁品比率為 {prevalence}（{status}）而放行件數相同，{name} 平均每{period}較 {base} 少漏檢一件；"
    "在該比率的合理範圍內，則為每{shortest}至{longest}少一件。",
    "漏检：若违禁品比率为 {prevalence}（{status}）而放行件数相同，{name} 平均每{period}较 {base} 少漏检一件；"
    "在该比率的合理范围内，则为每{shortest}至{longest}少一件。",
)
UNITS = (
    (2 * YEAR_DAYS, YEAR_DAYS, Text("{n} years", " {n} 年", " {n} 年")),
    (90.0, MONTH_DAYS, Text("{n} months", " {n} 個月", " {n} 个月")),
    (2.0, 1.0, Text("{n} days", " {n} 日", " {n} 日")),
    (0.0, 1 / 24, Text("{n} hours", " {n} 小時", " {n} 小时")),
)
"""From how many days on a period is told in a unit, the days of one, and its words."""
CLEAR = (*IS_BETTER, *IS_WORSE, Verdict.LARGER, Verdict.SMALLER, Verdict.FEWER_FLIGHTS, Verdict.TOO_SMALL)


def return_period_of_level(study: "Study", name: str, language: Language = "en") -> str:
    """In what time a scenario misses one consignment; empty where it misses none, or nothing is known of it."""
    row = _row(study.summary, name, EXPECTED)
    return _sentence(LEVEL, study, name, abs(row["mean"]), language) if row is not None and row["mean"] > 0 else ""


def return_period_of_difference(study: "Study", name: str, language: Language = "en") -> str:
    """In what time a scenario would miss one consignment more, or fewer, than the one it is held against, of as many released.

    By the misses per million, so that nobody misses fewer by carrying less. Empty where no difference in them is shown.
    """
    base = study.against[name]
    row, released = _row(study.comparison, name, RATE), _row(study.summary, base, RELEASED)
    if row is None or released is None or row["verdict"] not in CLEAR:
        return ""
    missed = row["difference"] * released["mean"] / 1e6
    return _sentence(MORE if missed > 0 else FEWER, study, name, abs(missed), language, base)


def period_in_words(days: float, language: Language = "en") -> str:
    """A time between two events to two digits: "31 years", "5 months", "12 days"."""
    _, size, words = next(unit for unit in UNITS if days >= unit[0])
    n = float(f"{days / size:.2g}")
    return words.in_language(language).format(n=f"{n:,.0f}" if n >= 10 or n == round(n) else f"{n:g}")


def _sentence(text: Text, study: "Study", name: str, missed: float, language: Language, base: str = "") -> str:
    """The sentence on that many consignments a replication; empty where the prevalence has no plausible range, or is 0.

    Misses are in proportion to the prevalence, as long as it is small.
    """
    parameter = catalogue(study.scenarios[0].assembly)[PREVALENCE]
    stated = float(study.scenarios[0].world.compliance.prevalence)
    if parameter.plausible is None or not stated > 0:
        return ""
    low, high = (in_si(end) for end in parameter.plausible)
    days = study.manifest.window.days / missed
    names = names_in(study, language)
    words = {
        "name": names[name],
        "base": names.get(base, ""),
        "prevalence": format_quantity(stated, "share"),
        "status": STATUS_LABELS[parameter.status].in_language(language),
        "low": format_quantity(low, "share"),
        "high": format_quantity(high, "share"),
        "period": period_in_words(days, language),
        "shortest": period_in_words(days * stated / high, language),
        "longest": period_in_words(days * stated / low, language),
    }
    return text.in_language(language).format(**words)


def _row(table: Any, name: str, metric: str) -> Any:
    """The row of a scenario and measure, as a whole; None where there is none with a number."""
    column = "mean" if "mean" in table else "difference"
    rows = table[(table["scenario"] == name) & (table["metric"] == metric) & (table["part"] == "")]
    rows = rows[rows[column].notna()].to_dict("records")
    return rows[0] if rows else None
