"""`sim warm-up`: a proposal for the warm-up of a scenario."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from sim.archive.layout import MANIFEST
from sim.charts.export import write_warm_up
from sim.charts.warm_up import listed
from sim.cli.files import CANNOT_BE_WRITTEN, SET
from sim.cli.language import language_of_command
from sim.cli.output import note_kept
from sim.cli.progress import engine_made_ready, progress_bar
from sim.cli.wrapping import wrapped
from sim.engine import default_engine
from sim.ground.errors import InputError, Problem
from sim.ground.output_folder import output_folder
from sim.ground.text import LANGUAGES, Text
from sim.ground.units import format_quantity, quantity_in_words
from sim.scenario.load import load_scenario
from sim.study.study_type import study_type
from sim.study.warm_up import DAYS, SEEDS, WarmUp
from sim.study.warm_up import warm_up as propose

WIDTH = 120
HOW = Text(
    "How: each series is the mean over the replications of a seed, hour by hour from an empty start, less the daily cycle "
    "(the mean of each hour of the day over the second half). MSER-5 (White 1997) leaves out what makes the standard error "
    "of the rest smallest, in batches of five hours; a cut in the second half is not accepted. Proposed: the cut rounded "
    "up to whole days. Delays are those of released flights; a flight is in the system from its planned departure until it "
    "has ended or its aircraft is back. None: the run is too short, or does not settle. Seeds differ by noise alone: "
    "flights put off for days make slow waves, and one proposal tells little. The chart has the mean over all seeds. The "
    "rule can't tell an empty start from a disruption at a stated time (a typhoon, a closure): take such events out with "
    "--set.",
    "方法：每個序列為同一種子各次重複的平均值，由空系統開始逐小時計，並扣除每日周期（後半段每日同一小時的平均值）。MSER-5（"
    "White 1997）以五小時為一批，捨去開首若干批，使其餘部分的標準誤最小；若須捨去至後半段，則不予採納。建議值為捨去時段進位"
    "至整日。延誤只計已放行航班；航班由計劃起飛起，至結束或航空器返回止，視為在系統內。「無」：模擬時間太短或未趨穩定。各種"
    "子之別只屬隨機波動：推遲數日的航班造成緩慢起伏，單一建議參考價值有限。圖中為全部種子的平均值。此法不能分辨空系統開始與"
    "指定時刻的中斷（颱風、關閉）：請以 --set 移除這類事件。",
    "方法：每个序列为同一种子各次重复的平均值，由空系统开始逐小时计，并扣除每日周期（后半段每日同一小时的平均值）。MSER-5（"
    "White 1997）以五小时为一批，舍去开头若干批，使其余部分的标准误最小；若须舍去至后半段，则不予采纳。建议值为舍去时段进位"
    "至整日。延误只计已放行航班；航班由计划起飞起，至结束或航空器返回止，视为在系统内。“无”：仿真时间太短或未趋稳定。各种子"
    "之别只属随机波动：推迟数日的航班造成缓慢起伏，单一建议参考价值有限。图中为全部种子的平均值。此法不能分辨空系统开始与指"
    "定时刻的中断（台风、关闭）：请用 --set 移除这类事件。",
)
BY_RULE = Text(
    "{name}: warm-up by MSER-5, seeds {first} to {last}",
    "{name}：按 MSER-5 法定預熱時段，種子 {first} 至 {last}",
    "{name}：按 MSER-5 法定预热时段，种子 {first} 至 {last}",
)
SIMULATED = Text(
    "simulated with each seed: {n} replications of {days} days from an empty start, and {cool_down} for late flights to end",
    "每個種子模擬 {n} 次重複，每次由空系統開始共 {days} 日，另加 {cool_down} 讓遲到航班完成",
    "每个种子仿真 {n} 次重复，每次由空系统开始共 {days} 日，另加 {cool_down} 让晚到航班完成",
)
NO_DELAYS = Text(
    "no flight was released, so there is no series of delays", "沒有航班獲放行，故無延誤序列", "没有航班获放行，故无延误序列"
)
SERIES = Text("{label}:", "{label}：", "{label}：")
LEAVES_OUT = Text("MSER-5 leaves out {hours} h", "MSER-5 捨去 {hours} 小時", "MSER-5 舍去 {hours} 小时")
PROPOSED = Text(
    "proposed: {days} d; the file's study.warm_up: {warm_up}",
    "建議：{days} 日；檔案的 study.warm_up：{warm_up}",
    "建议：{days} 日；文件的 study.warm_up：{warm_up}",
)
HOLDS_A_STUDY = Text("the folder holds a study", "該資料夾已有研究", "该文件夹已有研究")
ANOTHER = Text("another folder", "另一資料夾", "另一文件夹")


@click.command("warm-up")
@click.argument("file", type=click.Path(path_type=Path))
@SET
@click.option("--replications", type=int, help="Number of replications of each seed  [default: 100]")
@click.option("--seeds", type=int, help="Number of seeds, each with a proposal of its own  [default: 5]")
@click.option("--days", type=int, help="Days simulated from the empty start  [default: 28]")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the chart  [default: out/<scenario>-warm-up]")
def warm_up(
    file: Path, overrides: tuple[str, ...], replications: int | None, seeds: int | None, days: int | None, out: Path | None
) -> None:
    """Propose a warm-up for a scenario from runs without one.

    Several seeds give a proposal each: what differs between them is noise. The series that they are read from are drawn.
    """

    scenario = load_scenario(file, overrides)
    folder = output_folder(out) if out else Path("out") / f"{scenario.name}-warm-up"
    _refuse_study(folder)
    engine_made_ready(default_engine())
    with progress_bar() as progress:
        days, seeds = DAYS if days is None else days, SEEDS if seeds is None else seeds
        proposal = propose(scenario, days=days, seeds=seeds, replications=replications, progress=progress)
    written = _write(proposal, folder)
    note_kept(folder)
    _print(proposal)
    click.echo(f"\n{folder}: {', '.join(path.name for path in written)}")


def _refuse_study(folder: Path) -> None:

    if (folder / MANIFEST).exists():
        raise InputError(Problem(HOLDS_A_STUDY, path="out", found=Text.same(str(folder)), allowed=ANOTHER))


def _write(proposal: WarmUp, folder: Path) -> list[Path]:
    """The chart's files in `folder`, each whole: they are drawn beside it first. Raises InputError where they can't be there."""

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=".partial-") as draft:
            return [path.replace(folder / path.name) for path in write_warm_up(proposal, Path(draft))]
    except OSError as error:
        raise InputError(Problem(CANNOT_BE_WRITTEN.fill(why=error.strerror), path="out", found=Text.same(str(folder)))) from None


def _print(proposal: WarmUp) -> None:
    """What each series says, and what is proposed."""
    language, study, seeds = language_of_command(), proposal.scenario.study, proposal.seeds

    def say(words: Text, indent: int = 0) -> None:
        click.echo(wrapped(words.in_language(language), WIDTH, " " * indent, " " * indent))

    say(BY_RULE.fill(name=proposal.scenario.name, first=seeds[0], last=seeds[-1]))
    cool_down = _in_words(study.cool_down)
    say(SIMULATED.fill(n=proposal.replications, days=proposal.days, cool_down=cool_down), 2)
    if len(proposal.series) == 1:
        say(NO_DELAYS, 2)
    for series in proposal.series:
        say(SERIES.fill(label=series.label), 2)
        say(LEAVES_OUT.fill(hours=listed(series.cuts_h, language)), 4)
    say(PROPOSED.fill(days=listed(proposal.proposed_d, language), warm_up=_in_words(study.warm_up)), 2)
    say(proposal.finding, 2)
    say(study_type(study.warm_up), 2)
    click.echo()
    say(HOW)


def _in_words(seconds: float) -> Text:
    written = format_quantity(seconds, "time")
    return Text(*(quantity_in_words(written, language) for language in LANGUAGES))
