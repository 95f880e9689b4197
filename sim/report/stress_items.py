"""The items of the STRESS-DES checklist, with what declarations can't say of them; figures in braces are filled in.

Source: T. Monks, C. S. M. Currie, B. S. Onggo, S. Robinson, M. Kunc, S. J. E. Taylor, Strengthening the reporting of empirical
simulation studies: introducing the STRESS guidelines, Journal of Simulation 13 (2019) 55-67.
"""

from dataclasses import dataclass

from sim.ground.text import Text


@dataclass(frozen=True, slots=True)
class Item:
    """One item by its number in the checklist. tables: names of what the declarations say of it, in `sim.report.stress`."""

    number: str
    title: Text
    answer: Text
    tables: tuple[str, ...] = ()


SECTIONS: dict[str, Text] = {
    "1": Text("Objectives", "目標", "目标"),
    "2": Text("Logic", "邏輯", "逻辑"),
    "3": Text("Data", "數據", "数据"),
    "4": Text("Experimentation", "實驗", "实验"),
    "5": Text("Implementation", "實作", "实现"),
    "6": Text("Code access", "程式碼取用", "代码获取"),
}

ITEMS: tuple[Item, ...] = (
    Item(
        "1.1",
        Text("Purpose of the model", "模型目的", "模型目的"),
        Text(
            "To compare policies of customs, screening and data exchange for drones and other low-altitude flights that "
            "cross the boundaries of the Guangdong-Hong Kong-Macao Greater Bay Area: how many flights get across, how late, "
            "what is missed, and whose minutes it costs. Policies are compared; the absolute figures are not forecasts, "
            "since no clearance times measured on cross-boundary drone flights have been published.",
            "比較粵港澳大灣區跨境無人機及其他低空航班的海關、篩查與數據交換政策：有多少航班得以過境、延誤多少、漏檢多少，以及"
            "耗用哪一方的時間。模型用於比較政策；其絕對數值並非預測，因為現時並無已公布的跨境無人機航班實測清關時間。",
            "比较粤港澳大湾区跨境无人机及其他低空航班的海关、筛查与数据交换政策：有多少航班得以过境、延误多少、漏检多少，以及"
            "耗用哪一方的时间。模型用于比较政策；其绝对数值并非预测，因为目前尚无已公布的跨境无人机航班实测清关时间。",
        ),
    ),
    Item(
        "1.2",
        Text("Model outputs", "模型輸出", "模型输出"),
        Text(
            "{n_metrics} measures, each a pure function of one replication's timeline, computed after the run; the "
            "definition of each stands in docs/reference/measures.md. One number a replication (or one for each part: a side, "
            "a pool, a step) enters the statistics; the {interval} interval over replications gives the error. The table has "
            "those printed by default.",
            "共 {n_metrics} 項指標，均由單次重複的時間線於模擬結束後計算得出；各項定義見 docs/reference/measures.md。"
            "每次重複（或其每個分項：一方、資源池、步驟）只以一個數值進入統計，"
            "誤差以重複次數上的 {interval}表示。下表為預設列印的指標。",
            "共 {n_metrics} 项指标，均由单次重复的时间线在仿真结束后计算得出；各项定义见 docs/reference/measures.md。"
            "每次重复（或其每个分项：一方、资源池、步骤）只以一个数值进入统计，"
            "误差以重复次数上的 {interval}表示。下表为默认输出的指标。",
        ),
        ("measures",),
    ),
    Item(
        "1.3",
        Text("Experimentation aims", "實驗目的", "实验目的"),
        Text(
            "(A) Scenario based analysis: each scenario is compared with the one it is held against, the first unless its file "
            "names another. (B) Design of experiments: every scenario of a study sees the same random numbers, and the "
            "differences are paired by replication. (C) Simulation optimisation: none.",
            "(A) 情景分析：各情景與其對照情景比較；檔案未有指明者，與首個情景（基準情景）比較。(B) 實驗設計："
            "同一研究的所有情景使用相同的隨機數，差異按重複次序配對。(C) 模擬優化：沒有。",
            "(A) 情景分析：各情景与其对照情景比较；文件未指明的，与第一个情景（基准情景）比较。(B) 实验设计："
            "同一研究的所有情景使用相同的随机数，差异按重复次序配对。(C) 仿真优化：无。",
        ),
        ("aims",),
    ),
    Item(
        "2.1",
        Text("Base model overview diagram", "基本模型概覽圖", "基本模型概览图"),
        Text(
            "Three tracks of a flight run side by side and join before take-off. Every box is optional and most joins are "
            "set by policy.",
            "航班的三條流程並行，於起飛前匯合。每個方格均可省略，匯合方式大多由政策決定。",
            "航班的三条流程并行，在起飞前汇合。每个方框均可省略，汇合方式大多由政策决定。",
        ),
        ("diagram",),
    ),
    Item(
        "2.2",
        Text("Base model logic", "基本模型邏輯", "基本模型逻辑"),
        Text(
            "{n_features} features, each of which first decides on facts (who is selected, when a flight may depart) and "
            "then builds its stages, in the order of the table. Features meet at named instants of the process alone. Once "
            "all is decided, a flight is a row of arrays, and the clock runs without any randomness. A flight ends in "
            "exactly one outcome, a consignment in one of its own. Priority belongs to a flight at a stage. The aircraft "
            "returns and is held until then.",
            "共 {n_features} 項功能，按下表次序先作決定（例如抽選哪些貨件、航班何時可起飛），再建立各自的階段。各功能只透過流"
            "程中的指定時點銜接。一切決定後，每個航班即為陣列中的一列，其後時鐘推進不含任何隨機性。每個航班只有一個結果，每件"
            "貨件亦各有其結果。優先級別按航班在個別階段而定。航空器須返航，其間一直被佔用。",
            "共 {n_features} 项功能，按下表次序先作决定（例如布控哪些货件、航班何时可起飞），再建立各自的阶段。各功能只通过流"
            "程中的指定时点衔接。一切决定后，每个航班即为数组中的一行，此后时钟推进不含任何随机性。每个航班只有一个结果，每件"
            "货件也各有其结果。优先级别按航班在具体阶段而定。航空器须返航，其间一直被占用。",
        ),
        ("features",),
    ),
    Item(
        "2.3",
        Text("Scenario logic", "情景邏輯", "情景逻辑"),
        Text(
            "A scenario says only what differs from the one it extends. Policy is what governments may choose ({n_policy} "
            "parameters), world what they can't ({n_world}); a comparison in which the world differs too is flagged.",
            "情景檔案只列出與所沿用情景不同之處。「政策」為政府可選擇者（{n_policy} 項參數），「世界」為政府不能選擇者（"
            "{n_world} 項）；若比較時「世界」亦有不同，會予以標示。",
            "情景文件只列出与所沿用情景不同之处。“政策”为政府可选择者（{n_policy} 项参数），“世界”为政府不能选择者（"
            "{n_world} 项）；若比较时“世界”也有不同，会予以标示。",
        ),
        ("differences",),
    ),
    Item(
        "2.4",
        Text("Algorithms", "演算法", "算法"),
        Text(
            "Planned departures: a Poisson process with a rate by the hour, by a change of time (Çinlar 1975), or a "
            "schedule. Risk scores: normal, the shift for illicit consignments from the engine's AUC; two sides' scores are "
            "correlated, a joint engine combines them. Detection: sensitivities of the means with a common factor (Gaussian "
            "copula), so that a second examination of what the first one missed finds less. Queues: by priority, entry, flight "
            "number, without pre-emption. Waterfall: walk back along the critical path from the release. The rules of the "
            "clock stand in docs/reference/engine.md.",
            "計劃起飛：按小時變化的泊松過程，以時間變換產生（Çinlar 1975），或採用時刻表。風險評分：常態分佈，違禁貨件的偏移"
            "由篩查引擎的 AUC 得出；兩方評分相關，聯合引擎則合併兩者。檢出：各查驗方式的靈敏度具共同因子（高斯聯結函數），故"
            "對首次漏檢者再查，檢出率較低。排隊：依次按優先級別、進入時間及航班編號，不可搶佔。瀑布圖：由放行起沿關鍵路徑逆"
            "行。時鐘規則見 docs/reference/engine.md。",
            "计划起飞：按小时变化的泊松过程，以时间变换产生（Çinlar 1975），或采用时刻表。风险评分：正态分布，违禁货件的偏移"
            "由筛查引擎的 AUC 得出；两方评分相关，联合引擎则合并两者。检出：各查验方式的灵敏度具有公共因子（高斯 Copula），因"
            "此对首次漏检者再查，检出率较低。排队：依次按优先级别、进入时间及航班编号，不可抢占。瀑布图：由放行起沿关键路径逆"
            "行。时钟规则见 docs/reference/engine.md。",
        ),
    ),
    Item(
        "2.5.1",
        Text("Components: entities", "組成部分：實體", "组成部分：实体"),
        Text(
            "Flights, with a route and direction, order, planned departure, operator and its tier, priority, aircraft; their "
            "consignments with goods, or their passengers.",
            "航班（具航線及方向、下單時間、計劃起飛時間、營運商及其級別、優先級別、機型），及其所載貨件（按貨物類別）或旅客。",
            "航班（具有航线及方向、下单时间、计划起飞时间、运营人及其级别、优先级别、机型），及其所载货件（按货物类别）或旅客。",
        ),
        ("entities",),
    ),
    Item(
        "2.5.2",
        Text("Components: activities", "組成部分：活動", "组成部分：活动"),
        Text(
            "{n_stages} stages; which of them a flight visits, and how long each takes, is decided before the clock runs.",
            "共 {n_stages} 個階段；航班經過哪些階段、各需時多久，均於時鐘推進前決定。",
            "共 {n_stages} 个阶段；航班经过哪些阶段、各需时多久，均在时钟推进前决定。",
        ),
        ("stages",),
    ),
    Item(
        "2.5.3",
        Text("Components: resources", "組成部分：資源", "组成部分：资源"),
        Text(
            "{n_pools} kinds of servers, with capacity by the clock (shifts, rest, outages, closures). When capacity falls, "
            "busy servers finish what they have begun.",
            "共 {n_pools} 類服務資源，容量隨時間而變（輪班、休息、故障、關閉）。容量下降時，已開始的服務會先行完成。",
            "共 {n_pools} 类服务资源，容量随时间而变（轮班、休息、故障、关闭）。容量下降时，已开始的服务会先行完成。",
        ),
        ("pools",),
    ),
    Item(
        "2.5.4",
        Text("Components: queues", "組成部分：隊列", "组成部分：队列"),
        Text(
            "One queue a pool, unlimited, by (priority at the stage, time of entry, flight number), without pre-emption. A "
            "flight gives a stage up when its patience or its deadline ends, and goes on along a fallback or ends. What "
            "waits in batches for an interface leaves at the next period.",
            "每個資源池一條隊列，長度不限，依次按（該階段的優先級別、進入時間、航班編號）排序，不可搶佔。航班在等候上限或期限"
            "屆滿時放棄該階段，轉行後備流程或告終。等候分批傳送者於下一週期一併離開。",
            "每个资源池一条队列，长度不限，依次按（该阶段的优先级别、进入时间、航班编号）排序，不可抢占。航班在等待上限或期限"
            "届满时放弃该阶段，转入后备流程或终止。等待分批传送者在下一周期一并离开。",
        ),
    ),
    Item(
        "2.5.5",
        Text("Components: entry and exit points", "組成部分：進入點及離開點", "组成部分：进入点及离开点"),
        Text(
            "A flight enters when it is ordered, and leaves with one outcome: {outcomes}. A consignment leaves with its own: "
            "{consignment_outcomes}.",
            "航班於下單時進入，以下列其中一個結果離開：{outcomes}。貨件各有其結果：{consignment_outcomes}。",
            "航班在下单时进入，以下列其中一个结果离开：{outcomes}。货件各有其结果：{consignment_outcomes}。",
        ),
    ),
    Item(
        "3.1",
        Text("Data sources", "數據來源", "数据来源"),
        Text(
            "Every parameter carries its source and how far it can be trusted; `sim explain KEY` prints them, and "
            "scenarios/baseline.yaml has them all. Geography: the legal boundaries and real sites, see "
            "docs/explanation/geography.md. Predicted beside published times: `sim calibrate`.",
            "每項參數均註明來源及可信程度；`sim explain KEY` 可列印，scenarios/baseline.yaml 載有全部。地理：法定邊界及真實場"
            "址，見 docs/explanation/geography.md。預測與已公布時間的對照：`sim calibrate`。",
            "每项参数均注明来源及可信程度；`sim explain KEY` 可输出，scenarios/baseline.yaml 载有全部。地理：法定边界及真实场"
            "址，见 docs/explanation/geography.md。预测与已公布时间的对照：`sim calibrate`。",
        ),
        ("statuses",),
    ),
    Item(
        "3.2",
        Text("Pre-processing", "預處理", "预处理"),
        Text(
            "Durations are given by their mean and coefficient of variation and turned into the parameters of their law. "
            "Positions are projected from WGS84 (EPSG:4326) to metres (EPSG:4547). Schedules and traces are read from CSV "
            "and checked; no other data are cleaned or fitted.",
            "各項時間以平均值及變異係數給出，再換算為分佈參數。位置由 WGS84（EPSG:4326）投影為米（EPSG:4547）。時刻表及軌跡由"
            " CSV 讀入並經檢查；除此之外並無清理或擬合數據。",
            "各项时间以平均值及变异系数给出，再换算为分布参数。位置由 WGS84（EPSG:4326）投影为米（EPSG:4547）。时刻表及轨迹由"
            " CSV 读入并经检查；除此之外没有清洗或拟合数据。",
        ),
    ),
    Item(
        "3.3",
        Text("Input parameters", "輸入參數", "输入参数"),
        Text(
            "{n_parameters} parameters. Each is declared with meaning, unit, bounds, plausible range, default, source and "
            "status: in scenarios/baseline.yaml, or by `sim explain KEY`. Laws of durations: {laws}.",
            "共 {n_parameters} 項參數。每項均聲明含義、單位、界限、合理範圍、預設值、來源及狀態：見 scenarios/baseline.yaml，"
            "或以 `sim explain KEY` 查閱。時間分佈類型：{laws}。",
            "共 {n_parameters} 项参数。每项均声明含义、单位、界限、合理范围、默认值、来源及状态：见 scenarios/baseline.yaml，"
            "或以 `sim explain KEY` 查阅。时间分布类型：{laws}。",
        ),
        ("parameters",),
    ),
    Item(
        "3.4",
        Text("Assumptions", "假設", "假设"),
        Text(
            "{n_guesses} of {n_parameters} parameters are guesses without a source. Clearance is taken to work as analogues "
            "from other modes do. Operators don't change their demand with the policy, except for orders that can't wait. "
            "Contraband doesn't react to control, unless displacement is switched on. What flights do to others in the air, "
            "cost, insurance and noise are left out.",
            "{n_parameters} 項參數中有 {n_guesses} 項為無來源的推測。假設清關運作與其他運輸方式的類似安排相同。除不能等候的訂"
            "單外，營運商的需求不隨政策改變。除非啟用轉移設定，違禁品不因管制而改變。空中航班之間的相互影響、成本、保險及噪音"
            "均不計入。",
            "{n_parameters} 项参数中有 {n_guesses} 项为无来源的推测。假设清关运作与其他运输方式的类似安排相同。除不能等待的订"
            "单外，运营人的需求不随政策改变。除非启用转移设置，违禁品不因管控而改变。空中航班之间的相互影响、成本、保险及噪声"
            "均不计入。",
        ),
    ),
    Item(
        "4.1",
        Text("Initialisation", "初始化", "初始化"),
        Text(
            "The system starts empty; flights planned in the first {warm_up} (warm-up) are simulated and not measured.",
            "系統由空置開始；首 {warm_up}（預熱時段）內計劃的航班會模擬但不計量。",
            "系统由空置开始；最初 {warm_up}（预热时段）内计划的航班会仿真但不计量。",
        ),
    ),
    Item(
        "4.2",
        Text("Run length", "運行時長", "运行时长"),
        Text(
            "Measured: flights planned within {days} d after the warm-up. Observed {cool_down} longer (cool-down), so that "
            "late flights can end; what has not ended by then counts as still in the system.",
            "計量：預熱時段後 {days} 日內計劃的航班。其後再觀察 {cool_down}（收尾時段），讓遲到航班完結；屆時仍未結束者計為仍"
            "在系統內。",
            "计量：预热时段后 {days} 日内计划的航班。其后再观察 {cool_down}（收尾时段），让晚到航班完结；届时仍未结束者计为仍"
            "在系统内。",
        ),
    ),
    Item(
        "4.3",
        Text("Estimation approach", "估計方法", "估计方法"),
        Text(
            "{replications} independent replications, or as many as a precision asked for needs (Hoad, Robinson and Davies "
            "2010); {interval} intervals at {confidence}. Common random numbers in all scenarios, paired differences, Holm's "
            "adjustment over the compared scenarios; exact bounds of rare counts. See docs/explanation/statistics.md.",
            "{replications} 次獨立重複，或按所要求的精度決定次數（Hoad、Robinson 及 Davies，2010）；{confidence} 置信水平的 "
            "{interval}。所有情景採用共同隨機數，差異按配對計算，並就各比較情景作 Holm 校正；罕見計數採用精確界限。見 "
            "docs/explanation/statistics.md。",
            "{replications} 次独立重复，或按所要求的精度决定次数（Hoad、Robinson 和 Davies，2010）；{confidence} 置信水平的 "
            "{interval}。所有情景采用公共随机数，差异按配对计算，并就各比较情景作 Holm 校正；稀有计数采用精确界限。见 "
            "docs/explanation/statistics.md。",
        ),
    ),
    Item(
        "5.1",
        Text("Software or programming language", "軟件或程式語言", "软件或编程语言"),
        Text(
            "This package, version {version}, in Python {python}, with the libraries of the table; constraints.txt pins what "
            "it is tested with.",
            "本套件 {version} 版，以 Python {python} 編寫，所用程式庫見下表；constraints.txt 載有測試所用的確切版本。",
            "本软件包 {version} 版，以 Python {python} 编写，所用程序库见下表；constraints.txt 载有测试所用的确切版本。",
        ),
        ("libraries",),
    ),
    Item(
        "5.2",
        Text("Random sampling", "隨機抽樣", "随机抽样"),
        Text(
            "Generator {generator} of NumPy, seeded by (seed, replication, hash of the stream's name); the seed is {seed}. "
            "{n_streams} streams of the features, and further ones for demand, all drawn before the clock runs and "
            "transformed by inverse. Each route and direction has numbers of its own.",
            "採用 NumPy 的 {generator} 產生器，以（種子、重複次序、數流名稱的雜湊值）設定；種子為 {seed}。各功能共 "
            "{n_streams} 條隨機數流，另有需求所用者；全部於時鐘推進前抽取，並以反函數法轉換。每條航線及方向各有其隨機數。",
            "采用 NumPy 的 {generator} 生成器，以（种子、重复次序、数流名称的哈希值）设定；种子为 {seed}。各功能共 "
            "{n_streams} 条随机数流，另有需求所用者；全部在时钟推进前抽取，并以逆变换法转换。每条航线及方向各有其随机数。",
        ),
        ("streams",),
    ),
    Item(
        "5.3",
        Text("Model execution", "模型執行", "模型执行"),
        Text(
            "By events, in continuous time. Two engines with one meaning ({engines}), bit-identical; what happens at one "
            "instant has a stated order (docs/reference/engine.md). The default here is {engine}. Replications run side by side "
            "in threads, processes or on a cluster; the results don't depend on that.",
            "以事件推進，時間連續。兩個引擎（{engines}）含義相同，結果逐位一致；同一時刻內的先後次序有明文規定（"
            "docs/reference/engine.md）。此處預設為 {engine}。各次重複可在線程、進程或叢集上並行，結果不受影響。",
            "以事件推进，时间连续。两个引擎（{engines}）含义相同，结果逐位一致；同一时刻内的先后次序有明文规定（"
            "docs/reference/engine.md）。此处默认为 {engine}。各次重复可在线程、进程或集群上并行，结果不受影响。",
        ),
    ),
    Item(
        "5.4",
        Text("System specification", "系統規格", "系统规格"),
        Text(
            "Each study's manifest records platform, number of processors, versions, workers and run time. Measured run "
            "times stand in docs/reference/benchmarks.md.",
            "每項研究的 manifest 記錄平台、處理器數目、版本、工作進程數及運行時間。實測運行時間見 docs/reference/benchmarks.md。",
            "每项研究的 manifest 记录平台、处理器数目、版本、工作进程数及运行时间。实测运行时间见 docs/reference/benchmarks.md。",
        ),
    ),
    Item(
        "6.1",
        Text("Computer model sharing statement", "電腦模型共享聲明", "计算机模型共享声明"),
        Text(
            "Open source under the licence {licence}: code, scenarios, data with their sources and tests are in one "
            "repository. `make demo` repeats a shipped comparison; the same scenarios, seed and version give the same bytes.",
            "以 {licence} 許可證開源：程式碼、情景、附來源的數據及測試均在同一儲存庫。`make demo` 可重現隨附的比較；相同的情"
            "景、種子及版本會得出完全相同的檔案。",
            "以 {licence} 许可证开源：代码、情景、附来源的数据及测试均在同一代码库。`make demo` 可重现随附的比较；相同的情"
            "景、种子及版本会得出完全相同的文件。",
        ),
    ),
)
