"""Slips of keyboard and habit: the error names what stands there, at its place, and what to type, in three languages."""

from pathlib import Path

import pytest

from sim.ground.errors import InputError, Problem
from sim.scenario.load import apply, load_scenario
from sim.scenario.parameters import written_at

CASES = [  # text of the file, line, column, words in English, Traditional and Simplified Chinese
    (
        "policy:\n  pre_clearance:\n    lead：60 min\n",
        3,
        9,
        "a full-width colon stands here (：); write ':' and a space",
        "此處有全形冒號（：）；請改寫半形的 : 加一個空格",
        "此处有全角冒号（：）；请改写半角的 : 加一个空格",
    ),
    (
        "policy:\n  pre_clearance:\n    lead：60 min\n    decision: before_departure\n",
        3,
        9,
        "a full-width colon stands here (：); write ':' and a space",
        "此處有全形冒號（：）；請改寫半形的 : 加一個空格",
        "此处有全角冒号（：）；请改写半角的 : 加一个空格",
    ),
    (
        "policy：\n  pre_clearance:\n    lead: 60 min\n",
        1,
        7,
        "a full-width colon stands here (：); write ':' and a space",
        "此處有全形冒號（：）；請改寫半形的 : 加一個空格",
        "此处有全角冒号（：）；请改写半角的 : 加一个空格",
    ),
    (
        "policy: {pre_clearance: {lead：60 min}}\n",
        1,
        30,
        "a full-width colon stands here (：); write ':' and a space",
        "此處有全形冒號（：）；請改寫半形的 : 加一個空格",
        "此处有全角冒号（：）；请改写半角的 : 加一个空格",
    ),
    (
        "policy: {pre_clearance: {lead: 60 min，decision: before_departure}}\n",
        1,
        38,
        "a full-width comma stands here (，); write ',' and a space",
        "此處有全形逗號（，）；請改寫半形的 , 加一個空格",
        "此处有全角逗号（，）；请改写半角的 , 加一个空格",
    ),
    (
        "policy: {pre_clearance: {aeo_share: 40％}}\n",
        1,
        37,
        "a full-width percent sign stands in it (％); write '40%'",
        "當中有全形百分號（％）；請寫 40%",
        "其中有全角百分号（％）；请写 40%",
    ),
    (
        "policy: {pre_clearance: {lead: ６０ min}}\n",
        1,
        32,
        "a full-width digit stands in it (６); write '60 min'",
        "當中有全形數字（６）；請寫 60 min",
        "其中有全角数字（６）；请写 60 min",
    ),
    (
        "policy: {port_hours: {opens: “07:00”}}\n",
        1,
        30,
        "a Chinese or curly quotation mark stands here (“); write '\"'",
        '此處有中文引號（“）；請改寫半形的 "',
        '此处有中文引号（“）；请改写半角的 "',
    ),
    (
        "policy: {pre_clearance: {decision: 「before_departure」}}\n",
        1,
        36,
        "a Chinese or curly quotation mark stands here (「); write '\"'",
        '此處有中文引號（「）；請改寫半形的 "',
        '此处有中文引号（「）；请改写半角的 "',
    ),
    (
        "policy:\n\u3000pre_clearance:\n    lead: 60 min\n",
        2,
        1,
        "an ideographic space stands here (\u3000); write plain spaces",
        "此處有全形空格（\u3000）；請改寫半形空格",
        "此处有全角空格（\u3000）；请改写半角空格",
    ),
    (
        "policy:\n  pre_clearance:\n\u3000\u3000lead: 60 min\n",
        3,
        1,
        "an ideographic space stands here (\u3000); write plain spaces",
        "此處有全形空格（\u3000）；請改寫半形空格",
        "此处有全角空格（\u3000）；请改写半角空格",
    ),
    (
        "policy: {pre_clearance: ｛lead: 60 min}}\n",
        1,
        25,
        "a full-width bracket stands here (｛); write '{'",
        "此處有全形括號（｛）；請改寫半形的 {",
        "此处有全角括号（｛）；请改写半角的 {",
    ),
    (
        "policy:\n  pre_clearance:\n    lead: 60\n",
        3,
        11,
        "the unit is missing; write it behind the number, as in '60 min'",
        "缺少單位；請在數字後寫上單位，例如 60 min",
        "缺少单位；请在数字后写上单位，例如 60 min",
    ),
    (
        "world: {demand: {flights_per_day: 30}}\n",
        1,
        35,
        "the unit is missing; write it behind the number, as in '30/d'",
        "缺少單位；請在數字後寫上單位，例如 30/d",
        "缺少单位；请在数字后写上单位，例如 30/d",
    ),
    (
        "title: 30 flights, option #2\n",
        1,
        27,
        "the text ends before '#', which begins a comment; write it in quotation marks: \"30 flights, option #2\"",
        '文字在 # 之前中斷，# 之後視作註解；請加引號："30 flights, option #2"',
        '文字在 # 之前中断，# 之后视作注释；请加引号："30 flights, option #2"',
    ),
    (
        "policy: {pre_clearance: {aeo_share: 40}}\n",
        1,
        37,
        "the value lies outside its bounds; write 40%",
        "數值超出界限；請寫 40%",
        "数值超出界限；请写 40%",
    ),
    (
        "policy: {vertiports: {returns: Yes}}\n",
        1,
        32,
        "true or false is needed; write true",
        "須填 true 或 false；請寫 true",
        "须填 true 或 false；请写 true",
    ),
    (
        "policy: {vertiports: {returns: 否}}\n",
        1,
        32,
        "true or false is needed; write false",
        "須填 true 或 false；請寫 false",
        "须填 true 或 false；请写 false",
    ),
    (
        "policy: {detector_dogs: {teams: {HK: 2}}}\n",
        1,
        34,
        "there is no side 'HK'",
        "沒有 HK 這一方",
        "没有 HK 这一方",
    ),
    (
        "policy: {detector_dogs: {teams: {sheung_shui: 2}}}\n",
        1,
        34,
        "there is no side 'sheung_shui'",
        "沒有 sheung_shui 這一方",
        "没有 sheung_shui 这一方",
    ),
    (
        "world: {demand: {flights_per_day: 1,000/d}}\n",
        1,
        35,
        "numbers have no commas or spaces between thousands; write '1000/d'",
        "數字不用千位分隔號；請寫 1000/d",
        "数字不用千位分隔号；请写 1000/d",
    ),
    (
        "world:\n  demand:\n    flights_per_day: 1,000/d\n",
        3,
        22,
        "numbers have no commas or spaces between thousands; write '1000/d'",
        "數字不用千位分隔號；請寫 1000/d",
        "数字不用千位分隔号；请写 1000/d",
    ),
    (
        "world: {data_interface: {outage_events: {start: 2026-06-01, duration: 4 h}}}\n",
        1,
        41,
        "a list is needed",
        "須填清單",
        "须填列表",
    ),
    (
        "policy:\n  pre_clearance:\n    lead:60 min\n",
        3,
        9,
        "a space is missing behind the colon; write 'lead: 60 min'",
        "冒號後缺少空格；請寫 lead: 60 min",
        "冒号后缺少空格；请写 lead: 60 min",
    ),
    (
        "policy: {pre_clearance: {lead:60 min}}\n",
        1,
        30,
        "a space is missing behind the colon; write 'lead: 60 min'",
        "冒號後缺少空格；請寫 lead: 60 min",
        "冒号后缺少空格；请写 lead: 60 min",
    ),
    (
        "policy:\n  pre_clearance:\n    lead_time: 60 min\n",
        3,
        5,
        "there is no key 'lead_time' here; did you mean 'lead'?",
        "此處沒有 lead_time 這個鍵；是否指 lead？",
        "此处没有 lead_time 这个键；是否指 lead？",
    ),
    (
        "extends: basis.yml\n",
        1,
        10,
        "the file it extends does not exist: mine.yaml → basis.yml; did you mean basis.yaml?",
        "extends 所指的檔案不存在：mine.yaml → basis.yml；是否指 basis.yaml？",
        "extends 所指的文件不存在：mine.yaml → basis.yml；是否指 basis.yaml？",
    ),
    (
        "policy:\n  pre_clearance:\n    lead: 60 km\n",
        3,
        11,
        "'km' is a unit of length; a time is needed (s, min, h, d)",
        "km 是長度單位；此處須填時長（s、min、h、d）",
        "km 是长度单位；此处须填时长（s、min、h、d）",
    ),
    (
        "policy:\n  pre_clearance:\n    lead: 60 w\n",
        3,
        11,
        "unknown unit 'w'; a time takes s, min, h, d",
        "單位 w 不明；時長可用 s、min、h、d",
        "单位 w 不明；时长可用 s、min、h、d",
    ),
    (
        "extends： basis.yaml\n",
        1,
        8,
        "a full-width colon stands here (：); write ':' and a space",
        "此處有全形冒號（：）；請改寫半形的 : 加一個空格",
        "此处有全角冒号（：）；请改写半角的 : 加一个空格",
    ),
    (
        "policy: {inspection: {sequence: [xray，open]}}\n",
        1,
        38,
        "a full-width comma stands here (，); write ',' and a space",
        "此處有全形逗號（，）；請改寫半形的 , 加一個空格",
        "此处有全角逗号（，）；请改写半角的 , 加一个空格",
    ),
    (
        "policy: {pre_clearance: {lead: 60 min}} ＃ one hour\n",
        1,
        41,
        "a full-width number sign stands here (＃); write '#'",
        "此處有全形井號（＃）；請改寫半形的 #",
        "此处有全角井号（＃）；请改写半角的 #",
    ),
    (
        "policy: {detector_dogs: {teams: ２}}\n",
        1,
        33,
        "a whole number is needed; a full-width digit stands in it (２); write '2'",
        "須填整數；當中有全形數字（２）；請寫 2",
        "须填整数；其中有全角数字（２）；请写 2",
    ),
    (
        "policy: {corridor: {closures: [{daily: ['12:00', '13:00'], on: mon－fri}]}}\n",
        1,
        64,
        "a weekday or a spell of weekdays is needed, such as sat or mon-fri; "
        "a full-width hyphen stands in it (－); write 'mon-fri'",
        "須填星期幾或一段日子，例如 sat 或 mon-fri；當中有全形連字號（－）；請寫 mon-fri",
        "须填星期几或一段日子，例如 sat 或 mon-fri；其中有全角连字符（－）；请写 mon-fri",
    ),
    (
        "title: #2 dogs\n",
        1,
        8,
        "the text ends before '#', which begins a comment; write it in quotation marks: \"#2 dogs\"",
        '文字在 # 之前中斷，# 之後視作註解；請加引號："#2 dogs"',
        '文字在 # 之前中断，# 之后视作注释；请加引号："#2 dogs"',
    ),
    (
        "policy: {detector_dogs: {teams: '2'}}\n",
        1,
        33,
        "a whole number is needed; write 2",
        "須填整數；請寫 2",
        "须填整数；请写 2",
    ),
    (
        "policy: {pre_clearance: {decision: before-departure}}\n",
        1,
        36,
        "this is not one of the choices; write before_departure",
        "不在可選項之列；請寫 before_departure",
        "不在可选项之列；请写 before_departure",
    ),
    (
        "policy: {pre_clearance: {lead: '60'}}\n",
        1,
        32,
        "the unit is missing; write it behind the number, as in '60 min'",
        "缺少單位；請在數字後寫上單位，例如 60 min",
        "缺少单位；请在数字后写上单位，例如 60 min",
    ),
    (
        "policy: {corridor: {floor: 1 000 m}}\n",
        1,
        28,
        "numbers have no commas or spaces between thousands; write '1000 m'",
        "數字不用千位分隔號；請寫 1000 m",
        "数字不用千位分隔号；请写 1000 m",
    ),
    (
        "study: {first_day: 2026年6月1日}\n",
        1,
        20,
        "a date is needed, year-month-day, as in 2026-11-02; write 2026-06-01",
        "須填日期，年-月-日，例如 2026-11-02；請寫 2026-06-01",
        "须填日期，年-月-日，例如 2026-11-02；请写 2026-06-01",
    ),
    (
        'policy:\n  pre_clearance:\n    "lead"：60 min\n',
        3,
        11,
        "a full-width colon stands here (：); write ':' and a space",
        "此處有全形冒號（：）；請改寫半形的 : 加一個空格",
        "此处有全角冒号（：）；请改写半角的 : 加一个空格",
    ),
    (
        "title: & more\n",
        1,
        9,
        "an unquoted text can't begin with & or *; put the text in quotation marks",
        "沒有引號的文字不可以 & 或 * 開首；請將文字放入引號",
        "没有引号的文字不可以 & 或 * 开头；请将文字放入引号",
    ),
    (
        'title: "a\\qb"\n',
        1,
        11,
        "in double quotation marks a backslash must stand twice; or use single ones",
        "雙引號內的反斜線須寫兩次；或改用單引號",
        "双引号内的反斜杠须写两次；或改用单引号",
    ),
    (
        "policy:\n  pre_clearance:\n    lead = 60 min\n",
        3,
        10,
        "a colon is needed in place of the equals sign; write 'lead: 60 min'",
        "等號須改為冒號；請寫 lead: 60 min",
        "等号须改为冒号；请写 lead: 60 min",
    ),
    (
        "world:\n  demand:\n    flights_per_day: 1，000/d\n",
        3,
        22,
        "a full-width comma stands in it (，); write '1000/d'",
        "當中有全形逗號（，）；請寫 1000/d",
        "其中有全角逗号（，）；请写 1000/d",
    ),
    (
        "policy:\n  pre_clearance:\n    lead: 60 ｍｉｎ\n",
        3,
        11,
        "a full-width letter stands in it (ｍ); write '60 min'",
        "當中有全形字母（ｍ）；請寫 60 min",
        "其中有全角字母（ｍ）；请写 60 min",
    ),
    (
        "policy:\n  pre_clearance:\n    lead: 60 min；\n",
        3,
        11,
        "a full-width semicolon stands in it (；); write '60 min'",
        "當中有全形分號（；）；請寫 60 min",
        "其中有全角分号（；）；请写 60 min",
    ),
    (
        "policy:\n  port_hours:\n    opens: ‘07:00’\n",
        3,
        12,
        "a Chinese or curly quotation mark stands here (‘); write '\"'",
        '此處有中文引號（‘）；請改寫半形的 "',
        '此处有中文引号（‘）；请改写半角的 "',
    ),
]


def problem_of(text: str, folder: Path) -> Problem:
    """The only problem of a file of that text, beside a file basis.yaml."""
    (folder / "basis.yaml").write_text("name: basis\n")
    (folder / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        load_scenario(folder / "mine.yaml")
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(("text", "line", "column", "en", "zh_hant", "zh_hans"), CASES)
def test_a_slip_is_named_where_it_stands(
    text: str, line: int, column: int, en: str, zh_hant: str, zh_hans: str, tmp_path: Path
) -> None:
    problem = problem_of(text, tmp_path)
    assert (problem.line, problem.column) == (line, column)
    assert [words.replace(f"{tmp_path}/", "") for words in problem.message.all] == [en, zh_hant, zh_hans]


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("policy: {detector_dogs: {teams: {HK: 2}}}\n", "hong_kong, mainland, macao"),
        ("policy: {detector_dogs: {teams: two}}\n", "by side, hong_kong, mainland, macao"),
        ("world: {data_interface: {outage_events: {start: 2026-06-01, duration: 4 h}}}\n", "[[day 5 08:00, day 5 12:00]]"),
        ("policy: {corridor: {routes: liantang}}\n", "for example [wenjindu_sheung_shui]"),
        ("world: {weather: {events: {kind: fog}}}\n", "[{kind: signal_1, start: day 5 08:00, end: day 5 12:00}]"),
        ("world: {demand: {hourly_profile: 3}}\n", "[1.5]"),
    ],
)
def test_what_is_allowed_names_the_sides_and_shows_a_list(text: str, example: str, tmp_path: Path) -> None:
    assert example in problem_of(text, tmp_path).allowed.en


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("policy: {pre_clearance: {lead: 1 小時}}\n", "policy.pre_clearance.lead", "1 h"),
        ("policy: {pre_clearance: {lead: 90 分钟}}\n", "policy.pre_clearance.lead", "1.5 h"),
        ("policy: {pre_clearance: {lead: 60 MIN}}\n", "policy.pre_clearance.lead", "1 h"),
        ("policy: {pre_clearance: {lead: 2 個小時}}\n", "policy.pre_clearance.lead", "2 h"),
        ("policy: {pre_clearance: {lead: 90分}}\n", "policy.pre_clearance.lead", "1.5 h"),
        ("world: {demand: {flights_per_day: 30/日}}\n", "world.demand.flights_per_day", "30/d"),
        ("policy: {pre_clearance: {decision: Before_Departure}}\n", "policy.pre_clearance.decision", "before_departure"),
        ("policy: {data_interface: {mode: API}}\n", "policy.data_interface.mode", "api"),
        ("title: 「一地兩檢」：甲、乙\npolicy: {pre_clearance: {lead: 60 min}}\n", "policy.pre_clearance.lead", "1 h"),
        ("policy: {pre_clearance: {aeo_share: 40 percent}}\n", "policy.pre_clearance.aeo_share", "40%"),
        ("title: Thirty # a comment\n", "policy.pre_clearance.decision", "on_arrival"),
        ("notes: |\n  　　段落一：http://a.b，甲\n", "policy.pre_clearance.decision", "on_arrival"),
    ],
)
def test_what_is_meant_so_is_taken(text: str, path: str, value: str, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    scenario = load_scenario(tmp_path / "mine.yaml")
    assert written_at(scenario, path) == value
    assert scenario == apply(scenario, {path: value})


def test_a_slip_of_a_text_is_not_told_beside_a_problem_elsewhere(tmp_path: Path) -> None:
    text = "notes: |\n  　　甲：乙\n  lead:60\n\npolicy: {pre_clearance: {lead: 60}}\n"
    assert "the unit is missing" in problem_of(text, tmp_path).message.en


def test_the_name_of_a_file_is_put_right(tmp_path: Path) -> None:
    (tmp_path / "baseline.yaml").write_text("name: baseline\n")
    with pytest.raises(InputError, match=r"there is no such file; did you mean .*baseline\.yaml\?"):
        load_scenario(tmp_path / "baseline.yml")
    with pytest.raises(InputError, match=r"there is no such file$"):
        load_scenario(tmp_path / "other.yaml")


@pytest.mark.parametrize("sign", ["＝", "：", ": "])
def test_a_change_with_another_sign_is_told_how_to_be_written(sign: str) -> None:
    with pytest.raises(InputError, match=r"as in --set 'policy\.pre_clearance\.lead=60 min'"):
        load_scenario(Path("scenarios/baseline.yaml"), f"policy.pre_clearance.lead{sign}60 min")
