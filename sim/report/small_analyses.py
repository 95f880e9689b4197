"""The analyses that the report of a study runs by itself, once and small, and keeps in the study's folder."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.analysis import assumptions as of_assumptions
from sim.analysis import attribution as of_attribution
from sim.analysis import robust as of_robustness
from sim.analysis.attribution import measures_asked_about
from sim.analysis.design_run import DesignRun
from sim.archive.layout import analysis_folder
from sim.archive.lock import locked
from sim.execution.options import RunOptions
from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES, Text
from sim.metrics.measure_ref import EVERYWHERE, measures_of, read_measure
from sim.report import assumptions, attribution, robustness
from sim.report.finding import Finding
from sim.study.identity import study_fingerprint
from sim.study.manifest import AnalysisManifest, read_manifest

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.study.study import Study

WORLDS, WORLD_REPLICATIONS, ASSUMPTION_REPLICATIONS = 20, 5, 2
ATTRIBUTE, ROBUST, ASSUMPTIONS = of_attribution.NAME, "robust", "assumptions"
KINDS = {ATTRIBUTE: of_attribution.KIND, ROBUST: of_robustness.KIND, ASSUMPTIONS: of_assumptions.KIND}
Tell = Callable[[str, Text], None]
"""What is called of each analysis that is about to run, or can't: its name, and a sentence."""

STARTS: dict[str, Text] = {
    ATTRIBUTE: Text("Which lever did it", "找出起作用的措施", "找出起作用的措施"),
    ROBUST: Text(
        f"In how many of {WORLDS} plausible worlds the answer holds ({WORLD_REPLICATIONS} replications each)",
        f"檢視結果在 {WORLDS} 個合理情境中是否成立（各重複 {WORLD_REPLICATIONS} 次）",
        f"检视结果在 {WORLDS} 个合理情境中是否成立（各重复 {WORLD_REPLICATIONS} 次）",
    ),
    ASSUMPTIONS: Text(
        f"Which assumptions move the answer ({ASSUMPTION_REPLICATIONS} replications each)",
        f"找出影響結果的假設（各重複 {ASSUMPTION_REPLICATIONS} 次）",
        f"找出影响结果的假设（各重复 {ASSUMPTION_REPLICATIONS} 次）",
    ),
}
OTHER_MODEL = Text(
    "not tried: the study was run by another version of the model; run it anew first",
    "未有試算：研究由另一版本的模型運行，請先重新運行",
    "未试算：研究由另一版本的模型运行，请先重新运行",
)
NOT_POSSIBLE = Text("not possible here: {reason}", "在此無法試算：{reason}", "在此无法试算：{reason}")


@dataclass(frozen=True)
class KeptAnalyses:
    """The finished analyses in the folder of a study; None: not tried."""

    attribution: DesignRun | None = None
    robustness: DesignRun | None = None
    assumptions: DesignRun | None = None


def main_pair(study: "Study") -> "tuple[Scenario, Scenario] | None":
    """The base and the policy that robustness and assumptions are tried for: those of the finding's first sentence.

    Where these stand in different worlds, the last scenario in the world of its base. None where there is no such scenario, and
    in a boosted study, whose times are those of another world.
    """
    scenarios = {scenario.name: scenario for scenario in study.scenarios}
    if study.boost != 1:
        return None
    head = Finding(study, "en").head()
    for name in (*([head.name] if head else []), *reversed(study.against)):
        if name in study.against and not study.differences_in("en", "world")[name]:
            return scenarios[study.against[name]], scenarios[name]
    return None


def measure_of(study: "Study", pair: "tuple[Scenario, Scenario]") -> str:
    """What the two are compared by: the measure of the finding, or else the first that the policy's question asks about."""
    head = Finding(study, "en").head()
    return str(head.ref) if head and head.name == pair[1].name else measures_asked_about(pair[1])[0]


def kept_analyses(study: "Study") -> KeptAnalyses:
    """The analyses of this very study that stand finished in its folder."""
    return KeptAnalyses(*(_kept(study, name) for name in KINDS))


def _kept(study: "Study", name: str) -> DesignRun | None:
    if study.folder is None:
        return None
    folder = analysis_folder(study.folder, name)
    try:
        manifest = read_manifest(folder)
    except InputError:
        return None
    of_study = {scenario.hash for scenario in study.manifest.scenarios}
    if not isinstance(manifest, AnalysisManifest) or manifest.holds != KINDS[name]:
        return None
    is_of_study = {scenario.hash for scenario in manifest.scenarios} <= of_study
    if not is_of_study or manifest.asked.get("study", study.manifest.key) != study.manifest.key:
        return None
    return DesignRun(folder, manifest, True, folder, study.features)


def run_analyses(study: "Study", options: RunOptions | None = None, tell: Tell | None = None) -> KeptAnalyses:
    """Run the analyses that the study's folder does not have yet, and keep them there; nothing that stands finished is run again.

    study: one that is kept in a folder · options: workers, engine, cluster, progress and forecast are used · tell(name,
    sentence): called before each that is run, and of each that can't be. Which lever did it is asked of every package;
    robustness (WORLDS worlds, WORLD_REPLICATIONS each) and assumptions (ASSUMPTION_REPLICATIONS) of `main_pair`.
    Raises RunError where a replication or the disk fails, Interrupted on Ctrl-C: what is finished is kept.
    """
    assert study.folder is not None
    for name, run in _missing(study):
        if study.manifest.identity.model != study_fingerprint():
            say(tell, name, OTHER_MODEL)
            continue
        say(tell, name, STARTS[name])
        chosen = replace(options or RunOptions(), out=None, seed=None, replications=None, resume=False, again=False)
        try:
            run(chosen)
        except InputError as error:
            reasons = ("; ".join(error.listed(language)) for language in LANGUAGES)
            say(tell, name, NOT_POSSIBLE.fill(reason=Text(*reasons)))
    return kept_analyses(study)


def say(tell: Tell | None, name: str, sentence: Text) -> None:
    """Call `tell` if there is one."""
    if tell:
        tell(name, sentence)


def _missing(study: "Study") -> Iterator[tuple[str, Callable[[RunOptions], Any]]]:
    """Of each analysis that can be asked for and is not kept: its name, and what runs it."""
    pair = main_pair(study)
    if len(study.names) > 1 and _kept(study, ATTRIBUTE) is None:
        yield ATTRIBUTE, lambda options: of_attribution.attribute(study, finish=attribution.write_answer, options=options)
    if pair is None:
        return
    if _kept(study, ROBUST) is None:
        yield ROBUST, lambda options: _robust(study, pair, options)
    if _kept(study, ASSUMPTIONS) is None:
        yield ASSUMPTIONS, lambda options: _assumptions(study, pair, options)


def _robust(study: "Study", pair: "tuple[Scenario, Scenario]", options: RunOptions) -> None:
    """By the measure of the finding, if one of its directions is better; else by the flights on time."""
    assert study.folder is not None
    first = measure_of(study, pair)
    is_directed = read_measure(first, known=measures_of(pair)).better != "neither"
    options = replace(
        options, out=analysis_folder(study.folder, ROBUST), seed=study.manifest.seed, replications=WORLD_REPLICATIONS
    )
    with locked(study.folder.resolve()):
        of_robustness.robust(
            list(pair),
            measure=first if is_directed else EVERYWHERE,
            worlds=WORLDS,
            finish=robustness.write_answer,
            options=options,
        )


def _assumptions(study: "Study", pair: "tuple[Scenario, Scenario]", options: RunOptions) -> None:
    """By the measure of the finding."""
    assert study.folder is not None
    folder = analysis_folder(study.folder, ASSUMPTIONS)
    options = replace(options, out=folder, seed=study.manifest.seed, replications=ASSUMPTION_REPLICATIONS)
    with locked(study.folder.resolve()):
        of_assumptions.assumptions(list(pair), measure=measure_of(study, pair), finish=assumptions.write_answer, options=options)
