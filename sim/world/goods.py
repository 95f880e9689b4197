"""The goods that consignments carry."""

from dataclasses import dataclass

from sim.ground.text import Text


@dataclass(frozen=True, slots=True)
class Goods:
    """A class of goods, as scenarios name it."""

    key: str
    name: Text


GOODS: tuple[Goods, ...] = (
    Goods("parcel", Text("e-commerce parcels", "電商包裹", "电商包裹")),
    Goods("document", Text("documents", "文件", "文件")),
    Goods("food", Text("food", "食品", "食品")),
    Goods("medical", Text("medical goods and samples", "醫療用品及樣本", "医疗用品及样本")),
    Goods("electronics", Text("electronics", "電子產品", "电子产品")),
)
GOODS_KEYS: tuple[str, ...] = tuple(goods.key for goods in GOODS)
