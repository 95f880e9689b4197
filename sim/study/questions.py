"""The questions that scenarios are made for, each with the measures that answer it."""

from dataclasses import dataclass

from sim.ground.text import Language, Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question by its key in scenario files ("Q4"). answered_by: measures, as "key" or "key/part", the weightiest first."""

    key: str
    text: Text
    answered_by: tuple[str, ...]


LONGEST_WAIT = "longest_wait"
"""In place of a measure: the pool at which flights wait longest, by name."""

QUESTIONS: tuple[Question, ...] = (
    Question(
        "Q1",
        Text(
            "Do flights wait for agencies that decide in turn, and what would one desk change?",
            "各部門逐一審批令航班等候多久？統一審批可帶來甚麼改變？",
            "各部门逐一审批令航班等候多久？统一审批可带来什么改变？",
        ),
        ("delay_mean", "on_time_share", "aviation_hours"),
    ),
    Question(
        "Q2",
        Text(
            "How early must a flight be applied for, and how many orders does that lose?",
            "航班須提前多久申請？因此流失多少訂單？",
            "航班须提前多久申请？因此流失多少订单？",
        ),
        ("flight_outcome_share/lost", "order_to_release_quantile/p50", "released_share"),
    ),
    Question(
        "Q3",
        Text(
            "When should customs have the data, and should the aircraft wait for its decision?",
            "海關應在何時取得資料？航空器應否等候海關決定？",
            "海关应在何时取得数据？航空器应否等候海关决定？",
        ),
        ("delay_quantile/p50", "on_time_share", "released_share"),
    ),
    Question(
        "Q4",
        Text(
            "What is gained if one side's inspection counts for both?",
            "一方的查驗獲另一方承認，可帶來甚麼效益？",
            "一方的查验获另一方承认，可带来什么效益？",
        ),
        ("arrival_to_release/mean", "officer_hours", "consignments_examined", "missed_per_million"),
    ),
    Question(
        "Q5",
        Text(
            "How many pads are needed, and should aircraft wait on them?",
            "需要多少起降坪？航空器應否在坪上等候？",
            "需要多少起降坪？航空器应否在坪上等候？",
        ),
        ("released_share", "delay_quantile/p50", "flight_outcome_share/diverted"),
    ),
    Question(
        "Q6",
        Text(
            "What do a single submission and connected windows save?",
            "「一單兩報」及單一窗口對接可節省多少時間？",
            "“一单两报”及单一窗口对接可节省多少时间？",
        ),
        ("file_to_release/mean", "delay_quantile/p50", "on_time_share"),
    ),
    Question(
        "Q7",
        Text(
            "What happens when the interface fails or a position is read in the wrong datum?",
            "數據接口中斷或坐標基準有誤時會怎樣？",
            "数据接口中断或坐标基准有误时会怎样？",
        ),
        ("delay_mean", "released_share", "consignments_examined", "recovery_on_time_share/outage", "recovery_clear_time/outage"),
    ),
    Question(
        "Q8",
        Text(
            "How much inspection is enough, and how should it be aimed?",
            "查驗多少才足夠？應如何布控？",
            "查验多少才足够？应如何布控？",
        ),
        ("illicit_passed_share", "missed_per_million", "consignments_examined", "officer_hours", "delay_quantile/p50"),
    ),
    Question(
        "Q9",
        Text(
            "How should detector dogs be rostered, shared and trained?",
            "緝毒犬應如何編更、共用及訓練？",
            "缉毒犬应如何排班、共用及训练？",
        ),
        ("delay_quantile/p50", "released_share", "illicit_passed_share", "dog_hours_scheduled", "officer_hours"),
    ),
    Question(
        "Q10",
        Text(
            "What does priority for medical flights cost the others?",
            "醫療航班優先，其他航班要付出甚麼代價？",
            "医疗航班优先，其他航班要付出什么代价？",
        ),
        ("delay_by_priority/medical", "delay_by_priority/express", "delay_by_priority/general"),
    ),
    Question(
        "Q11",
        Text(
            "When can passengers fly, and which arrangement of checks gets them through?",
            "何時可以載客？哪種查驗安排最便捷？",
            "何时可以载客？哪种查验安排最便捷？",
        ),
        ("passengers_carried_share", "port_to_seat", "landing_to_exit", "flight_outcome_share/cancelled"),
    ),
    Question(
        "Q12",
        Text(
            "How far does it scale, and what is full first?",
            "規模可擴展至多大？哪個環節最先飽和？",
            "规模可扩展至多大？哪个环节最先饱和？",
        ),
        ("released_share", "flights_released", "delay_quantile/p50", "officer_hours", LONGEST_WAIT),
    ),
    Question(
        "Q13",
        Text(
            "Is it still quicker than the road, door to door?",
            "門到門計算，是否仍快於陸路？",
            "门到门计算，是否仍快于陆路？",
        ),
        ("faster_than_road_share", "break_even_clearance", "road_margin"),
    ),
    Question(
        "Q14",
        Text(
            "How much is lost to the weather, and how long until all is back to normal?",
            "惡劣天氣造成多少損失？多久可恢復正常？",
            "恶劣天气造成多少损失？多久可恢复正常？",
        ),
        (
            "released_share",
            "flight_outcome_share/cancelled",
            "delay_mean",
            "weather_hours/slots",
            "weather_days/slots",
            "weather_days/meituan_fy4",
        ),
    ),
    Question(
        "Q15",
        Text(
            "Which data may cross the boundary, and what does each choice cost?",
            "哪些資料可以跨境？各種選擇的代價為何？",
            "哪些数据可以跨境？各种选择的代价为何？",
        ),
        ("order_to_release_quantile/p50", "illicit_passed_share", "released_share"),
    ),
)


def question_of(written: str | Text) -> Question | None:
    """The question of that key, or None where the scenario asks one of its own."""
    return next((question for question in QUESTIONS if question.key == str(written).strip()), None)


KEYED = Text("{key}. {question}", "{key}　{question}", "{key}　{question}")


def question_in_words(question: Text, language: Language = "en") -> str:
    """A scenario's question, written out behind its key where it is one of the catalogue, else on one line as it stands."""
    known = question_of(question)
    if known is None:
        return " ".join(question.in_language(language).split())
    return KEYED.in_language(language).format(key=known.key, question=known.text.in_language(language))
