"""X-ray: machines that scan consignments one by one and raise alarms."""

from typing import ClassVar

from sim.ground.instrument import CUSTOMS_EACH, Instrument
from sim.ground.parameter import BySide, DurationLaw, Group, Servers, Share, Status, parameter
from sim.ground.text import Text
from sim.model.examination_means import examination_means
from sim.model.stage import PoolKind


class XrayPolicy(Group):
    """Machines."""

    instruments: ClassVar[tuple[Instrument, ...]] = (Instrument(CUSTOMS_EACH, Text("equipment", "設備", "设备"), ("customs",)),)

    machines: BySide[Servers] = parameter(
        1,
        label=Text("X-ray machines", "X光機", "X光机"),
        meaning="X-ray machines with their reader at each vertiport of a side, or in its yard; hours are written by clock time.",
        source="no figure found",
        status=Status.GUESS,
        bounds=(0, 100),
        plausible=(1, 3),
    )


class XrayWorld(Group):
    """What the machines and their readers can do."""

    scan_time: DurationLaw = parameter(
        {"lognormal": {"mean": "20 s", "cv": 0.3}},
        label=Text("Scan of a consignment", "每件X光掃描用時", "每件X光扫描用时"),
        meaning="Time to scan one consignment and read the image.",
        source="vehicle scans take 80 to 120 s (customs.gov.hk, 9 Jun 2004); a parcel is faster, 10 to 30 s",
        status=Status.GUESS,
        bounds=("0 s", "1 h"),
        plausible=("10 s", "60 s"),
    )
    sensitivity: Share = parameter(
        "75%",
        label=Text("X-ray sensitivity", "X光靈敏度", "X光灵敏度"),
        meaning="Share of illicit consignments on which the x-ray raises an alarm.",
        source=(
            "none for customs cargo; readers found 92% of frequent and 27% of rare targets in a game (Duke, 2013); swept 60"
            " to 92%"
        ),
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("60%", "92%"),
    )
    false_alarm: Share = parameter(
        "5%",
        label=Text("X-ray false alarms", "X光誤報率", "X光误报率"),
        meaning="Share of licit consignments on which the x-ray raises an alarm.",
        source="no figure found; swept 2 to 20%",
        status=Status.GUESS,
        bounds=("0%", "100%"),
        plausible=("2%", "20%"),
    )


XRAY_FEATURE = examination_means(
    "xray",
    Text("X-ray", "X光檢查", "X光检查"),
    policy=XrayPolicy,
    world=XrayWorld,
    pool=PoolKind("xray_machines", Text("x-ray machines", "X光機", "X光机"), "machine", staffed_by="officer", in_port_hours=True),
    servers=lambda policy: policy.machines,
    time=lambda world: world.scan_time,
    sensitivity=lambda world: world.sensitivity,
    false_alarm=lambda world: world.false_alarm,
    time_stream="scan_time",
)
