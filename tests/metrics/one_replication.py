"""The quantiles of one replication alone, from the counts that a study would keep of it."""

from sim.execution.tables import distributions_table
from sim.metrics import distributions, times
from sim.model.metric import Metric
from sim.model.observation import Observation
from sim.study.pooled import values_of_quantiles


def quantiles_of(metric: Metric, observation: Observation) -> dict[str, float]:
    """By part of the measure; inf for never."""
    table = distributions_table("alone", 0, times(observation, distributions([metric])))
    values = values_of_quantiles(table, {metric.key: metric}, 1)
    return {ref.part: float(by_scenario["alone"][0]) for ref, by_scenario in values.items()}
