"""The names of keys in scenario files: choices, means of examination, routes, goods, aircraft, sites.

A key has one name wherever it stands; in English it is the key itself, with spaces.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from sim.ground.parameter import declaration_of
from sim.ground.roster import weekdays_in_words
from sim.ground.sides import SIDES
from sim.ground.text import Language, Text
from sim.model.disruption import DISRUPTION_LABELS
from sim.model.flights import PRIORITY_LABELS
from sim.world.goods import GOODS

# key -> (繁體中文, 简体中文)
_CHOICES: dict[str, tuple[str, str]] = {
    "none": ("無", "无"),
    "medical": ("醫療", "医疗"),
    "class": ("按類別", "按类别"),
    "three_days": ("提前三日", "提前三日"),
    "noon_day_before": ("飛行前一日12時前", "飞行前一日12时前"),
    "one_hour": ("提前一小時", "提前一小时"),
    "standing": ("長期批准", "长期批准"),
    "per_flight": ("逐班", "逐班"),
    "series": ("逐一審批", "依次审批"),
    "parallel": ("同時審批", "同时审批"),
    "single_desk": ("統一審批", "统一审批（一个窗口办理）"),
    "before_departure": ("起飛前", "起飞前"),
    "on_arrival": ("抵達時", "抵达时"),
    "hold": ("等候", "等候"),
    "inspect_on_arrival": ("抵達時查驗", "抵达时查验"),
    "refuse": ("不予放行", "不予放行"),
    "paper": ("紙本", "纸质"),
    "batch": ("分批傳送", "分批传送"),
    "api": ("應用程式介面（API）", "应用程序接口（API）"),
    "personal": ("個人資料", "个人信息"),
    "tokens": ("代碼", "代码"),
    "consignment": ("貨件", "货件"),
    "declaration": ("貨物資料申報", "报关单"),
    "flight": ("航班", "航班"),
    "separate": ("各自進行", "各自进行"),
    "shared_results": ("共用結果", "共享结果"),
    "joint": ("聯合", "联合"),
    "check_twice": ("兩地分別查驗", "两地分别查验"),
    "recognise": ("互認查驗結果", "互认查验结果"),
    "co_located": ("一地兩檢", "一地两检"),
    "one_stop": ("起飛前合作查驗、一次放行", "起飞前合作查验、一次放行"),
    "collaborative": ("合作查驗、一次放行", "合作查验、一次放行"),
    "origin": ("出境方", "出境方"),
    "destination": ("入境方", "进境方"),
    "pad": ("起降坪", "起降坪"),
    "yard": ("查驗場", "查验场"),
    "take_parcel": ("只扣下該件貨物", "只扣下该件货物"),
    "hold_flight": ("扣下整班貨物", "扣下整班货物"),
    "roster": ("按更表", "按排班表"),
    "earned": ("按工作時間累計", "按工作时间累计"),
    "by_shift": ("按更次", "按班次"),
    "by_forecast": ("按預測到達", "按预测到达"),
    "each_port": ("各起降場自用", "各起降场自用"),
    "on_call": ("集中待命，按召出動", "集中待命，按需出动"),
    "pooled": ("各起降場共用", "各起降场共用"),
    "single": ("逐件搜查", "逐件搜查"),
    "line": ("列隊搜查", "列队搜查"),
    "basic": ("基礎", "基础"),
    "advanced": ("進階", "高级"),
    "wait": ("等候", "等候"),
    "without": ("不經緝毒犬", "不经缉毒犬"),
    "leave": ("不等候", "不等候"),
    "with_customs": ("與海關同處", "与海关同处"),
    "own": ("另設", "另设"),
    "never": ("不停飛", "不停飞"),
    "at_filing": ("申請時核對", "申请时核对"),
    "in_flight": ("飛行中核對", "飞行中核对"),
    "sampled": ("按月份抽樣", "按月份抽样"),
    "gcj02": ("GCJ-02 坐標系", "GCJ-02 坐标系"),
    "hk80": ("香港1980坐標系", "香港1980坐标系"),
    "wgs84": ("WGS 84 坐標系", "WGS 84 坐标系"),
    "daily": ("每日", "每日"),
    "on": ("逢", "逢"),
    "kind": ("種類", "种类"),
    "start": ("開始", "开始"),
    "end": ("結束", "结束"),
    "speed": ("風速", "风速"),
    "outline": ("範圍", "范围"),
    "closed": ("關閉時間", "关闭时间"),
    "via": ("途經", "途经"),
    "datum": ("坐標基準", "坐标基准"),
}


@cache
def choice_labels() -> Mapping[str, Text]:
    """Every choice of every parameter, the means of examination, and the keys of events and of routes of one's own.

    A choice has its name in the table above, or where its parameter is declared; a means has the name of its feature.
    """
    from sim.policies import FEATURES  # here, not above: names are asked for when a scenario is shown

    names = {key: Text(key.replace("_", " "), *chinese) for key, chinese in _CHOICES.items()}
    groups = (group for feature in FEATURES for group in (feature.policy, feature.world) if group is not None)
    for info in (info for group in groups for info in group.model_fields.values()):
        declaration = declaration_of(info)
        names |= declaration.choice_labels if declaration else {}
    return names | {feature.means: replace(feature.label, en=feature.means) for feature in FEATURES if feature.means}


def word(key: str, language: Language = "en") -> str:
    """The name of a choice or of a key in a list; where it has none, the key with spaces."""
    if language == "en":
        return key.replace("_", " ")
    name = choice_labels().get(key) or _places().get(key)
    return name.in_language(language) if name else key.replace("_", " ")


def key_in_words(key: str, language: Language = "en") -> str:
    """The name of a key of a mapping: that of a side, or of a choice; in English any key but a side's as it is written."""
    side = next((side.name for side in SIDES if side.key == key), None)
    if side is not None:
        return side.in_language(language)
    return weekdays_in_words(key, language) or (key if language == "en" else word(key, language))


@cache
def _places() -> dict[str, Text]:
    """Routes, sites, aircraft, goods, classes of priority, kinds of disruption."""
    from sim.world.aircraft import aircraft_catalogue
    from sim.world.routes import route_catalogue
    from sim.world.sites import sites

    named = {key: route.name for key, route in route_catalogue().items()}
    named |= {key: site.name for key, site in sites().items()}
    named |= {key: aircraft.name for key, aircraft in aircraft_catalogue().items()}
    named |= {goods.key: goods.name for goods in GOODS}
    named |= {priority.name.lower(): text for priority, text in PRIORITY_LABELS.items()}
    return {**named, **DISRUPTION_LABELS}
