"""Section: the method, under the headings of STRESS-DES (Monks et al., Journal of Simulation 13(1), 2019, 55-67)."""

from collections.abc import Iterator

from sim.ground.text import Text
from sim.report.context import ReportContext
from sim.report.document import Block, Heading, Paragraph
from sim.statistics import intervals

METHOD = Text("Method (STRESS-DES)", "方法（STRESS-DES）", "方法（STRESS-DES）")
PARTS: tuple[tuple[Text, Text], ...] = (
    (
        Text("1. Objectives", "1　目的", "1　目的"),
        Text(
            "To compare policies for clearing flights across the boundaries between Hong Kong, Macao and the Mainland: who "
            "checks, where, when, on whose data, recognised by whom. Measures are defined in docs/reference/measures.md.",
            "比較香港、澳門與內地之間跨境航班的清關政策：由誰查驗、在哪裏查驗、何時查驗、採用誰的資料、獲誰承認。"
            "各項指標的定義見 docs/reference/measures.md。",
            "比较香港、澳门与内地之间跨境航班的清关政策：由谁查验、在哪里查验、何时查验、采用谁的数据、获谁承认。"
            "各项指标的定义见 docs/reference/measures.md。",
        ),
    ),
    (
        Text("2. Logic", "2　邏輯", "2　逻辑"),
        Text(
            "A discrete-event simulation. Each flight goes along three tracks that join before departure or before release: "
            "data and customs, airspace, and the aircraft and its goods. A stage may queue for servers (officers, machines, "
            "pads, slots) by priority and order of arrival, and may be given up after a patience or at a deadline.",
            "離散事件模擬。每班航班沿三條線進行，並於起飛前或放行前匯合：資料與海關、空域、航空器及貨物。"
            "步驟可按優先次序及到達次序輪候資源（人員、機器、起降坪、通道時段），亦可在等候過久或到達限期時放棄。",
            "离散事件仿真。每班航班沿三条线进行，并于起飞前或放行前汇合：数据与海关、空域、航空器及货物。"
            "步骤可按优先次序及到达次序排队等候资源（人员、机器、起降坪、通道时隙），也可在等候过久或到达期限时放弃。",
        ),
    ),
    (
        Text("3. Data", "3　數據", "3　数据"),
        Text(
            "Every parameter is declared with its source and status; the assumption ledger lists those in use. No measured "
            "clearance times of cross-boundary drones have been published; service times are analogues and guesses.",
            "每個參數均載明出處及可信程度；假設清單列出使用中的參數。至今沒有公開發表的跨境無人機清關實測時間；"
            "處理時間為類比數據或假設。",
            "每个参数均载明出处及可信程度；假设清单列出使用中的参数。至今没有公开发表的跨境无人机清关实测时间；"
            "办理时间为类比数据或假设。",
        ),
    ),
    (
        Text("4. Experimentation", "4　實驗", "4　实验"),
        Text(
            "Warm-up {warm_up}, observed {days} days, cool-down {cool_down}; {replications} replications with seed {seed}. All "
            "scenarios share their random numbers by name. Intervals are {interval} at {confidence}%; differences are paired "
            "by replication and adjusted by Holm's method over the scenarios.",
            "預熱期 {warm_up}，觀察 {days} 日，冷卻期 {cool_down}；重複 {replications} 次，隨機種子 {seed}。"
            "各情景按名稱共用隨機數。區間為 {confidence}% 的 {interval}；差異按重複次序配對，並按 Holm 法就各情景調整。",
            "预热期 {warm_up}，观察 {days} 日，冷却期 {cool_down}；重复 {replications} 次，随机种子 {seed}。"
            "各情景按名称共用随机数。区间为 {confidence}% 的 {interval}；差异按重复次序配对，并按 Holm 法就各情景调整。",
        ),
    ),
    (
        Text("5. Implementation", "5　實作", "5　实现"),
        Text(
            "Python {python}; simulator {version}; engine {engine}. A reference engine gives the same timelines to the last bit. "
            "The run card below holds the rest.",
            "Python {python}；模擬器版本 {version}；引擎 {engine}。另有參考引擎，其時間線逐位元相同。其餘見下文的運行記錄。",
            "Python {python}；模拟器版本 {version}；引擎 {engine}。另有参考引擎，其时间线逐位相同。其余见下文的运行记录。",
        ),
    ),
    (
        Text("6. Code access", "6　取得程式碼", "6　获取代码"),
        Text(
            "The simulator is open source (Apache-2.0); the scenarios as they were run stand in the study's folder.",
            "模擬器為開源軟件（Apache-2.0）；各情景按運行時的原樣存於研究的資料夾內。",
            "模拟器为开源软件（Apache-2.0）；各情景按运行时的原样存于研究的文件夹内。",
        ),
    ),
)


def method(context: ReportContext) -> Iterator[Block]:
    """Six short parts."""
    manifest = context.study.manifest
    window, run = manifest.window, manifest.run
    values = {
        "warm_up": context.quantity(window.warm_up),
        "cool_down": context.quantity(window.cool_down),
        "days": window.days,
        "replications": manifest.replications,
        "seed": manifest.seed,
        "interval": intervals.METHOD.name,
        "confidence": f"{100 * manifest.confidence:g}",
        "python": run.python,
        "version": manifest.version,
        "engine": run.engine,
    }
    yield Heading(context.say(METHOD))
    for heading, text in PARTS:
        yield Heading(context.say(heading), 2)
        yield Paragraph(context.say(text, **values))
