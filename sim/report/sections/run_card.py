"""Section: the run card: all that anyone needs to repeat the study."""

from collections.abc import Iterator

from sim.ground.text import Text
from sim.report.context import LISTED, ReportContext
from sim.report.document import Block, Column, Command, Heading, Paragraph, Row, Table

RUN_CARD = Text("Run card", "運行記錄", "运行记录")
CAPTION = Text("What was run, and with what", "運行內容及環境", "运行内容及环境")
WHAT, RECORD = Text("item", "項目", "项目"), Text("record", "記錄", "记录")
ITEMS: dict[str, Text] = {
    "version": Text("version of the simulator", "模擬器版本", "模拟器版本"),
    "model": Text("fingerprint of the model", "模型指紋", "模型指纹"),
    "key": Text("key of the study", "研究識別碼", "研究标识码"),
    "seed": Text("seed", "隨機種子", "随机种子"),
    "replications": Text("replications", "重複次數", "重复次数"),
    "confidence": Text("confidence", "置信水平", "置信水平"),
    "window": Text("warm-up, observed, cool-down", "預熱期、觀察期、冷卻期", "预热期、观察期、冷却期"),
    "started": Text("started", "開始時間", "开始时间"),
    "duration": Text("duration", "運行時間", "运行时间"),
    "machine": Text("machine", "機器", "机器"),
    "engine": Text("engine", "引擎", "引擎"),
    "libraries": Text("libraries", "程式庫", "程序库"),
}
SCENARIO = Text("scenario {name}", "情景 {name}", "情景 {name}")
CPUS = Text(
    "{platform}, {cpus} processors, Python {python}",
    "{platform}，{cpus} 個處理器，Python {python}",
    "{platform}，{cpus} 个处理器，Python {python}",
)
DAYS = Text("{n} d", "{n} 日", "{n} 日")
AGAIN = Text(
    "Typed in the study's folder, this gives the same numbers on any machine, whatever the number of workers:",
    "在研究的資料夾內輸入以下指令，無論在任何機器、使用多少工作程序，結果均相同：",
    "在研究的文件夹内输入以下命令，无论在任何机器、使用多少工作进程，结果均相同：",
)


def run_card(context: ReportContext) -> Iterator[Block]:
    """A table of what was run, and the command that runs it again."""
    manifest = context.study.manifest
    window, run = manifest.window, manifest.run
    texts = {
        "version": manifest.version,
        "model": manifest.identity.model,
        "key": manifest.key,
        "seed": str(manifest.seed),
        "replications": str(manifest.replications),
        "confidence": f"{100 * manifest.confidence:g}%",
        "window": context.say(LISTED).join([
            context.quantity(window.warm_up), context.say(DAYS, n=window.days), context.quantity(window.cool_down),
        ]),
        "started": run.started.isoformat(),
        "duration": context.quantity(f"{run.seconds:.1f} s"),
        "machine": context.say(CPUS, platform=run.platform, cpus=run.cpus, python=run.python),
        "engine": run.engine,
        "libraries": context.say(LISTED).join(f"{name} {version}" for name, version in run.libraries.items()),
    }  # fmt: skip
    rows = [Row((context.say(ITEMS[key]), text)) for key, text in texts.items()]
    rows += [Row((context.say(SCENARIO, name=scenario.name), scenario.hash)) for scenario in manifest.scenarios]
    yield Heading(context.say(RUN_CARD))
    yield Table(
        context.say(CAPTION), (Column(context.say(WHAT), "left", 1.0), Column(context.say(RECORD), "left", 2.6)), tuple(rows)
    )
    yield Paragraph(context.say(AGAIN))
    files = " ".join(scenario.file for scenario in manifest.scenarios)
    yield Command(f"sim run {files} --seed {manifest.seed} --replications {manifest.replications} --out again")
