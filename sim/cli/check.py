"""`sim check`: print the problems of scenario files, or a summary of each scenario."""

from pathlib import Path

import click

from sim.cli.files import SCENARIOS, SET
from sim.cli.language import echo, language_of_command
from sim.engine.check import check_plan
from sim.ground.errors import InputError, Problem, WordsError
from sim.ground.text import LANGUAGES, Text
from sim.replication import prepare
from sim.replication.scheduled import PATH
from sim.scenario.differences import differences, in_words
from sim.scenario.load import load_scenario
from sim.scenario.parameters import value_in_words
from sim.scenario.reader import read_file
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Branch
from sim.scenario.standing_alone import standing_alone
from sim.study.caveats import cautions_beforehand, caveats_of_scenario
from sim.study.design import questions_at_fault, schedules_at_fault
from sim.study.shown_names import name_as_text
from sim.study.silent_levers import said_dead

OK = Text("{file}: ok: {name}", "{file}：正確：{name}", "{file}：正确：{name}")
OK_WITH_TITLE = Text("{file}: ok: {name}: {title}", "{file}：正確：{name}（{title}）", "{file}：正确：{name}（{title}）")
FLIGHTS = Text("flights: {flights}", "航班：{flights}", "航班：{flights}")
EACH_WAY = Text("{per_day} on each corridor, each way", "每條通道每個方向 {per_day}", "每条通道每个方向 {per_day}")
CORRIDORS = Text("corridors: {routes}", "低空跨境通道：{routes}", "低空跨境通道：{routes}")
STUDY = Text(
    "study: {replications} replications of {days}, seed {seed}",
    "研究：重複 {replications} 次，每次 {days}，種子 {seed}",
    "研究：重复 {replications} 次，每次 {days}，种子 {seed}",
)
DAYS, ONE_DAY = Text("{n} days", "{n} 日", "{n} 天"), Text("1 day", "1 日", "1 天")
CAUTION = Text("caution: {caution}", "注意：{caution}", "注意：{caution}")
AGAINST = Text("against {base}:", "與{base}比較：", "与{base}比较：")
OF_BRANCH: dict[Branch, Text] = {
    "policy": Text("policy: {words}", "政策：{words}", "政策：{words}"),
    "world": Text("world: {words}", "外在條件：{words}", "外部条件：{words}"),
    "study": Text("study: {words}", "研究設定：{words}", "研究设置：{words}"),
}
NO_DIFFERENCE = Text("no difference", "沒有差異", "没有差异")
NO_FLIGHT = Text("no flight can go so: {why}", "航班無法如此運作：{why}", "航班无法这样运行：{why}")
INDENT = Text.same("    ")


@click.command()
@SCENARIOS
@SET
def check(files: tuple[Path, ...], overrides: tuple[str, ...]) -> None:
    """Check scenario files: every problem of every file, or what each scenario is."""

    problems: dict[Problem, None] = {}
    for file in files:
        try:
            scenario = load_scenario(file, overrides)
            _try_schedule(scenario)
        except InputError as error:
            problems.update(dict.fromkeys(error.problems))
        else:
            faults = [*questions_at_fault([scenario], overrides), *schedules_at_fault([scenario], overrides)]
            problems.update(dict.fromkeys(faults))
            if not faults:
                _print_summary(file, scenario)
    if problems:
        raise InputError(*problems)


def _try_schedule(scenario: Scenario) -> None:
    """A schedule is fully read only when flights are made of it."""
    schedule = scenario.world.demand.schedule
    if schedule is None:
        return
    plan = prepare(scenario, scenario.study.seed, 0).plan
    try:
        check_plan(plan)
    except WordsError as error:
        raise InputError(Problem(NO_FLIGHT.fill(why=error.words), file=schedule.file or "schedule", path=PATH)) from None


def _print_summary(file: Path, scenario: Scenario) -> None:

    title = scenario.title.in_language(language_of_command())
    echo((OK_WITH_TITLE if title and title != scenario.name else OK).fill(file=file, name=scenario.name, title=scenario.title))
    study, schedule = scenario.study, scenario.world.demand.schedule
    per_day = Text(*(value_in_words(scenario, "world.demand.flights_per_day", language) for language in LANGUAGES))
    flights = EACH_WAY.fill(per_day=per_day) if schedule is None else Text.same(str(schedule))
    keys = ", ".join(scenario.policy.corridor.routes)
    routes = Text(keys, *(value_in_words(scenario, "policy.corridor.routes", language) for language in LANGUAGES[1:]))
    days = ONE_DAY if study.days == 1 else DAYS.fill(n=study.days)
    lines = [FLIGHTS.fill(flights=flights), CORRIDORS.fill(routes=routes)]
    lines.append(STUDY.fill(replications=study.replications, days=days, seed=study.seed))
    base = _extended(file)
    levers = said_dead(scenario, base or scenario.assembly.defaults())
    cautions = (*standing_alone(scenario), *levers, *cautions_beforehand([scenario]), *caveats_of_scenario(scenario))
    lines += [CAUTION.fill(caution=caution) for caution in cautions]
    for line in lines:
        echo(INDENT + line)
    if base is not None:
        changes = differences(base, scenario)
        echo(INDENT + AGAINST.fill(base=name_as_text(base)))
        for change in changes:
            words = Text(*(in_words(change, known) for known in LANGUAGES))
            echo(INDENT + INDENT + OF_BRANCH[change.branch].fill(words=words))
        if not changes:
            echo(INDENT + INDENT + NO_DIFFERENCE)


def _extended(file: Path) -> Scenario | None:
    """The scenario that a file extends, if it does."""
    root = read_file(file).root
    extends = root.value.get("extends") if root is not None else None
    return None if extends is None else load_scenario(file.parent / str(extends.node.value))
