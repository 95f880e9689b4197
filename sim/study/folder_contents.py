"""What the folder of a finished study holds: its tables, its scenarios and its manifest, made from the replications."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sim
from sim.archive import layout
from sim.archive.study_folder import StagingFolder
from sim.execution.replicate import ReplicationResult
from sim.ground.text import LANGUAGES, Text
from sim.metrics.measure_ref import measures_of
from sim.scenario.differences import differences, in_words
from sim.scenario.scenario import Scenario
from sim.scenario.write import write_resolved
from sim.study.best import best_table
from sim.study.caveats import caveats, paired_by_flight
from sim.study.comparison import Terms, comparison_table, releasing_fewer, summary_table
from sim.study.csv_files import TableWords, csv_text
from sim.study.design import WINDOW, Design, margins_of, study_settings
from sim.study.held_against import against_first
from sim.study.ledger import ledger_table
from sim.study.limits import limits_table
from sim.study.manifest import StudyManifest
from sim.study.pooled import pooled_quantiles
from sim.study.released_in_both import released_in_both_table
from sim.study.replication_values import values_by_measure
from sim.study.silent_levers import silent_levers
from sim.study.study_type import study_type
from sim.study.trs import trs_table
from sim.study.winners import winners_table

if TYPE_CHECKING:
    pass


def evaluate(design: Design, results: Sequence[ReplicationResult], staging: StagingFolder) -> dict[str, Any]:
    """The manifest but for its run and its files. Writes summary tables (CSV) and resolved scenarios into the staging folder."""
    import pyarrow.parquet as pq

    metrics = measures_of(design.scenarios)
    named = ["scenario", "metric", "part"]
    replications = pq.read_table(staging.path / layout.table_file("replications"), read_dictionary=named).to_pandas()
    values = values_by_measure(replications, design.replications, metrics)
    pooled = pooled_quantiles(staging.path / layout.table_file("distributions"), design.names, metrics, design.replications)
    boost = design.scenarios[0].study.boost
    against, chained = design.against, design.chained
    terms = Terms(design.confidence, boost, margins_of(design.scenarios[0], metrics), design.other_world(against))
    of_baseline = replace(terms, other_world=design.other_world(against_first(design.names)))
    summary = summary_table(values, design.names, metrics, design.confidence, pooled)
    comparison = comparison_table(values, against, metrics, terms, pooled)
    together = comparison_table(values, chained, metrics, of_baseline, pooled)
    fewer = [*releasing_fewer(comparison[comparison["baseline"] == design.baseline]), *releasing_fewer(together)]
    paired = paired_by_flight(design, results)
    of_flights = staging.path, against, design.replications, paired, design.confidence, boost > 1
    summary_tables = {
        "summary": summary,
        "comparison": comparison,
        "together": together,
        "best": best_table(values, design.names, metrics, of_baseline, pooled, fewer),
        "ledger": ledger_table(summary, comparison),
        "winners": winners_table(*of_flights),
        "released_in_both": released_in_both_table(*of_flights, terms.other_world),
        "trs": trs_table(summary),
        "limits": limits_table(summary, design.scenarios[0].assembly.features),
    }
    settings = study_settings(design.scenarios[0])
    words = TableWords(metrics, design.scenarios[0].assembly.features, int(settings["days"]))
    for name, table in summary_tables.items():
        staging.write_text(layout.summary_table_file(name), csv_text(table, words))
    warnings = caveats(design, results, values, metrics)
    return {
        "version": sim.__version__,
        "seed": design.seed,
        "replications": design.replications,
        "confidence": design.confidence,
        "window": {name: settings[name] for name in WINDOW},
        "kind": _in_languages(study_type(design.scenarios[0].study.warm_up)),
        "keep_stages": design.keep_stages,
        "set": list(design.overrides),
        "against_first": design.against_first,
        "scenarios": [_scenario(design, number, paired, staging) for number in range(len(design.scenarios))],
        "levers": in_languages(silent_levers(design)),
        "warnings": in_languages(warnings),
    }


def in_languages(texts: Sequence[Text]) -> list[dict[str, str]]:
    """The texts as a manifest holds them."""
    return [_in_languages(text) for text in texts]


def scenario_file(design: Design, number: int) -> tuple[str, str]:
    """Name and text of the file that says in full what a scenario was."""
    scenario = design.scenarios[number]
    return layout.scenario_file(scenario.name), write_resolved(scenario, design.base_of(scenario.name))


def same_texts(design: Design, manifest: StudyManifest) -> bool:
    """Whether the scenarios of a finished study are those of the design in every text, titles and notes too, and held alike."""
    texts = (scenario_file(design, number) for number in range(len(design.scenarios)))
    held_alike = (manifest.against, manifest.against_first) == (design.against, design.against_first)
    return held_alike and all(manifest.files.get(name) == sha256(text.encode()).hexdigest() for name, text in texts)


def _scenario(design: Design, number: int, paired: Mapping[str, bool], staging: StagingFolder) -> dict[str, Any]:
    """Write a scenario in full into the staging folder, and return its entry of the manifest."""
    scenario = design.scenarios[number]
    base = design.base_of(scenario.name)
    file, text = scenario_file(design, number)
    staging.write_text(file, text)
    return {
        "name": scenario.name,
        "title": title_entry(scenario),
        "file": file,
        "hash": scenario.hash,
        "against": "" if base is None else base.name,
        "paired_by_flight": paired[scenario.name],
        "differences": [
            {"branch": difference.branch, **{language: in_words(difference, language) for language in LANGUAGES}}
            for difference in (differences(base, scenario) if base else ())
        ],
    }


def title_entry(scenario: Scenario) -> str | dict[str, str]:
    """The scenario's title as a manifest has it: one text, or one for each language."""
    return str(scenario.title) if scenario.title.is_same else _in_languages(scenario.title)


def _in_languages(text: Text) -> dict[str, str]:
    return {language: text.in_language(language) for language in LANGUAGES}
