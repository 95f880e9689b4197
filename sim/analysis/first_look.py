"""A look at the first points of a design while the others are still to be simulated: has the measure a value there?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.ground.text import Text
from sim.metrics.measure_ref import Measure, MeasureRef
from sim.model.metric import Metric
from sim.study.pooled import values_of_quantiles
from sim.study.replication_values import Values, values_by_measure

if TYPE_CHECKING:
    import pyarrow as pa

_ANOTHER = Text("another measure", "另一指標", "另一指标")
_HAS_ONE = Text(
    "{name}, which has one in all of them (what was simulated is kept where the study has a folder, and serves it)",
    "{name}，其在各處均有數值（研究如有資料夾，已模擬的部分會保留並可沿用）",
    "{name}，其在各处均有数值（研究如有文件夹，已仿真的部分会保留并可沿用）",
)


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What is asked of the first points.

    points: how many they are · check: takes their values by measure and point, in the order of the design, and the measures by
    key; raises InputError where it is of no use to go on.
    """

    points: int
    check: Callable[[Values, Mapping[str, Metric]], None]

    def watcher(self, replications: int, metrics: Mapping[str, Metric]) -> Callable[[Mapping[str, Path]], None]:
        """A function to be called with the files of each replication, in the order of the design."""
        measures: list[pa.Table] = []
        distributions: list[pa.Table] = []

        def watch(files: Mapping[str, Path]) -> None:
            if len(measures) == self.points * replications:
                return
            measures.append(_rows_in(files["replications"]))
            distributions.append(_rows_in(files["distributions"]))
            if len(measures) == self.points * replications:
                values = values_by_measure(_joined(measures).to_pandas(), replications, metrics)
                self.check(values | values_of_quantiles(_joined(distributions), metrics, replications), metrics)

        return watch


def _rows_in(file: Path) -> "pa.Table":
    import pyarrow as pa

    with pa.memory_map(str(file)) as source:
        return pa.ipc.open_file(source).read_all()


def _joined(tables: "list[pa.Table]") -> "pa.Table":
    import pyarrow as pa

    return pa.concat_tables(tables).unify_dictionaries()


def measure_with_values(
    values: Values, measured: Measure, metrics: Mapping[str, Metric], has_values: Callable[[MeasureRef], bool]
) -> Text:
    """What may stand in place of a measure: one with a direction, by its name, that has values in all the points looked at.

    has_values: whether a measure has them. One of the same topic comes first, then a headline.
    """
    directed = [ref for ref in values if metrics[ref.metric].direction(ref.part) != "neither"]
    in_order = sorted(
        directed, key=lambda ref: (metrics[ref.metric].topic != measured.metric.topic, not metrics[ref.metric].headline)
    )
    name = next((str(ref) for ref in in_order if has_values(ref)), "")
    return _HAS_ONE.fill(name=name) if name else _ANOTHER
