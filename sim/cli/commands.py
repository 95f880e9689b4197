"""The table of the commands of `sim`, in the order of a first day. The module of a command is imported when it is used."""

from typing import NamedTuple

from sim.ground.text import Text

TRY = Text("Try it", "試用", "试用")
COMPARE = Text("Compare policies", "比較政策", "比较政策")
LOOK = Text("Look at a study", "查看研究結果", "查看研究结果")
ASK = Text("Ask further", "進一步提問", "进一步提问")
CHECK = Text("Check and look up", "檢查及查閱", "检查及查阅")


class CommandInfo(NamedTuple):
    """What `sim --help` shows of a command without importing it."""

    place: str
    """The click command, as "module:name"."""
    summary: Text
    """In English the first line of its docstring."""
    group: Text
    """Its heading in `sim --help`."""


COMMANDS = {
    "run": CommandInfo(
        "sim.cli.run:run",
        Text(
            "Simulate the scenarios and compare each with the one it is held against.",
            "模擬各情景，並與所對照的情景比較。",
            "仿真各情景，并与所对照的情景比较。",
        ),
        TRY,
    ),
    "new": CommandInfo(
        "sim.cli.new:new",
        Text(
            "Write a scenario file with every parameter in it as a comment.",
            "建立情景檔案，內有全部參數（以註解列出）。",
            "新建情景文件，内有全部参数（以注释列出）。",
        ),
        TRY,
    ),
    "diff": CommandInfo(
        "sim.cli.diff:diff",
        Text(
            "Say in words how scenario B differs from scenario A, or what changed from study A to study B.",
            "說明情景 B 與情景 A 有何不同，或研究 B 與研究 A 相比有何變化。",
            "说明情景 B 与情景 A 有何不同，或研究 B 与研究 A 相比有何变化。",
        ),
        COMPARE,
    ),
    "attribute": CommandInfo(
        "sim.cli.attribute:attribute",
        Text(
            "Say which lever of a package did it: alone, left out, and its share of the difference.",
            "說明一套措施中哪一項起了作用：單獨採用、單獨撤去，及所佔差異的份額。",
            "说明一套措施中哪一项起了作用：单独采用、单独撤去，以及所占差异的份额。",
        ),
        COMPARE,
    ),
    "sweep": CommandInfo(
        "sim.cli.sweep:sweep",
        Text(
            "Simulate a scenario at every combination of the values, or over a sample of ranges.",
            "以各數值的全部組合，或在範圍內抽樣，模擬一個情景。",
            "以各数值的全部组合，或在范围内抽样，仿真一个情景。",
        ),
        COMPARE,
    ),
    "frontier": CommandInfo(
        "sim.cli.frontier:frontier",
        Text(
            "Find the policies that no other beats in two measures at once.",
            "找出沒有其他政策能在兩項指標上同時勝過的政策。",
            "找出没有其他政策能在两项指标上同时胜过的政策。",
        ),
        COMPARE,
    ),
    "robust": CommandInfo(
        "sim.cli.robust:robust",
        Text(
            "Ask in how many plausible worlds policy B is better than policy A, and where not.",
            "查明在多少種合理環境下政策 B 勝過政策 A，又在何處並非如此。",
            "查明在多少种合理环境下政策 B 优于政策 A，又在何处并非如此。",
        ),
        COMPARE,
    ),
    "report": CommandInfo(
        "sim.cli.report:report",
        Text(
            "Write the report of a study, or of an analysis: PDF, web page and Word file.",
            "撰寫研究或分析的報告：PDF、網頁及 Word 檔案。",
            "撰写研究或分析的报告：PDF、网页及 Word 文件。",
        ),
        LOOK,
    ),
    "replay": CommandInfo(
        "sim.cli.replay:replay",
        Text(
            "Replay the flights of one replication of a study on a map.",
            "在地圖上重播研究中某次重複的航班。",
            "在地图上回放研究中某次重复的航班。",
        ),
        LOOK,
    ),
    "runs": CommandInfo(
        "sim.cli.runs:runs",
        Text(
            "List the studies in FOLDER (out/ unless named), finished and unfinished.",
            "列出資料夾（預設為 out/）內已完成及未完成的研究。",
            "列出文件夹（默认为 out/）内已完成及未完成的研究。",
        ),
        LOOK,
    ),
    "sql": CommandInfo(
        "sim.cli.sql:sql",
        Text("Query the tables of a study in SQL.", "以 SQL 查詢研究的數據表。", "用 SQL 查询研究的数据表。"),
        LOOK,
    ),
    "assumptions": CommandInfo(
        "sim.cli.assumptions:assumptions",
        Text(
            "Rank the assumptions by how far each moves the answer.",
            "按對結論的影響大小排列各項假設。",
            "按对结论的影响大小排列各项假设。",
        ),
        ASK,
    ),
    "sensitivity": CommandInfo(
        "sim.cli.sensitivity:sensitivity",
        Text(
            "Rank the world's parameters by their effect on a measure when all vary.",
            "令各項環境參數同時變動，按對某項指標的影響排列。",
            "令各项环境参数同时变动，按对某项指标的影响排列。",
        ),
        ASK,
    ),
    "saturate": CommandInfo(
        "sim.cli.saturate:saturate",
        Text(
            "Find the demand at which a target breaks, and the pool that is saturated first.",
            "找出需求達到多少便不能達標，以及哪一組人手或設備最先不勝負荷。",
            "找出需求达到多少便不能达标，以及哪一组人手或设备最先不堪负荷。",
        ),
        ASK,
    ),
    "check": CommandInfo(
        "sim.cli.check:check",
        Text(
            "Check scenario files: every problem of every file, or what each scenario is.",
            "檢查情景檔案：列出各檔案的全部錯誤，或說明各情景的內容。",
            "检查情景文件：列出各文件的全部错误，或说明各情景的内容。",
        ),
        CHECK,
    ),
    "explain": CommandInfo(
        "sim.cli.explain:explain",
        Text("Explain a parameter or a measure.", "解釋一項參數或指標。", "解释一项参数或指标。"),
        CHECK,
    ),
    "schema": CommandInfo(
        "sim.cli.schema:schema",
        Text(
            "Print the JSON Schema of scenario files, or write it into a file.",
            "輸出情景檔案的 JSON Schema，或寫入檔案。",
            "输出情景文件的 JSON Schema，或写入文件。",
        ),
        CHECK,
    ),
    "calibrate": CommandInfo(
        "sim.cli.calibrate:calibrate",
        Text("Print predicted figures beside published ones.", "並列推算數字與已公布的數字。", "并列推算数字与已公布的数字。"),
        CHECK,
    ),
    "warm-up": CommandInfo(
        "sim.cli.warm_up:warm_up",
        Text(
            "Propose a warm-up for a scenario from runs without one.",
            "以不設預熱時段的模擬，建議情景的預熱時段。",
            "以不设预热时段的仿真，建议情景的预热时段。",
        ),
        CHECK,
    ),
}
