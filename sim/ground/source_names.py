"""Where a figure comes from, in short and in the reader's language: the bodies that a source's text names, with their dates.

A declared source is a sentence in English. In Chinese a page names the institution, the journal or the rule behind it, or says
in a word that there is none; the sentence itself is not translated.
"""

import calendar
import re
from collections.abc import Iterator

from sim.ground.institutions import AUTHORITIES, Institution
from sim.ground.text import Language, Text

BODIES: tuple[Institution, ...] = (
    *AUTHORITIES,
    Institution(Text("Road Cargo System", "道路貨物資料系統", "道路货物资料系统"), ("rocars.gov.hk", "ROCARS")),
    Institution(
        Text("Hong Kong Government press releases", "香港特區政府新聞公報", "香港特区政府新闻公报"),
        ("info.gov.hk", "news.gov.hk"),
    ),
    Institution(Text("Census and Statistics Department, Hong Kong", "香港政府統計處", "香港政府统计处"), ("censtatd.gov.hk",)),
    Institution(Text("Civil Service Bureau, Hong Kong", "香港公務員事務局", "香港公务员事务局"), ("csb.gov.hk",)),
    Institution(Text("Hong Kong Yearbook", "《香港年報》", "《香港年报》"), ("yearbook.gov.hk",)),
    Institution(
        Text(
            "Interim Regulations on the Flight Management of Unmanned Aircraft",
            "《無人駕駛航空器飛行管理暫行條例》",
            "《无人驾驶航空器飞行管理暂行条例》",
        ),
        ("State Council Order 761", "Order 761"),
    ),
    Institution(
        Text(
            "Interim Measures of Shenzhen on civil micro and light unmanned aircraft",
            "《深圳市民用微輕型無人機管理暫行辦法》",
            "《深圳市民用微轻型无人机管理暂行办法》",
        ),
        ("Shenzhen interim measures",),
    ),
    Institution(
        Text("World Customs Organization", "世界海關組織", "世界海关组织"), ("SAFE levels", "World Customs Organization")
    ),
    Institution(Text("Xiamen pilot free trade zone", "廈門自貿片區", "厦门自贸片区"), ("en.ftz.xm.gov.cn",)),
    Institution(
        Text("the customs administrations' meeting", "內地海關與香港海關會議", "内地海关与香港海关会议"), ("27 Nov 2024 meeting",)
    ),
    Institution(Text("Hong Kong Customs and Excise Department", "香港海關", "香港海关"), ("(customs,",)),
    Institution(Text("US customs", "美國海關", "美国海关"), ("CBP",)),
    Institution(Text("Federal Aviation Administration", "美國聯邦航空管理局", "美国联邦航空管理局"), ("FAA",)),
    Institution(Text("Auburn University", "奧本大學", "奥本大学"), ("Auburn University",)),
    Institution(Text("Duke University", "杜克大學", "杜克大学"), ("Duke",)),
    Institution(Text("India's time release study", "印度放行時間研究", "印度放行时间研究"), ("NTRS 2024",)),
    Institution(Text("Japan International Freight Forwarders", "日本國際貨運代理協會", "日本国际货运代理协会"), ("jiffa.or.jp",)),
    Institution(Text("ASTM F3548-21", "ASTM F3548-21 標準", "ASTM F3548-21 标准"), ("ASTM F3548-21",)),
    Institution(Text("EPSG", "EPSG 坐標參數", "EPSG 坐标参数"), ("EPSG:4611",)),
    Institution(Text("Tradelink", "貿易通", "贸易通"), ("tradelink.com.hk", "Tradelink")),
    Institution(Text("Ge-TS", "Ge-TS 電子貿易服務", "Ge-TS 电子贸易服务"), ("ge-ts.com.hk",)),
    Institution(Text("CMA Bulletin", "廠商會會刊", "厂商会会刊"), ("CMA Bulletin",)),
    Institution(Text("China Daily, Hong Kong", "《中國日報》香港版", "《中国日报》香港版"), ("China Daily HK", "chinadailyhk")),
    Institution(Text("South China Morning Post", "《南華早報》", "《南华早报》"), ("SCMP",)),
    Institution(Text("The Standard", "《英文虎報》", "《英文虎报》"), ("thestandard.com.hk",)),
    Institution(Text("HK01", "香港01", "香港01"), ("HK01", "hk01.com")),
    Institution(Text("RTHK", "香港電台", "香港电台"), ("RTHK",)),
    Institution(Text("Hong Kong Commercial Daily", "《香港商報》", "《香港商报》"), ("HKCD",)),
    Institution(Text("China News Service", "中國新聞社", "中国新闻社"), ("CNS",)),
    Institution(Text("Dot Dot News", "點新聞", "点新闻"), ("dotdotnews",)),
    Institution(Text("Shenzhen Daily", "《深圳日報》", "《深圳日报》"), ("Shenzhen Daily",)),
    Institution(Text("South, Guangdong news", "南方網", "南方网"), ("newsgd.com",)),
    Institution(Text("World Journal", "《世界日報》", "《世界日报》"), ("worldjournal",)),
    Institution(Text("Macao News", "澳門新聞網站 Macao News", "澳门新闻网站 Macao News"), ("macaonews",)),
    Institution(Text("china.org.cn", "中國網", "中国网"), ("china.org.cn",)),
    Institution(Text("Hong Kong Business", "《香港商業》雜誌", "《香港商业》杂志"), ("hongkongbusiness.hk",)),
    Institution(Text("Business Traveller", "《商務旅行者》", "《商务旅行者》"), ("businesstraveller.com",)),
    Institution(Text("Global Law Office", "環球律師事務所", "环球律师事务所"), ("glo.com.cn",)),
    Institution(Text("Jezierski et al.", "Jezierski 等人的研究", "Jezierski 等人的研究"), ("Jezierski et al.",)),
    Institution(Text("PLOS ONE", "《PLOS ONE》期刊", "《PLOS ONE》期刊"), ("PLOS ONE",)),
    Institution(Text("DATE, KDD", "KDD 會議論文", "KDD 会议论文"), ("DATE, KDD",)),
    Institution(Text("Prologue Journal", "Prologue 期刊", "Prologue 期刊"), ("prologuejournal",)),
    Institution(Text("Mondaq", "Mondaq 法律資訊", "Mondaq 法律资讯"), ("mondaq.com",)),
    Institution(Text("maker's manual", "廠商手冊", "厂商手册"), ("manuals.plus",)),
    Institution(Text("CTgoodjobs", "CTgoodjobs 公務員職系資料", "CTgoodjobs 公务员职系资料"), ("civilservice.ctgoodjobs.hk",)),
    Institution(Text("FutureIoT", "FutureIoT 網站", "FutureIoT 网站"), ("futureiot.tech",)),
    Institution(Text("ttm.financial", "ttm.financial 財經網站", "ttm.financial 财经网站"), ("ttm.financial",)),
    Institution(Text("nxhxj.cn", "nxhxj.cn 網站", "nxhxj.cn 网站"), ("nxhxj.cn",)),
    Institution(Text("Alwihda Info", "Alwihda Info 新聞網站", "Alwihda Info 新闻网站"), ("alwihdainfo.com",)),
    Institution(Text("zealpartner.com", "zealpartner.com 貿易網誌", "zealpartner.com 贸易博客"), ("zealpartner.com",)),
    Institution(Text("webcanine.com", "webcanine.com 網站", "webcanine.com 网站"), ("webcanine.com",)),
    Institution(Text("readkong.com", "readkong.com 文庫", "readkong.com 文库"), ("readkong.com",)),
    Institution(Text("hksar.org", "hksar.org 網站", "hksar.org 网站"), ("hksar.org",)),
)
"""Every body that a declared source comes from; the first mark of a body that stands in a text is where it is named."""

REMARKS: tuple[Institution, ...] = (
    Institution(Text("left open", "沒有公開數字，留空", "没有公开数字，留空"), ("left open",)),
    Institution(
        Text("no figure found", "未有找到數字", "未找到数字"),
        (
            "no figure",
            "no outage figure",
            "no number",
            "not found",
            "no rate",
            "unknown for",
            "none for",
            "none:",
            "no count",
            "no public figure",
        ),
    ),
    Institution(Text("no rule found", "未有找到規定", "未找到规定"), ("no rule",)),
    Institution(
        Text("nothing published", "未有公布", "未公布"),
        ("are published", "is published", "was found", "is not known", "is not said", "not what it consists of"),
    ),
    Institution(
        Text("set by the model", "模型設定", "模型设定"),
        ("model's choice", "project's own choice", "choices are the model's", "aircraft do not vanish", "already has a night"),
    ),
    Institution(Text("to be set by the user", "由使用者設定", "由使用者设定"), ("the user's own", "for the user to state")),
    Institution(Text("none by default", "預設為無", "默认为无"), ("none by default",)),
    Institution(
        Text("usual practice", "一般做法", "一般做法"),
        (
            "common practice",
            "general practice",
            "usual in",
            "common guideline",
            "as long as the usual",
            "both are in use",
            "the same 15 minutes",
        ),
    ),
    Institution(
        Text("recalled", "憑一般認識", "凭一般认识"), ("recalled", "about the mean of the year", "by road, with loading")
    ),
    Institution(
        Text("aircraft types", "機型資料", "机型资料"), ("aircraft catalogue", "multirotor in service", "for cargo multirotors")
    ),
    Institution(Text("studies of detector dogs", "偵緝犬研究", "侦查犬研究"), ("studies of explosives dogs",)),
    Institution(Text("Lok Ma Chau, 2003", "落馬洲管制站（2003年）", "落马洲管制站（2003年）"), ("Lok Ma Chau, 2003",)),
    Institution(Text("assumed", "假設", "假设"), ("what quarantine checks", "a day without", "one decision")),
)
"""What a text says of its figure where no body stands behind it."""

MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
DATE = re.compile(rf"(?:(?:(\d{{1,2}}) )?({'|'.join(MONTHS)}) )?\b((?:19|20)\d\d)\b")
ARTICLE = re.compile(r"Art\. (\d+)")
ARTICLE_NAMED = Text(", Art. {number}", "第{number}條", "第{number}条")
FOR_REFERENCE = Text("see ", "參考：", "参考：")


def short_source(source: str, language: Language, is_guess: bool = False) -> str:
    """A declared source in short: in English as it is declared; in Chinese the bodies that it names, else what it says instead.

    is_guess: the bodies are named for reference only, for the figure is not theirs. Empty in Chinese where nothing is recognised.
    """
    if language == "en":
        return source
    bodies = "；".join(dict.fromkeys(_named(source, BODIES, language)))
    if bodies:
        return FOR_REFERENCE.in_language(language) + bodies if is_guess else bodies
    return next(iter(_named(source, REMARKS, language)), "")


def source_with_short_name(source: str, language: Language, is_guess: bool = False) -> str:
    """The declared source, in Chinese behind its short name."""
    short = short_source(source, language, is_guess)
    return f"{short}：{source}" if language != "en" and short else source


def _named(source: str, known: tuple[Institution, ...], language: Language) -> Iterator[str]:
    """The bodies that the text names, in the order of the text, each once, with its article or date behind it."""
    marks = ((re.search(rf"(?<!\w){re.escape(mark)}", source), body) for body in known for mark in body.marks)
    places = sorted(((match.span(), body) for match, body in marks if match), key=lambda place: place[0])
    named: set[Text] = set()
    for (_, end), body in places:
        if body.name not in named:
            named.add(body.name)
            yield body.name.in_language(language) + _detail(re.split(r"[;)]", source[end:])[0], language)


def _detail(behind: str, language: Language) -> str:
    """The article, or the date, that stands behind a body's name in the same brackets."""
    article, date = ARTICLE.search(behind), DATE.search(behind)
    if article:
        return ARTICLE_NAMED.in_language(language).format(number=article[1])
    if not date:
        return ""
    day, month, year = date.groups()
    return f"（{year}年{f'{MONTHS[month]}月' if month else ''}{f'{day}日' if day else ''}）"
