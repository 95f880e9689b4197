"""The names in full of authorities and of other bodies that sources come from, in three languages."""

from dataclasses import dataclass

from sim.ground.text import Text


@dataclass(frozen=True, slots=True)
class Institution:
    """A body with its name; marks: what a source's text holds where it comes from there, such as an address."""

    name: Text
    marks: tuple[str, ...] = ()


AUTHORITIES: tuple[Institution, ...] = (
    Institution(Text("Hong Kong Customs and Excise Department", "香港海關", "香港海关"), ("customs.gov.hk",)),
    Institution(Text("Civil Aviation Department, Hong Kong", "香港民航處", "香港民航处"), ("cad.gov.hk",)),
    Institution(Text("Immigration Department, Hong Kong", "香港入境事務處", "香港入境事务处"), ("immd.gov.hk",)),
    Institution(
        Text("Agriculture, Fisheries and Conservation Department, Hong Kong", "香港漁農自然護理署", "香港渔农自然护理署"),
        ("afcd.gov.hk",),
    ),
    Institution(Text("Transport and Logistics Bureau, Hong Kong", "香港運輸及物流局", "香港运输及物流局"), ("tlb.gov.hk",)),
    Institution(Text("Transport Department, Hong Kong", "香港運輸署", "香港运输署"), ("td.gov.hk",)),
    Institution(Text("Hong Kong Observatory", "香港天文台", "香港天文台"), ("hko.gov.hk", "the Observatory")),
    Institution(
        Text(
            "General Administration of Customs of the People's Republic of China",
            "中華人民共和國海關總署",
            "中华人民共和国海关总署",
        ),
        ("customs.gov.cn",),
    ),
    Institution(Text("Civil Aviation Administration of China", "中國民用航空局", "中国民用航空局"), ("caac.gov.cn",)),
    Institution(
        Text(
            "National Immigration Administration (exit and entry frontier inspection)",
            "國家移民管理局（出入境邊防檢查）",
            "国家移民管理局（出入境边防检查）",
        ),
        ("nia.gov.cn",),
    ),
    Institution(Text("Shenzhen Municipal People's Government", "深圳市人民政府", "深圳市人民政府"), ("sz.gov.cn",)),
    Institution(Text("Macao Customs Service", "澳門海關", "澳门海关"), ("customs.gov.mo",)),
    Institution(Text("Civil Aviation Authority of Macao", "澳門民航局", "澳门民航局"), ("aacm.gov.mo",)),
)
"""Of Hong Kong, of the Mainland, of Macao: the bodies that decide on a flight and its goods, or whose figures are used."""
