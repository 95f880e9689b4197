"""How the figures of a study are to be read: the sentences under its tables."""

from sim.ground.text import Language, Text

HOW_TO_READ = Text(
    "Each number is the mean over the replications. In brackets stands its {confidence}% interval: the range that would hold the "
    "long-run mean in {confidence} of 100 such studies.",
    "各數字為各次重複的平均值；方括號內為其 {confidence}% 置信區間：每 100 次同類研究中約有 {confidence} "
    "次會包含長期平均值的範圍。",
    "各数字为各次重复的平均值；方括号内为其 {confidence}% 置信区间：每 100 次同类研究中约有 {confidence} "
    "次会包含长期平均值的范围。",
)
HOW_TO_COMPARE = Text(
    "Differences are scenario minus baseline, on the same random days. Because several scenarios are held against one baseline, "
    "their intervals are widened (Holm adjustment), so that chance alone rarely makes any of them look different. "
    '"No clear difference" means that the interval contains 0. Differences of % are in percentage points.',
    "差異為情景減基準，雙方採用相同的隨機日子。由於多個情景與同一基準比較，區間已按 Holm 法放寬，令純屬偶然的差異甚少出現。"
    "「無明顯差異」指區間包含 0。百分比的差異以百分點計。",
    "差异为情景减基准，双方采用相同的随机日子。由于多个情景与同一基准比较，区间已按 Holm 法放宽，使纯属偶然的差异很少出现。"
    "“无明显差异”指区间包含 0。百分比的差异以百分点计。",
)
SURVIVORS = Text(
    "Means over released flights are called changed, not better or worse: which flights are released differs between policies.",
    "只計已放行航班的平均值稱為「有變化」，不稱較佳或較差，因為不同政策下獲放行的航班並不相同。",
    "只计已放行航班的平均值称为“有变化”，不称较优或较差，因为不同政策下获放行的航班并不相同。",
)
OUTCOMES = Text(
    "Lost: the order came after a cut-off and would not wait. Cancelled: it waited too long for clearance, a slot or fit "
    "weather, or boarding closed before its passengers. Diverted: no pad was free in time. Refused: by customs, or for the "
    "airspace.",
    "流失：訂單在截止時間後提出而客戶不願等候。取消：等候清關、時隙或合適天氣過久，或旅客趕不及在停止登機前到達。"
    "備降：起降坪未能及時騰出。不予放行：海關或空域方面不准。",
    "流失：订单在截止时间后提出而客户不愿等候。取消：等候清关、时隙或合适天气过久，或旅客未能在停止登机前到达。"
    "备降：起降坪未能及时腾出。不予放行：海关或空域方面不准。",
)
LEFT_OUT = Text(
    "A negative delay is a release before the planned one, which has some minutes in hand. \N{INFINITY}: so many planned flights "
    "are never released that this quantile has no value. A mean far above the median: some flights are put off by a day or more. "
    "Parts that are nought or do not differ, or can't be compared, are left out; summary.csv and comparison.csv have every row.",
    "負數的延誤指早於計劃放行，因計劃預留了數分鐘。\N{INFINITY}：未獲放行的計劃航班太多，該分位數沒有數值。"
    "平均值遠高於中位數：部分航班推遲了一日或以上。為零、無差異或無法比較的項目從略；summary.csv 及 comparison.csv "
    "載有全部各行。",
    "负数的延误指早于计划放行，因计划预留了数分钟。\N{INFINITY}：未获放行的计划航班太多，该分位数没有数值。"
    "平均值远高于中位数：部分航班推迟了一日或以上。为零、无差异或无法比较的项目从略；summary.csv 及 comparison.csv "
    "载有全部各行。",
)
NOT_MEASURED = Text(
    "No clearance times measured on cross-boundary drone flights have been published: service times here are analogues from "
    "other traffic and guesses.",
    "至今沒有公開發表的跨境無人機航班清關實測時間：本研究的處理時間取自其他運輸方式的類比數據，或屬假設。",
    "至今没有公开发表的跨境无人机航班清关实测时间：本研究的办理时间取自其他运输方式的类比数据，或属假设。",
)
SIGNS_OF_AN_ANSWER = Text(
    "In brackets, where it is clear, the difference from the baseline: + better, ! worse, ~ changed; few: too few events.",
    "括號內為與基準的明顯差異：+ 較佳，! 較差，~ 有變化；「太少」：事件太少。",
    "括号内为与基准的明显差异：+ 较优，! 较差，~ 有变化；“太少”：事件太少。",
)


def how_to_read(confidence: str, has_compared: bool, language: Language = "en") -> list[str]:
    """The sentences in their order; confidence in per cent."""
    sentences = [HOW_TO_READ, *([HOW_TO_COMPARE, SURVIVORS] if has_compared else []), OUTCOMES, LEFT_OUT]
    return [sentence.in_language(language).format(confidence=confidence) for sentence in sentences]
