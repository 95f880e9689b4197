"""The STRESS-DES checklist of the model or of a study, filled in from the declarations."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, metadata, requires
from itertools import groupby
from pathlib import Path

import numpy as np

import sim
from sim.charts import labels
from sim.engine import ENGINES, default_engine
from sim.ground.law import LAWS
from sim.ground.parameter import STATUS_LABELS, Status
from sim.ground.streams import Stream
from sim.ground.text import Language, Text
from sim.metrics import all_metrics
from sim.model.feature import Feature
from sim.model.flights import PRIORITY_LABELS
from sim.model.outcome import CONSIGNMENT_OUTCOME_LABELS, OUTCOME_LABELS
from sim.model.stage import ROLE_LABELS, STEP_LABELS, Step
from sim.report.stress_items import ITEMS, SECTIONS
from sim.scenario.differences import differences, in_words
from sim.scenario.parameters import Parameter, catalogue
from sim.scenario.scenario import Scenario
from sim.scenario.schema import Branch, Schema, default_schema
from sim.statistics import intervals
from sim.study.held_against import held_against
from sim.study.questions import QUESTIONS
from sim.world.aircraft import aircraft_catalogue
from sim.world.goods import GOODS

PACKAGE = "gba-clearance-sim"
PROJECT = Path(sim.__file__).parents[1] / "pyproject.toml"  # there in a checkout, not in an installed package
TRACKS: tuple[tuple[Step, ...], ...] = (
    ("filing", "interface", "screening", "documents"),
    ("airspace",),
    ("ground", "inspection", "quarantine", "passengers", "weather"),
)
JOINED: tuple[Step, ...] = ("slot", "flight", "ground", "inspection", "quarantine", "passengers", "release", "return")
STATUS_MEANINGS: dict[Status, Text] = {
    Status.STATED: Text("stated in the source named", "見於所列來源", "见于所列来源"),
    Status.DERIVED: Text("derived from a stated figure", "由所列數字推算", "由所列数字推算"),
    Status.RECALLED: Text("recalled, not checked", "一般認知，未經核實", "一般认知，未经核实"),
    Status.GUESS: Text("guess without a source", "無來源的推測", "无来源的推测"),
}
_KINDS: dict[str, Text] = {"uniform": Text("uniform", "均勻分佈", "均匀分布"), "normal": Text("normal", "常態分佈", "正态分布")}
_PER: dict[str, Text] = {
    "flight": Text("a flight", "每航班", "每航班"),
    "consignment": Text("a consignment", "每貨件", "每货件"),
    "replication": Text("a replication", "每次重複", "每次重复"),
}
TITLE = Text(
    "STRESS-DES: what this model is and how it is used",
    "STRESS-DES：本模型的內容及用法",
    "STRESS-DES：本模型的内容及用法",
)
SOURCE = Text(
    "Checklist: Monks et al., Strengthening the reporting of empirical simulation studies: introducing the STRESS guidelines, "
    "Journal of Simulation 13 (2019) 55–67. Filled in from the declarations by `sim.report.stress.stress_des`.",
    "清單：Monks et al., Strengthening the reporting of empirical simulation studies: introducing the STRESS guidelines, "
    "Journal of Simulation 13 (2019) 55–67。內容由 `sim.report.stress.stress_des` 按各項聲明填寫。",
    "清单：Monks et al., Strengthening the reporting of empirical simulation studies: introducing the STRESS guidelines, "
    "Journal of Simulation 13 (2019) 55–67。内容由 `sim.report.stress.stress_des` 按各项声明填写。",
)
_HEADINGS: dict[str, Text] = {
    "measure": Text("measure", "指標", "指标"),
    "key": Text("key", "鍵", "键"),
    "unit": Text("unit", "單位", "单位"),
    "feature": Text("feature", "功能", "功能"),
    "stage": Text("stage", "階段", "阶段"),
    "stages": Text("stages", "階段", "阶段"),
    "law": Text("law", "分佈", "分布"),
    "per": Text("one number for", "每數所屬", "每数所属"),
    "number": Text("number", "數目", "数目"),
    "pools": Text("kinds of servers", "資源類別", "资源类别"),
    "streams": Text("random streams", "隨機數流", "随机数流"),
    "parameters": Text("parameters", "參數", "参数"),
    "step": Text("step", "步驟", "步骤"),
    "role": Text("whose", "所屬", "所属"),
    "status": Text("status", "狀態", "状态"),
    "policy": Text("policy", "政策", "政策"),
    "world": Text("world", "世界", "世界"),
    "study": Text("study", "研究", "研究"),
    "all": Text("all", "合計", "合计"),
    "group": Text("group", "組別", "组别"),
    "library": Text("library", "程式庫", "程序库"),
    "version": Text("version asked for", "要求版本", "要求版本"),
    "scenario": Text("scenario", "情景", "情景"),
    "title": Text("title", "標題", "标题"),
    "baseline": Text("the baseline", "基準情景", "基准情景"),
    "none": Text("no difference", "沒有差異", "没有差异"),
    "goods": Text("Goods", "貨物", "货物"),
    "aircraft": Text("Aircraft", "機型", "机型"),
    "priority": Text("Priorities", "優先級別", "优先级别"),
    "colon": Text(": ", "：", "："),
    "comma": Text(", ", "、", "、"),
    "semicolon": Text("; ", "；", "；"),
    "questions": Text(
        "Questions of the catalogue; the scenarios of each stand in docs/reference/scenarios.md.",
        "問題目錄；各題的情景見 docs/reference/scenarios.md。",
        "问题目录；各题的情景见 docs/reference/scenarios.md。",
    ),
    "shipped": Text(
        "Each shipped scenario, with what sets it apart, stands in docs/reference/scenarios.md.",
        "隨附的各情景及其不同之處見 docs/reference/scenarios.md。",
        "随附的各情景及其不同之处见 docs/reference/scenarios.md。",
    ),
}


def stress_des(scenarios: Sequence[Scenario] | None = None, language: Language = "en") -> str:
    """The checklist in Markdown: every item with its answer.

    scenarios: those of a study, the baseline first, whose settings and differences are told; without them the model is described,
    with its default settings. Declared texts that there are in English only (definitions, sources) are pointed to, not copied.
    """
    page = _Page(tuple(scenarios or ()), language)
    parts = [f"# {TITLE.in_language(language)}", SOURCE.in_language(language)]
    for section, items in groupby(ITEMS, key=lambda item: item.number[0]):
        parts.append(f"## {section}. {SECTIONS[section].in_language(language)}")
        for item in items:
            parts.append(f"### {item.number} {item.title.in_language(language)}")
            parts.append(item.answer.in_language(language).format_map(page.figures))
            parts += ["\n".join(_TABLES[name](page)) for name in item.tables]
    return "\n\n".join(parts) + "\n"


@dataclass(frozen=True)
class _Page:
    """What the tables are made from."""

    scenarios: tuple[Scenario, ...]
    language: Language

    def say(self, text: Text) -> str:
        """The text in the page's language."""
        return text.in_language(self.language)

    def word(self, key: str) -> str:
        """A heading or a mark."""
        return self.say(_HEADINGS[key])

    def listed(self, texts: Sequence[Text]) -> str:
        """The texts one after the other."""
        return self.word("comma").join(map(self.say, texts))

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        """The lines of a table."""
        lines = [self.word(heading) for heading in headings], ["---"] * len(headings), *rows
        return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """All parameters by path."""
        return catalogue(self.schema)

    @property
    def schema(self) -> Schema:
        """That of its scenarios; the package's own without any."""
        return self.scenarios[0].assembly if self.scenarios else default_schema()

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features of its scenarios."""
        return self.schema.features

    @cached_property
    def figures(self) -> dict[str, str]:
        """What is filled into the answers."""
        branches = Counter(parameter.branch for parameter in self.parameters.values())
        project = _project()
        return {
            "n_metrics": str(len(all_metrics(self.features))),
            "n_features": str(len(self.features)),
            "n_policy": str(branches["policy"]),
            "n_world": str(branches["world"]),
            "n_stages": str(sum(len(feature.stages) for feature in self.features)),
            "n_pools": str(len({pool.key for feature in self.features for pool in feature.pools})),
            "n_streams": str(sum(len(feature.streams) for feature in self.features)),
            "n_parameters": str(len(self.parameters)),
            "n_guesses": str(sum(parameter.status is Status.GUESS for parameter in self.parameters.values())),
            "outcomes": self.listed(list(OUTCOME_LABELS.values())),
            "consignment_outcomes": self.listed(list(CONSIGNMENT_OUTCOME_LABELS.values())),
            "laws": ", ".join(LAWS),
            "version": sim.__version__,
            "python": project.python.replace(">=", "≥ "),
            "licence": project.licence,
            "generator": np.random.PCG64.__name__,
            "interval": self.say(intervals.METHOD.name),
            "engines": ", ".join(ENGINES),
            "engine": default_engine(),
            **self._settings(),
        }

    def _settings(self) -> dict[str, str]:
        """The study settings as a file writes them: of the first scenario, else the defaults."""
        settings = self.scenarios[0].resolved()["study"] if self.scenarios else {}
        keys = ("seed", "replications", "days", "warm_up", "cool_down", "confidence")
        return {key: str(settings.get(key, self.parameters[f"study.{key}"].default)) for key in keys}


@dataclass(frozen=True)
class _Project:
    """What the project's own declaration says of Python, licence and libraries."""

    python: str
    licence: str
    libraries: tuple[str, ...]


def _project() -> _Project:
    """From pyproject.toml where the package runs from its checkout, else from what was installed of it."""
    if PROJECT.is_file():
        project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
        return _Project(project["requires-python"], project["license"], tuple(project["dependencies"]))
    try:
        about, needed = metadata(PACKAGE), requires(PACKAGE) or []
    except PackageNotFoundError:
        return _Project("", "", ())
    return _Project(about["Requires-Python"], about["License-Expression"], tuple(name for name in needed if ";" not in name))


def _measures(page: _Page) -> list[str]:
    headlines = [metric for metric in all_metrics(page.features) if metric.headline]
    rows = [(page.say(metric.label), f"`{metric.key}`", metric.unit) for metric in headlines]
    return page.table(("measure", "key", "unit"), rows)


def _aims(page: _Page) -> list[str]:
    if page.scenarios:
        return page.table(("scenario", "title"), [(scenario.name, page.say(scenario.title)) for scenario in page.scenarios])
    return [page.word("questions"), "", *(f"- {question.key}: {page.say(question.text)}" for question in QUESTIONS)]


def _diagram(page: _Page) -> list[str]:
    """A Mermaid flow chart of the steps: the three tracks, and what follows where they have joined."""
    return ["```mermaid", "flowchart LR", *(f"  {line}" for line in _drawn(page)), "```"]


def _drawn(page: _Page) -> Iterator[str]:
    def node(name: str, step: Step) -> str:
        return f'{name}["{page.say(STEP_LABELS[step])}"]'

    yield node("order", "order")
    for number, track in enumerate(TRACKS):
        names = ["order", *(f"t{number}_{step}" for step in track)]
        yield from (node(name, step) for name, step in zip(names[1:], track, strict=True))
        yield f"{' --> '.join(names)} --> j_{JOINED[0]}"
    yield from (node(f"j_{step}", step) for step in JOINED)
    yield " --> ".join(f"j_{step}" for step in JOINED)


def _features(page: _Page) -> list[str]:
    rows = [
        (page.say(feature.label), *(str(len(declared)) for declared in (feature.stages, feature.pools, feature.streams)))
        for feature in page.features
    ]
    return page.table(("feature", "stages", "pools", "streams"), rows)


def _differences(page: _Page) -> list[str]:
    if not page.scenarios:
        return [page.word("shipped")]
    baseline, *others = page.scenarios
    lines = [f"- {baseline.name}{page.word('colon')}{page.word('baseline')}"]
    of_name, against = {scenario.name: scenario for scenario in page.scenarios}, held_against(page.scenarios)
    for other in others:
        base = against[other.name]
        sentences = [in_words(difference, page.language) for difference in differences(of_name[base], other)]
        held = labels.HELD.in_language(page.language).format(name=other.name, base=base)
        lines.append(f"- {held}{page.word('colon')}{page.word('semicolon').join(sentences) or page.word('none')}")
    return lines


def _entities(page: _Page) -> list[str]:
    kinds = {
        "aircraft": [aircraft.name for aircraft in aircraft_catalogue().values()],
        "goods": [goods.name for goods in GOODS],
        "priority": list(PRIORITY_LABELS.values()),
    }
    return [f"- {page.word(kind)}{page.word('colon')}{page.listed(names)}" for kind, names in kinds.items()]


def _stages(page: _Page) -> list[str]:
    rows = [
        (f"`{stage.key}`", page.say(stage.label), page.say(STEP_LABELS[stage.step]), page.say(ROLE_LABELS[stage.role]))
        for feature in page.features
        for stage in feature.stages
    ]
    return page.table(("key", "stage", "step", "role"), rows)


def _pools(page: _Page) -> list[str]:
    pools = {pool.key: (pool, feature) for feature in page.features for pool in feature.pools}
    rows = [(f"`{key}`", page.say(pool.label), page.say(feature.label)) for key, (pool, feature) in pools.items()]
    return page.table(("key", "pools", "feature"), rows)


def _statuses(page: _Page) -> list[str]:
    """How many parameters of each branch have which status."""
    counts = Counter((parameter.status, parameter.branch) for parameter in page.parameters.values())
    branches: tuple[Branch, ...] = ("policy", "world", "study")
    rows = [
        (page.say(label), *_counted([counts[status, branch] for branch in branches])) for status, label in STATUS_MEANINGS.items()
    ]
    sums = _counted([sum(counts[status, branch] for status in STATUS_MEANINGS) for branch in branches])
    return page.table(("status", *branches, "all"), [*rows, (page.word("all"), *sums)])


def _parameters(page: _Page) -> list[str]:
    """How many parameters each group has, and how many of them have which status."""
    labels = {(section.branch, section.key): page.say(section.label) for section in page.schema.sections}
    counts: dict[tuple[Branch, str], Counter[Status]] = {}
    for parameter in page.parameters.values():
        counts.setdefault((parameter.branch, parameter.feature), Counter())[parameter.status] += 1
    rows = [
        (f"{page.word(branch)}{page.word('colon')}{labels[branch, feature]}", str(statuses.total()), _by_status(page, statuses))
        for (branch, feature), statuses in counts.items()
    ]
    return page.table(("group", "parameters", "status"), rows)


def _by_status(page: _Page, counts: Counter[Status]) -> str:
    return page.word("comma").join(f"{page.say(STATUS_LABELS[status])} {counts[status]}" for status in Status if counts[status])


def _counted(numbers: Sequence[int]) -> list[str]:
    return [*map(str, numbers), str(sum(numbers))]


def _libraries(page: _Page) -> list[str]:
    requirements = [name.partition(">=") for name in _project().libraries]
    return page.table(("library", "version"), [(name, f"≥ {version}" if version else "") for name, _, version in requirements])


def _streams(page: _Page) -> list[str]:
    rows = []
    for feature in page.features:
        for (kind, per), streams in groupby(sorted(feature.streams, key=_kind), key=_kind):
            names = [stream.name for stream in streams]
            texts = page.say(feature.label), page.say(_KINDS[kind]), page.say(_PER[per])
            rows.append((*texts, str(len(names)), ", ".join(f"`{name}`" for name in names)))
    return page.table(("feature", "law", "per", "number", "streams"), rows)


def _kind(stream: Stream) -> tuple[str, str]:
    return stream.kind, stream.per


_TABLES: dict[str, Callable[[_Page], list[str]]] = {
    "measures": _measures,
    "aims": _aims,
    "diagram": _diagram,
    "features": _features,
    "differences": _differences,
    "entities": _entities,
    "stages": _stages,
    "pools": _pools,
    "statuses": _statuses,
    "parameters": _parameters,
    "libraries": _libraries,
    "streams": _streams,
}
