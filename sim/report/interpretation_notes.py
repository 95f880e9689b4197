"""How the figures of a study are to be read: the sentences under its tables."""

from sim.ground.text import Language, Text

HOW_TO_READ = Text(
    "Each number is an estimate from all replications: a mean over them; of a rate, their sums divided once; of a quantile, that "
    "of all their flights. In brackets stands its {confidence}% interval: of 100 such studies about {confidence} would hold the "
    "long-run value, if no kind of event is both rarer than one in all these replications and larger "
    "than was allowed for. Without brackets: too few of the values are not 0 to say. With ^: it may fall short, as "
    "the numbers are very skew, or as such intervals did in a trial (docs/reference/coverage.md).",
    "各數字由全部重複估計：一般為平均值，比率為總和相除，分位數按全部航班計算；方括號內為其 {confidence}% 置信區間："
    "每 100 次同類研究中約有 {confidence} 次的區間包含長期數值，"
    "前提是沒有一類事件既罕見至全部重複中未必出現一次，其影響又大於已預留的幅度。沒有方括號：非零數值太少，無從估計。"
    "附 ^：數值過於偏斜，或此類區間在試驗中未達標，區間可能過窄（見 docs/reference/coverage.md）。",
    "各数字由全部重复估计：一般为平均值，比率为总和相除，分位数按全部航班计算；方括号内为其 {confidence}% 置信区间："
    "每 100 次同类研究中约有 {confidence} 次的区间包含长期数值，"
    "前提是没有一类事件既罕见到全部重复中未必出现一次，其影响又大于已预留的幅度。没有方括号：非零数值太少，无从估计。"
    "附 ^：数值过于偏斜，或此类区间在试验中未达标，区间可能过窄（见 docs/reference/coverage.md）。",
)
HOW_TO_COMPARE = Text(
    "Differences are the scenario minus the one it is held against, on the same random days; those of % are in percentage "
    "points. Because several comparisons are made, their intervals are widened together (Holm adjustment, measure by measure), "
    "so that chance alone rarely makes any of them look different. Each measure has a smallest difference that matters (sim "
    'explain MEASURE; column matters in comparison.csv). "Better", "worse": beyond it. "Perhaps slightly" (?): there '
    'is a difference, perhaps smaller than that. "Too small to matter": there is one, and it is '
    'smaller. "Practically the same": any difference is smaller. "Undecided (140)": the '
    "interval allows either; a new study with another seed and some 140 replications would decide in four cases of five, if the "
    "difference is as seen.",
    "差異為情景減其對照情景，雙方採用相同的隨機日子；百分比的差異以百分點計。由於同時作出多項比較，"
    "各指標的區間已按 Holm 法一併放寬，令純屬偶然的差異甚少出現。"
    "每項指標均訂有值得關注的最小差異（見 sim explain 指標，或 comparison.csv 的 matters 欄）。"
    "「較佳」、「較差」：超出該差異。「或僅輕微」（?）：有差異，但可能小於該差異。「差異甚微」：有差異，但小於該差異。"
    "「實際上相同」：即使有差異，亦小於該差異。「未能判定 (140)」：區間容許兩種可能；若差異一如所見，"
    "另以新種子進行約 140 次重複的研究，五次中有四次可以判定。",
    "差异为情景减其对照情景，双方采用相同的随机日子；百分比的差异以百分点计。由于同时作出多项比较，"
    "各指标的区间已按 Holm 法一并放宽，使纯属偶然的差异很少出现。"
    "每项指标都订有值得关注的最小差异（见 sim explain 指标，或 comparison.csv 的 matters 列）。"
    "“较优”、“较差”：超出该差异。“或仅轻微”（?）：有差异，但可能小于该差异。“差异甚微”：有差异，但小于该差异。"
    "“实际上相同”：即使有差异，也小于该差异。“未能判定 (140)”：区间容许两种可能；若差异一如所见，"
    "另以新种子进行约 140 次重复的研究，五次中有四次可以判定。",
)
OF_ALL_STEPS = Text(
    "Intervals and verdicts of differences of all steps together are adjusted over these alone.",
    "各步合計的差異，其區間及結論只就此類差異一併調整。",
    "各步合计的差异，其区间及结论只就此类差异一并调整。",
)
FEW_DIFFER = Text(
    "Where few replications differ, their number stands beside the interval (2/20: in 2 of 20). If none of {n} differed, at "
    "{confidence}% confidence at most {share} of all replications do.",
    "有別的重複次數甚少時，在區間旁列出其數目（2/20：20 次中有 2 次）。若 {n} 次重複全無差異，"
    "則在 {confidence}% 的置信水平下，全部重複中至多有 {share} 會有差異。",
    "有别的重复次数很少时，在区间旁列出其数目（2/20：20 次中有 2 次）。若 {n} 次重复全无差异，"
    "则在 {confidence}% 的置信水平下，全部重复中至多有 {share} 会有差异。",
)
FEWER_FLIGHTS = Text(
    "* For fewer flights: the scenario releases clearly fewer flights than the one it is held against, so that nothing but "
    "throughput is called better in it, whatever the cause; beside it stands the difference over the flights released in both.",
    "* 航班減少：該情景放行的航班明顯少於對照情景，故除通過量外一概不稱較佳，不論原因；如有兩者均放行的航班的差異，在其下列出。",
    "* 航班减少：该情景放行的航班明显少于对照情景，故除通过量外一概不称较优，不论原因；如有两者均放行的航班的差异，在其下列出。",
)
SURVIVORS = Text(
    "Means over released flights, and plain counts, are larger or smaller (~), not better or worse: which flights are released, "
    "and how many, differs between policies.",
    "只計已放行航班的平均值及單純的數目只稱較大或較小（~），不稱較佳或較差，因為不同政策下獲放行的航班及其數目並不相同。",
    "只计已放行航班的平均值及单纯的数目只称较大或较小（~），不称较优或较差，因为不同政策下获放行的航班及其数目并不相同。",
)
OUTCOMES = Text(
    "Lost: the order came after a cut-off and would not wait. Cancelled: it waited too long for clearance, a slot or fit "
    "weather, or boarding closed before its passengers. Diverted: no pad was free in time. Refused: by customs, or for the "
    "airspace.",
    "流失：訂單在截止時間後提出而客戶不願等候。取消：等候清關、通道時段或合適天氣過久，或旅客趕不及在停止登機前到達。"
    "備降：起降坪未能及時騰出。不予放行：海關或空域方面不准。",
    "流失：订单在截止时间后提出而客户不愿等候。取消：等候清关、通道时隙或合适天气过久，或旅客未能在停止登机前到达。"
    "备降：起降坪未能及时腾出。不予放行：海关或空域方面不准。",
)
LEFT_OUT = Text(
    "A negative delay is a release before the planned one, which has some minutes in hand. Quantiles are of the flights of all "
    "replications together. Not reached: so many planned flights are never released that the quantile falls among them; beneath "
    "it stands that of the flights released. A mean far above the median: some flights are put off by a day or more. "
    "Parts that are nought or do not differ, or can't be compared, are left out; summary.csv and comparison.csv have every row.",
    "負數的延誤指早於計劃放行，因計劃預留了數分鐘。分位數按各次重複的全部航班合併計算。未達到：未獲放行的計劃航班太多，"
    "該分位數落在其中；其下為只計已放行航班的分位數。"
    "平均值遠高於中位數：部分航班推遲了一日或以上。為零、無差異或無法比較的項目從略；summary.csv 及 comparison.csv "
    "載有全部各行。",
    "负数的延误指早于计划放行，因计划预留了数分钟。分位数按各次重复的全部航班合并计算。未达到：未获放行的计划航班太多，"
    "该分位数落在其中；其下为只计已放行航班的分位数。"
    "平均值远高于中位数：部分航班推迟了一日或以上。为零、无差异或无法比较的项目从略；summary.csv 及 comparison.csv "
    "载有全部各行。",
)
NOT_MEASURED = Text(
    "No clearance times measured on cross-boundary drone flights have been published: service times here are analogues from "
    "other traffic and guesses.",
    "至今沒有公開發表的跨境無人機航班清關實測時間：本研究的處理時間取自其他運輸方式的類比數據，或屬假設。",
    "至今没有公开发表的跨境无人机航班清关实测时间：本研究的办理时间取自其他运输方式的类比数据，或属假设。",
)


def how_to_read(confidence: str, has_compared: bool, replications: int, language: Language = "en") -> list[str]:
    """The sentences in their order; confidence in per cent."""
    compared = [HOW_TO_COMPARE, FEW_DIFFER, FEWER_FLIGHTS, SURVIVORS] if has_compared else []
    at_most = f"{100 * (1 - (1 - float(confidence) / 100) ** (1 / replications)):.0f}%"
    return [
        sentence.in_language(language).format(confidence=confidence, n=replications, share=at_most)
        for sentence in (HOW_TO_READ, *compared, OUTCOMES, LEFT_OUT)
    ]
