"""How often the intervals of a study hold: studies cut from a bank of replications, the whole of which is taken as the truth.

`make coverage` fills the bank (out/coverage; it is kept, and gone on with where it was left) and writes
docs/reference/coverage.md and sim/study/data/coverage.csv.
"""

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import sim
from sim.archive.layout import table_file
from sim.ground.arrays import Floats
from sim.metrics.measure_ref import MeasureRef, measures
from sim.metrics.per_flight import FLIGHT_QUANTITIES
from sim.model.metric import Metric
from sim.statistics.differences import Difference, ends_of
from sim.statistics.multiple_comparisons import holm
from sim.statistics.paired import paired_differences
from sim.study.comparison import differences_from_baseline, summary_table
from sim.study.coverage import COVERAGE, GOAL, JUDGED_AT
from sim.study.pooled import NO_QUANTILES, Pooled, pooled_quantiles
from sim.study.questions import LONGEST_WAIT, QUESTIONS
from sim.study.replication_values import Values, keys_behind, values_by_measure

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "coverage.md"
BASELINE, COMPARED = "baseline", ("one-stop", "recognition-50", "filing-three-days")
NAMES = (BASELINE, *COMPARED)
CONFIDENCE, BLOCK, FIRST_SEED = 0.95, 500, 20_001
STUDIES = {5: 300, 10: 300, 20: 300, 50: 120}
"""By number of replications, how many studies are cut from the bank at most; they never share a replication."""
SAME_FLIGHTS = "same flights: "


@dataclass(frozen=True)
class Block:
    """A study of the bank, of BLOCK replications with a seed of its own."""

    folder: Path

    @cached_property
    def replications(self) -> pd.DataFrame:
        """The measures that are looked at, and those they are worked out from."""
        table = pq.read_table(self.folder / table_file("replications"), filters=[("metric", "in", sorted(needed()))]).to_pandas()
        return table.astype(dict.fromkeys(("scenario", "metric", "part"), str))

    @cached_property
    def distributions(self) -> "pa.Table":
        """The counts of the times that quantiles are of."""
        keys = {metric.quantiles.distribution.key for metric in looked_at().values() if metric.quantiles}
        return pq.read_table(self.folder / table_file("distributions"), filters=[("metric", "in", sorted(keys))])

    @cached_property
    def shifts(self) -> dict[str, Floats]:
        """By scenario, the mean difference of each quantity of the flights that it and the baseline release; (quantities, r)."""
        keys = [one.key for one in FLIGHT_QUANTITIES]
        columns = list(dict.fromkeys(["scenario", "replication", "flight", "measured", "released_s", *keys]))
        table = pq.read_table(self.folder / table_file("flights"), columns=columns, filters=[("measured", "=", True)])
        flights = table.to_pandas()
        flights = flights[flights["released_s"].notna()].set_index(["replication", "flight"])
        of_scenario = dict(list(flights.groupby(flights["scenario"].astype(str))))
        shifts = {}
        for name in COMPARED:
            both = of_scenario[BASELINE].index.intersection(of_scenario[name].index)
            apart = of_scenario[name].loc[both, keys] - of_scenario[BASELINE].loc[both, keys]
            means = apart.groupby(level="replication").mean().reindex(range(BLOCK))
            shifts[name] = (means * [one.factor for one in FLIGHT_QUANTITIES]).to_numpy().T
        return shifts

    def values(self, first: int, n: int) -> Values:
        rows = self.replications[self.replications["replication"].between(first, first + n - 1)]
        return values_by_measure(rows.assign(replication=rows["replication"] - first), n, measures())

    def pooled(self, first: int, n: int) -> Pooled:
        table = self.distributions
        number = table["replication"]
        table = table.filter(pc.and_(pc.greater_equal(number, first), pc.less(number, first + n)))
        table = _renumbered(table, -first)
        with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
            pq.write_table(table, file.name)
            return pooled_quantiles(Path(file.name), NAMES, measures(), n, list(looked_at()))


def looked_at() -> dict[str, Metric]:
    """The headline measures, and those that answer a question."""
    asked = {MeasureRef.parse(name).metric for question in QUESTIONS for name in question.answered_by if name != LONGEST_WAIT}
    return {key: metric for key, metric in measures().items() if metric.headline or key in asked}


def needed() -> set[str]:
    return {key for metric in looked_at().values() for key in keys_behind(metric)}


@dataclass
class Tally:
    """What became of one interval in the studies of one size: how many gave it, in how many it holds, and how wide it is."""

    studies: int = 0
    given: int = 0
    held: int = 0
    widths: list[float] | None = None

    def add(self, low: float, high: float, truth: float) -> None:
        self.studies += 1
        if np.isnan(low) and np.isnan(high):
            return
        low, high = (-np.inf if np.isnan(low) else low), (np.inf if np.isnan(high) else high)
        self.given += 1
        self.held += low <= truth <= high
        self.widths = [*(self.widths or []), high - low]


Key = tuple[str, str, int]  # of a tally: scenario ("one-stop - baseline" of a difference), measure, replications
Truth = Mapping[tuple[str, str], float]


def levels(values: Values, pooled: Pooled) -> Iterator[tuple[str, str, float, float, float]]:
    """Scenario, measure, estimate and ends of the interval of every level."""
    table = summary_table(values, NAMES, measures(), CONFIDENCE, pooled)
    table = table[table["metric"].isin(looked_at())]
    for row in table.itertuples():
        yield row.scenario, str(MeasureRef(row.metric, row.part)), row.mean, row.ci_low, row.ci_high


def differences(values: Values, pooled: Pooled, shifts: Mapping[str, Floats]) -> dict[str, dict[str, Difference]]:
    """By compared scenario and measure; those of the flights released under both go by their own names."""
    apart: dict[str, dict[str, Difference]] = {}
    for name in COMPARED:
        of_measures = differences_from_baseline(values, pooled, BASELINE, name, measures(), 1.0)
        apart[name] = {str(ref): one for ref, one in of_measures.items() if ref.metric in looked_at()}
        of_flights = paired_differences(np.zeros_like(shifts[name]), shifts[name])
        apart[name] |= {SAME_FLIGHTS + one.key: shift for one, shift in zip(FLIGHT_QUANTITIES, of_flights, strict=True)}
    return apart


def null_study(block: Block, first: int, n: int, at_once: dict[Key, list[int]]) -> None:
    """Count a study in which the four scenarios have one law: their labels are dealt anew in every replication.

    Kept is whether Holm's p-values show any difference, by measure.
    """
    random = np.random.default_rng([first, n, int(block.folder.name)])
    dealt = [dict(zip(NAMES, random.permutation(NAMES).tolist(), strict=True)) for _ in range(n)]
    rows = block.replications[block.replications["replication"].between(first, first + n - 1)]
    number = rows["replication"] - first
    labels = [dealt[place][name] for place, name in zip(number, rows["scenario"], strict=True)]
    values = values_by_measure(rows.assign(replication=number, scenario=labels), n, measures())
    apart = [differences_from_baseline(values, NO_QUANTILES, BASELINE, name, measures(), 1.0) for name in COMPARED]
    for ref in apart[0]:
        if ref.metric in looked_at() and all(ref in one for one in apart):
            p_values = holm([one[ref].p_value for one in apart]).p_values
            at_once.setdefault(("null", str(ref), n), []).append(int(np.nanmin([*p_values, 1.0]) <= 1 - CONFIDENCE))


def study_of(block: Block, first: int, n: int, truth: Truth, tallies: dict[Key, Tally], at_once: dict[Key, list[int]]) -> None:
    """Count one study of n replications of a block."""
    if n == JUDGED_AT:
        null_study(block, first, n, at_once)
    values, pooled = block.values(first, n), block.pooled(first, n)
    for scenario, measure, _, low, high in levels(values, pooled):
        if (scenario, measure) in truth and np.isfinite(truth[scenario, measure]):
            tallies.setdefault((scenario, measure, n), Tally()).add(low, high, truth[scenario, measure])
    shifts = {name: block.shifts[name][:, first : first + n] for name in COMPARED}
    apart = differences(values, pooled, shifts)
    for measure in apart[COMPARED[0]]:
        family = [apart[name].get(measure) for name in COMPARED]
        if any(one is None for one in family):
            continue
        plain = ends_of(family, np.full(len(family), 1 - CONFIDENCE))
        adjusted = ends_of(family, (1 - CONFIDENCE) / holm([one.p_value for one in family]).factors)
        all_hold = True
        for name, (low, high), (wide_low, wide_high) in zip(COMPARED, plain, adjusted, strict=True):
            true = truth.get((f"{name} - {BASELINE}", measure), np.nan)
            if not np.isfinite(true):
                continue
            tallies.setdefault((f"{name} - {BASELINE}", measure, n), Tally()).add(low, high, true)
            all_hold &= not (wide_low > true or wide_high < true)  # NaN: no end on that side
        at_once.setdefault(("", measure, n), []).append(int(all_hold))


def count(folders: Sequence[Path], truth: Truth) -> tuple[dict[Key, Tally], dict[Key, list[int]]]:
    """The tallies of all studies that are cut from these blocks, each the same number of them."""
    tallies: dict[Key, Tally] = {}
    at_once: dict[Key, list[int]] = {}
    for folder in folders:
        block = Block(folder)
        for n, most in STUDIES.items():
            for number in range(min(BLOCK // n, -(-most // len(truth_folders(folder))))):
                study_of(block, number * n, n, truth, tallies, at_once)
    return tallies, at_once


def truth_folders(folder: Path) -> list[Path]:
    """The blocks of the bank that a folder is one of."""
    return sorted(path for path in folder.parent.iterdir() if (path / "manifest.json").is_file())


def _renumbered(table: pa.Table, by: int) -> pa.Table:
    """The rows with that added to the numbers of their replications."""
    numbers = table["replication"]
    return table.set_column(table.column_names.index("replication"), "replication", pc.add(numbers, pa.scalar(by, numbers.type)))


def truth_of(folders: Sequence[Path]) -> Truth:
    """The levels and differences of the whole bank: means over its blocks, and quantiles of all its flights."""
    blocks = [Block(folder) for folder in folders]
    renumbered = (
        block.replications.assign(replication=block.replications["replication"] + number * BLOCK)
        for number, block in enumerate(blocks)
    )
    rows = pd.concat(renumbered)
    n = BLOCK * len(blocks)
    values = values_by_measure(rows, n, measures())
    tables = []
    for number, block in enumerate(blocks):
        tables.append(_renumbered(block.distributions, number * BLOCK))
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        pq.write_table(pa.concat_tables(tables).unify_dictionaries(), file.name)
        pooled = pooled_quantiles(Path(file.name), NAMES, measures(), n, list(looked_at()))
    truth = {(scenario, measure): mean for scenario, measure, mean, _, _ in levels(values, pooled)}
    of_baseline = {measure: mean for (scenario, measure), mean in truth.items() if scenario == BASELINE}
    shifts = {name: np.concatenate([block.shifts[name] for block in blocks], axis=1) for name in COMPARED}
    for name in COMPARED:
        truth |= {
            (f"{name} - {BASELINE}", measure): truth[name, measure] - mean
            for measure, mean in of_baseline.items()
            if (name, measure) in truth
        }
        means = np.nanmean(shifts[name], axis=1)
        truth |= {
            (f"{name} - {BASELINE}", SAME_FLIGHTS + one.key): mean for one, mean in zip(FLIGHT_QUANTITIES, means, strict=True)
        }
    return truth


def table_of(tallies: Mapping[Key, Tally], at_once: Mapping[Key, Sequence[int]]) -> pd.DataFrame:
    """One row an interval: how many studies of each size gave it, in how many it holds, and how wide it is at JUDGED_AT."""
    rows = []
    for scenario, measure in dict.fromkeys(key[:2] for key in tallies):
        row: dict[str, object] = {"of": scenario, "measure": measure}
        for n in STUDIES:
            tally = tallies.get((scenario, measure, n), Tally())
            row |= {f"given_{n}": tally.given, f"held_{n}": tally.held, f"studies_{n}": tally.studies}
        widths = (tallies.get((scenario, measure, JUDGED_AT)) or Tally()).widths
        row["width"] = float(np.median(widths)) if widths else np.nan
        if any(row[f"given_{n}"] for n in STUDIES):
            rows.append(row)
    table = pd.DataFrame(rows)
    families = {n: {key[1]: np.mean(flags) for key, flags in at_once.items() if key[0] == "" and key[2] == n} for n in STUDIES}
    nulls = {key[1]: np.mean(flags) for key, flags in at_once.items() if key[0] == "null"}
    is_difference = table["of"].str.contains(" - ")
    table["family"] = table["measure"].map(families[JUDGED_AT]).where(is_difference)
    table["null"] = table["measure"].map(nulls).where(is_difference)
    return table


def misses_goal(held: int, given: int) -> bool:
    """Whether an interval holds less often than GOAL, by more than two standard errors of the count."""
    return given > 0 and held / given < GOAL - 2 * np.sqrt(GOAL * (1 - GOAL) / given)


HEAD = """# How often the intervals hold

From a bank of {replications:,} replications of each of four shipped scenarios ({scenarios}),
with their default windows, cut into studies that share no replication: {studies}. The whole bank is taken as the truth.
Goal: at {judged} replications at least {goal:.0%} of the 95% intervals hold, less two standard errors of the count.
Made by `make coverage`; seeds {first} to {last}, {block} replications each.

Each cell is the share of the studies that gave an interval in which it holds, in per cent; in brackets how many of the
studies gave none, if any: with too few replications that differ, or values that are not 0, a study gives no interval
rather than one that can't hold. *Family*: how often all three Holm intervals of a measure hold at once, at {judged}.
*Null*: how often Holm's test shows any difference where the labels of the four scenarios are dealt at random in each
replication, so that there is none. Width: the median at {judged}, in the unit of the measure.

"""


def page_of(table: pd.DataFrame, replications: int) -> str:
    seeds = FIRST_SEED, FIRST_SEED + replications // BLOCK - 1
    studies = ", ".join(f"{int(table[f'studies_{n}'].max())} of {n}" for n in STUDIES)
    text = HEAD.format(
        replications=replications,
        scenarios=", ".join(NAMES),
        studies=studies,
        judged=JUDGED_AT,
        goal=GOAL,
        first=seeds[0],
        last=seeds[1],
        block=BLOCK,
    )
    short = table[[misses_goal(row[f"held_{JUDGED_AT}"], row[f"given_{JUDGED_AT}"]) for _, row in table.iterrows()]]
    text += f"{len(table) - len(short)} of {len(table)} rows meet the goal. "
    nulls = table.dropna(subset=["null"]).drop_duplicates("measure")["null"]
    held = table.dropna(subset=["family"]).drop_duplicates("measure")
    bound = GOAL - 2 * np.sqrt(GOAL * (1 - GOAL) / table[f"studies_{JUDGED_AT}"].max())
    n_held = int((held["family"] >= bound).sum())
    text += f"Of {len(held)} families {n_held} hold at once in at least {GOAL:.0%}, less two standard errors. "
    text += f"Null: {nulls.mean():.1%} on the mean, {nulls.max():.1%} at most.\n\n"
    text += (
        "## Rows that miss the goal\n\n"
        + ("\n".join(f"- {row['of']}: `{row['measure']}`" for _, row in short.iterrows()) or "None.")
        + "\n"
    )
    for of in dict.fromkeys(table["of"]):
        rows = table[table["of"] == of]
        is_difference = " - " in of
        head = ["measure", *(f"n = {n}" for n in STUDIES), "width", *(["family", "null"] if is_difference else [])]
        text += f"\n## {of}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}\n"
        for _, row in rows.iterrows():
            cells = [_cell(row[f"held_{n}"], row[f"given_{n}"], row[f"studies_{n}"]) for n in STUDIES]
            cells.append("" if np.isnan(row["width"]) else f"{row['width']:.3g}")
            if is_difference:
                cells += ["" if np.isnan(row[name]) else f"{100 * row[name]:.0f}" for name in ("family", "null")]
            text += f"| `{row['measure']}` | {' | '.join(cells)} |\n"
    return text


def _cell(held: int, given: int, studies: int) -> str:
    without = f" ({studies - given} none)" if given < studies else ""
    return (f"{100 * held / given:.0f}" if given else "") + without


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=3000)
    parser.add_argument("--bank", type=Path, default=ROOT / "out" / "coverage")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    folders = fill(options.bank, options.replications, options.workers)
    truth = truth_of(folders)
    tallies: dict[Key, Tally] = {}
    at_once: dict[Key, list[int]] = {}
    with ProcessPoolExecutor(options.workers) as pool:
        for of_block, once in pool.map(partial(count, truth=truth), [[folder] for folder in folders]):
            for key, tally in of_block.items():
                into = tallies.setdefault(key, Tally())
                into.studies, into.given, into.held = (
                    into.studies + tally.studies,
                    into.given + tally.given,
                    into.held + tally.held,
                )
                into.widths = [*(into.widths or []), *(tally.widths or [])]
            for key, flags in once.items():
                at_once.setdefault(key, []).extend(flags)
    table = table_of(tallies, at_once)
    PAGE.write_text(page_of(table, options.replications), encoding="utf-8")
    kinds = table["of"].str.contains(" - ").map({True: "difference", False: "level"})
    short = [
        misses_goal(held, given) for held, given in zip(table[f"held_{JUDGED_AT}"], table[f"given_{JUDGED_AT}"], strict=True)
    ]
    kept = table.assign(kind=kinds, short=short)[["kind", "of", "measure", f"given_{JUDGED_AT}", f"held_{JUDGED_AT}", "short"]]
    COVERAGE.write_text(kept.to_csv(index=False, lineterminator="\n"), encoding="utf-8")


def fill(folder: Path, replications: int, workers: int) -> list[Path]:
    """The studies of the bank, one a block of replications with a seed of its own; those that stand there are not run again."""
    files = [ROOT / "scenarios" / f"{name}.yaml" for name in NAMES]
    folders = [folder / str(seed) for seed in range(FIRST_SEED, FIRST_SEED + replications // BLOCK)]
    for out in folders:
        sim.run(files, seed=int(out.name), replications=BLOCK, keep_stages="none", workers=workers, out=out)
    return folders


if __name__ == "__main__":
    main()
