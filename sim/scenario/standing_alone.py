"""A scenario file that extends no other and names few values: what stands where it names nothing."""

from collections.abc import Iterator

from sim.ground.errors import InputError
from sim.ground.text import LANGUAGES, NOTHING, SEMICOLON, Text
from sim.scenario.differences import differences, in_words
from sim.scenario.load import load_scenario
from sim.scenario.parameters import catalogue
from sim.scenario.scenario import Scenario

BASE = "baseline.yaml"
SHOWN = 5  # differences that the sentence lists
_ALONE = Text(
    "{file} extends no other file: whatever it does not name has the model's own value (the study has {days} measured days and "
    "{replications} replications).{base}",
    "{file} 沒有 extends，未列明的參數一律採用模型預設值（本研究量度 {days} 日、重複 {replications} 次）。{base}",
    "{file} 没有 extends，未列明的参数一律采用模型默认值（本研究测量 {days} 天、重复 {replications} 次）。{base}",
)
_BASE = Text(
    " 'extends: {base}' would make it stand on that file, which has other values: {changes}.",
    "如要以該檔案為基礎，請寫 extends: {base}；其數值不同之處：{changes}。",
    "如要以该文件为基础，请写 extends: {base}；其数值不同之处：{changes}。",
)


def standing_alone(scenario: Scenario) -> Iterator[Text]:
    """What to tell of a file without `extends` that names less than half of the parameters; nothing of any other scenario.

    A file that names most of them is a whole one, as the baseline is. Where a baseline stands in the same folder, its
    differences from what the file stands on are told too.
    """
    if scenario.n_written is None or scenario.file is None or scenario.n_written > len(catalogue(scenario.assembly)) / 2:
        return
    study = scenario.study
    yield _ALONE.fill(file=scenario.file.name, days=study.days, replications=study.replications, base=_base_beside(scenario))


def _base_beside(scenario: Scenario) -> Text:
    file = scenario.file.parent / BASE if scenario.file is not None else None
    if file is None or not file.is_file():
        return NOTHING
    try:
        changes = differences(scenario.assembly.defaults(), load_scenario(file, schema=scenario.assembly))
    except (InputError, ValueError):
        return NOTHING
    words = SEMICOLON.join(Text(*(in_words(change, language) for language in LANGUAGES)) for change in changes[:SHOWN])
    return _BASE.fill(base=BASE, changes=words) if changes else NOTHING
