"""Which lever of a package did it: each lever alone, left out, and its share of the difference, on the same random numbers."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Unpack

from sim.analysis.attribution_table import INTERACTIONS, LISTING, Attributed, attribution_table, interaction_table
from sim.analysis.contrasts import Contrasts
from sim.analysis.dead import left_out
from sim.analysis.design_points import LONGEST, DesignPoint
from sim.analysis.design_run import NO_SUCH_PART, DesignRun, Finish, run_design_points
from sim.analysis.first_look import FirstLook
from sim.analysis.package import ORDERS, OTHERS, Game, LeverGroup, Package, game_of
from sim.archive.layout import analysis_folder
from sim.archive.lock import locked
from sim.execution.options import RunKeywords, RunOptions, read_options, takes_run_keywords
from sim.ground import arguments
from sim.ground.arguments import texts
from sim.ground.errors import InputError, Problem
from sim.ground.text import COMMA, Text
from sim.metrics.measure_ref import USUAL, Measure, measures_of, read_measure
from sim.model.metric import Metric
from sim.scenario.load import Changes, Scenarios, listed_scenarios
from sim.scenario.scenario import Scenario
from sim.statistics.shapley import Coalition
from sim.study.comparison import FLIGHTS
from sim.study.csv_files import words_of, write_csv
from sim.study.design import Design, design_study
from sim.study.identity import study_fingerprint
from sim.study.questions import LONGEST_WAIT, question_of
from sim.study.replication_values import Values
from sim.study.shown_names import name_as_text
from sim.study.study import Study, load, run_design

_NO_BASE = Text("a package needs a base to be held against", "須有一個作對照的情景", "须有一个作对照的情景")
_TWO_OR_MORE = Text("2 or more", "2 個或以上", "2 个或以上")
_ANOTHER_MEASURE = Text("another measure", "另一指標", "另一指标")
_AS_RUN = Text("the scenarios of a study stand as they were run", "研究的情景以當時所執行者為準", "研究的情景以当时所运行者为准")
_FILES_INSTEAD = Text("scenario files in place of the study", "以情景檔案代替研究", "以情景文件代替研究")
_IN_ITS_FOLDER = Text(
    "the analysis of a study stands in the study's own folder",
    "研究的分析存於該研究的資料夾內",
    "研究的分析存于该研究的文件夹内",
)
_NO_FOLDER = Text("no folder", "不指明資料夾", "不指明文件夹")
_OTHER_MODEL = Text(
    "the study was run by another version of the model: its numbers would not add up with those of this one",
    "該研究以另一版本的模型執行，其數字與本版本的不能相加",
    "该研究以另一版本的模型运行，其数字与本版本的不能相加",
)
_RUN_ANEW = Text("the study run anew", "重新執行該研究", "重新运行该研究")
_HAS_ITS_OWN = Text("the study has its own {name}", "研究本身已訂明 {name}", "研究本身已规定 {name}")
_OR_NONE = Text("{value}, or none", "{value}，或不指明", "{value}，或不指明")
_IN_SEVERAL = Text("{lever} stands in more than one of them", "{lever} 見於其中多於一項", "{lever} 见于其中多于一项")
_NO_STEP = Text("the group is none of the steps", "該組不是任何一步", "该组不是任何一步")
_AMONG_STEPS = Text("its name at its place among the steps", "在各步驟中按次序寫出其名稱", "在各步骤中按次序写出其名称")
_NO_NAME = Text("a group needs a name of its own", "每組須有獨有的名稱", "每组须有独有的名称")
_NOT_CHANGED = Text("no package changes it", "沒有一套措施更改此項", "没有一套措施更改此项")
_NOTHING_CHANGED = Text("nothing is changed", "沒有更改任何項目", "没有更改任何项目")

KIND = "attribution"
NAME = "attribute"  # of its folder in a study's analyses


@takes_run_keywords
def attribute(
    scenarios: Scenarios | Study,
    *,
    measures: str | Sequence[str] = (),
    groups: str | Sequence[str] = (),
    steps: str | Sequence[str] = (),
    orders: int = ORDERS,
    set: Changes = (),  # noqa: A002
    finish: Finish | None = None,
    **keywords: Unpack[RunKeywords],
) -> DesignRun:
    """What each lever of one or more packages does: put in alone, left out, and its Shapley share of the whole difference.

    scenarios: two or more, all held against the first: what each of the others changes against it is its package. Or a study of
    them, its folder or a `sim.Study`: its seed and replications are used · measures: whose differences are shared out, as "key"
    or "key/part"; unless given, those that answer the questions of the packages · groups: levers that are put in together, as
    "NAME=PATH,PATH" or "PATH,PATH"; a path may be the beginning of others, "policy.inspection" · steps: paths or names of groups
    in the order in which they are put in, one on top of the other; all others come behind them as one. Shares are then those of
    that order · orders: how many are sampled where there are more than EXACT groups · set, and the other keywords: see `sim.run`.

    With `out` that is the folder of the study of these scenarios, which is run first if it does not stand there finished; of a
    study the analysis stands in `analyses/attribute` of its folder. Writes `attribution_table` and `interaction_table`. Raises
    InputError for what can't be done as asked.
    """
    options = read_options(keywords)
    arguments.check(arguments.whole_number("orders", orders, 2, optional=False))
    asked_for, declared = texts("measures", measures), texts("groups", groups)
    in_order = [name.strip() for listed in texts("steps", steps) for name in listed.split(",") if name.strip()]
    settled = _read(scenarios, set, options)
    loaded = settled.scenarios
    base, *packages = loaded
    if not packages:
        raise InputError(Problem(_NO_BASE, path="scenarios", found=Text.same("1"), allowed=_TWO_OR_MORE))
    known = measures_of(loaded)
    measured = [
        [read_measure(name, "measures", known) for name in asked_for or measures_asked_about(package)] for package in packages
    ]
    counts = settled.manifest if isinstance(settled, Study) else settled
    changes = [Package(base, package) for package in packages]
    named, ordered = _read_groups(declared, in_order, changes)
    games = [game_of(package, named, ordered, orders + orders % 2, counts.seed, counts.replications) for package in changes]
    study, options = _study_and_options(settled, options)
    places, points = _points(base, games)
    question = {
        "measures": {
            package.name: [measure.name for measure in of_package] for package, of_package in zip(packages, measured, strict=True)
        },
        "groups": list(declared), "steps": list(in_order), "orders": orders,
        "study": study.manifest.key if study else "",
    }  # fmt: skip

    flights = read_measure(str(FLIGHTS), known=known)

    def write(run: DesignRun, folder: Path) -> None:
        taken_apart = [
            Attributed(game, Contrasts(run, names, base.study.boost), _with_parts(run, of_package, known), flights)
            for game, names, of_package in zip(games, places, measured, strict=True)
        ]
        write_csv(attribution_table(taken_apart), folder / LISTING, words_of(run))
        write_csv(interaction_table(taken_apart), folder / INTERACTIONS, words_of(run))
        if finish:
            finish(run, folder)

    notes = [note for game in games for note in _notes(game)]
    with locked(study.folder.resolve()) if study and study.folder else nullcontext():
        named_by_user = [measure for of_package in measured for measure in of_package] if asked_for else []
        look = FirstLook(1, partial(_check_measured, named_by_user))
        return run_design_points(KIND, loaded, points, question, write, options, look, notes, is_answered=finish is not None)


def _with_parts(run: DesignRun, measured: Sequence[Measure], known: Mapping[str, Metric]) -> tuple[Measure, ...]:
    """The measures; of one that has parts only, such as one by disruption, all the parts that any point has.

    The usual one where no point has any of them.
    """
    with_values: list[Measure] = []
    for measure in measured:
        parts = run.of_measure(measure.ref.metric)
        refs = [measure.ref] if measure.ref in parts else [ref for ref in parts if not measure.ref.part]
        with_values += [read_measure(str(ref), known=known) for ref in refs]
    return tuple(with_values) or (read_measure(USUAL, known=known),)


def _check_measured(measured: Sequence[Measure], values: Values, _: Mapping[str, Metric]) -> None:
    """Raises InputError for a part that no measure has, with those that there are."""
    problems = []
    for measure in measured:
        parts = [str(ref) for ref in values if ref.metric == measure.ref.metric]
        if str(measure.ref) not in parts:
            allowed = COMMA.join(parts[:12]) or _ANOTHER_MEASURE
            problems.append(Problem(NO_SUCH_PART, path="measures", found=Text.same(measure.name), allowed=allowed))
    if problems:
        raise InputError(*problems)


def _read(scenarios: Scenarios | Study, changes: Changes, options: RunOptions) -> Study | Design:
    """The study that stands there, or the design of one of the scenarios. Raises InputError for what contradicts it."""
    study = scenarios if isinstance(scenarios, Study) else _study_in(scenarios)
    if study is None:
        return design_study(scenarios, changes, options)  # type: ignore[arg-type]
    if changes:
        raise InputError(Problem(_AS_RUN, path="set", found=Text.same(str(changes)), allowed=_FILES_INSTEAD))
    if options.out is not None:
        raise InputError(Problem(_IN_ITS_FOLDER, path="out", found=Text.same(str(options.out)), allowed=_NO_FOLDER))
    if study.manifest.identity.model != study_fingerprint():
        raise InputError(
            Problem(_OTHER_MODEL, path="scenarios", found=Text.same(study.manifest.identity.version), allowed=_RUN_ANEW)
        )
    _check_same(study, options)
    return study


def _study_and_options(settled: Study | Design, options: RunOptions) -> tuple[Study | None, RunOptions]:
    """The study, which is run unless it stands there; None without a folder for it; and how its analysis is run."""
    if isinstance(settled, Design) and options.out is None:
        return None, options
    study = settled if isinstance(settled, Study) else run_design(settled, options)
    goes_on = options.resume and (study is settled or study.reused)  # else it was the study that was interrupted
    out = analysis_folder(study.folder, NAME) if study.folder else None
    seed, replications = study.manifest.seed, study.manifest.replications
    return study, replace(options, out=out, seed=seed, replications=replications, resume=goes_on)


def _study_in(scenarios: Any) -> Study | None:
    """The study in a folder that is named in place of scenarios; None where a folder is none, or something else is named."""
    listed = listed_scenarios(scenarios)
    if len(listed) == 1 and not isinstance(listed[0], Scenario) and Path(listed[0]).is_dir():
        return load(listed[0])
    return None


def _check_same(study: Study, options: RunOptions) -> None:
    """Raises InputError where the options name another seed or number of replications than the study has."""
    problems = [
        Problem(_HAS_ITS_OWN.fill(name=name), path=name, found=Text.same(str(value)), allowed=_OR_NONE.fill(value=ours))
        for name, value, ours in (
            ("seed", options.seed, study.manifest.seed),
            ("replications", options.replications, study.manifest.replications),
        )
        if value is not None and value != ours
    ]
    if problems:
        raise InputError(*problems)


def measures_asked_about(scenario: Scenario) -> list[str]:
    """The measures that answer a scenario's question; the usual one where it asks none."""
    question = question_of(scenario.question) if scenario.question else None
    names = scenario.answered_by or (question.answered_by if question else ())
    return [name for name in names if name != LONGEST_WAIT] or [USUAL]


def _read_groups(
    declared: Sequence[str], in_order: Sequence[str], packages: Sequence[Package]
) -> tuple[list[LeverGroup], list[LeverGroup]]:
    """The declared groups, and the steps. Raises InputError where one names no lever of any package, or one lever twice."""
    levers = tuple(dict.fromkeys(path for package in packages for path in package.paths))
    problems: list[Problem] = []
    groups = [_group(written, "groups", levers, problems) for written in declared]
    of_name = {group.name: group for group in groups}
    steps = [of_name.get(name) or _group(name, "steps", levers, problems) for name in in_order]
    for path, chosen in (("groups", groups), ("steps", steps)):
        for lever in levers:
            holding = [group.name for group in chosen if lever in group.paths]
            if len(holding) > 1:
                problems.append(Problem(_IN_SEVERAL.fill(lever=lever), path=path, found=Text.same(", ".join(holding))))
    problems += [
        Problem(_NO_STEP, path="steps", found=Text.same(group.name), allowed=_AMONG_STEPS)
        for group in groups
        if steps and group not in steps
    ]
    taken = [OTHERS, *(group.name for group in groups), *(lever for lever in levers if not any(lever in g.paths for g in groups))]
    for name in dict.fromkeys(group.name for group in groups if not group.name or taken.count(group.name) > 1):
        problems.append(Problem(_NO_NAME, path="groups", found=Text.same(name), allowed=Text.same("NAME=PATH,PATH")))
    if problems:
        raise InputError(*problems)
    return groups, steps


def _group(written: str, path: str, levers: Sequence[str], problems: list[Problem]) -> LeverGroup:
    name, equals, listed = (part.strip() for part in written.partition("="))
    wanted = [part.strip() for part in (listed if equals else name).split(",") if part.strip()]
    paths = [lever for lever in levers if any(lever == part or lever.startswith(f"{part}.") for part in wanted)]
    unknown = [part for part in wanted if not any(lever == part or lever.startswith(f"{part}.") for lever in levers)]
    if unknown or not wanted:
        allowed = COMMA.join(levers) or _NOTHING_CHANGED
        problems.append(Problem(_NOT_CHANGED, path=path, found=Text.same(", ".join(unknown) or written), allowed=allowed))
    label = Text.same(name) if equals else Text.same("")
    return LeverGroup(name if equals or len(wanted) == 1 else "+".join(wanted), tuple(paths), label)


def _points(base: Scenario, games: Sequence[Game]) -> tuple[list[dict[Coalition, str]], list[DesignPoint]]:
    """The points of all packages, each setting once, and for each package the name of the point of each combination."""
    settings: dict[tuple[tuple[str, str], ...], tuple[Scenario, dict[str, Any]]] = {}
    keys: list[dict[Coalition, tuple[tuple[str, str], ...]]] = []
    for game in games:
        of_game = {}
        for coalition in game.coalitions():
            paths = game.paths(coalition)
            scenario = game.package.made(paths)
            assert isinstance(scenario, Scenario)
            values = game.package.values(paths)
            of_game[coalition] = key = tuple((path, repr(value)) for path, value in values.items())
            settings.setdefault(key, (scenario, values))
        keys.append(of_game)
    width = len(str(len(settings)))
    names = {key: f"{base.name[:LONGEST]}-{number:0{width}d}" for number, key in enumerate(settings, start=1)}
    points = [
        DesignPoint(scenario.model_copy(update={"name": names[key]}), base.name, values)
        for key, (scenario, values) in settings.items()
    ]
    return [{coalition: names[key] for coalition, key in of_game.items()} for of_game in keys], points


_DEAD = Text("{scenario}: {note}", "{scenario}：{note}", "{scenario}：{note}")
_BOUND = Text(
    "{scenario}: a check binds these levers together, so that they are put in as one: {levers}.",
    "{scenario}：以下各項受檢核規則約束，須一併採用，故視為一組：{levers}。",
    "{scenario}：以下各项受校验规则约束，须一并采用，故视为一组：{levers}。",
)
_SAMPLED = Text(
    "{scenario}: {levers} levers have too many combinations to simulate them all: the shares are means over {orders} orders that "
    "were drawn, with an error of their own, which their intervals hold. Levers that belong together can be put in as one "
    "(--group).",
    "{scenario}：{levers} 項措施的組合太多，無法全部模擬；各項份額為抽取 {orders}"
    " 個次序的平均值，其抽樣誤差已計入區間。相關的各項可合為一組（--group）。",
    "{scenario}：{levers} 项措施的组合太多，无法全部仿真；各项份额为抽取 {orders}"
    " 个次序的平均值，其抽样误差已计入区间。相关的各项可合为一组（--group）。",
)


def _notes(game: Game) -> Iterator[Text]:
    """What the reader of a package must be told of its levers."""
    name = name_as_text(game.package.scenario)
    for note in left_out([game.package.scenario], game.dead):
        yield _DEAD.fill(scenario=name, note=note)
    for bound in game.bound:
        yield _BOUND.fill(scenario=name, levers=Text.same(bound.replace("+", ", ")))
    if game.orders.sampled:
        counts = {"levers": len(game.groups), "orders": game.orders.number}
        yield _SAMPLED.fill(scenario=name, **{key: Text.same(str(n)) for key, n in counts.items()})
