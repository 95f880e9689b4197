"""Section: what a reader must know before a figure is used."""

from collections import Counter
from collections.abc import Iterator

from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Callout
from sim.report.interpretation_notes import NOT_MEASURED
from sim.scenario.parameters import catalogue

READ_FIRST = Text("Read this first", "請先閱讀", "请先阅读")
STATUSES = Text(
    "Of the {all} parameters of the model, {stated} stand in a source, {derived} are arithmetic on one, {recalled} are general "
    "knowledge and {guess} are guesses; the assumption ledger names each of those in use. An interval holds the noise of the "
    "simulation, not what is not known of the world.",
    "模型共 {all} 個參數：{stated} 個有載明出處，{derived} 個由出處推算，{recalled} 個憑一般認識，{guess} 個為假設；"
    "假設清單逐一列出本研究所用者。置信區間只反映模擬的隨機波動，並不反映對現實所知的不足。",
    "模型共 {all} 个参数：{stated} 个有明确出处，{derived} 个由出处推算，{recalled} 个凭一般认识，{guess} 个为假设；"
    "假设清单逐一列出本研究所用者。置信区间只反映模拟的随机波动，并不反映对现实所知的不足。",
)
OWN = Text(
    "This report is made by a simulator. It states no position of any administration named in it.",
    "本報告由模擬器產生，不代表所提及的任何行政機關的立場。",
    "本报告由模拟器生成，不代表所提及的任何行政机关的立场。",
)


def read_first(context: ReportContext) -> Iterator[Block]:
    """One box: levers without effect, analogues, statuses, and the warnings of the study."""
    counts = Counter(parameter.status.value for parameter in catalogue().values())
    statuses = {status: counts[status] for status in ("stated", "derived", "recalled", "guess")}
    items = (
        *context.study.levers_in(context.language),
        context.say(NOT_MEASURED),
        context.say(STATUSES, all=counts.total(), **statuses),
        *context.study.warnings_in(context.language),
        context.say(OWN),
    )
    yield Callout(context.say(READ_FIRST), items)
