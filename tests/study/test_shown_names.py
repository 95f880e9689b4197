"""What pages call scenarios: by title, in each language."""

from pathlib import Path
from types import SimpleNamespace

import pytest

import sim
from sim.charts import delay, differences
from sim.ground.text import LANGUAGES, Text
from sim.report.build import build_annexes
from sim.report.document import Document
from sim.report.stress import stress_des
from sim.study.shown_names import names_as_texts, shown_names
from sim.study.study import Study
from tests.conftest import BASE, MakeStudy

TITLES = {"base": ("As it is", "現況安排", "现行安排"), "desk": ("One desk", "統一審批安排", "统一审批安排")}


def record(name: str, *title: str) -> SimpleNamespace:
    return SimpleNamespace(name=name, title=Text(*title) if len(title) == 3 else Text.same(*title))


def test_each_language_has_titles() -> None:
    records = [record("base", *TITLES["base"]), record("desk", *TITLES["desk"])]
    assert shown_names(records, "en") == {"base": "As it is", "desk": "One desk"}
    assert shown_names(records, "zh-Hant") == {"base": "現況安排", "desk": "統一審批安排"}
    assert names_as_texts(records)["desk"] == Text("“One desk”", "「統一審批安排」", "“统一审批安排”")


def test_one_text_stands_for_all_and_a_name_for_none() -> None:
    assert shown_names([record("a", "My own\ntitle"), record("b", "")], "zh-Hans") == {"a": "My own title", "b": "b"}


def test_a_shared_title_is_told_apart_by_the_name() -> None:
    records = [record("a", "x", "同題", "同题"), record("b", "y", "同題", "同题")]
    assert shown_names(records, "zh-Hant") == {"a": "同題（a）", "b": "同題（b）"}


@pytest.fixture(scope="module")
def study(make_study: MakeStudy) -> Study:
    texts = {}
    for name, (en, hant, hans) in TITLES.items():
        title = f"title: {{en: {en}, zh_hant: {hant}, zh_hans: {hans}}}"
        own = "question: {en: What if?, zh_hant: 若然如何？, zh_hans: 如果怎样？}\nanswered_by: [delay_mean]"
        body = "\n".join(line for line in BASE.splitlines() if not line.startswith(("title:", "name:")))
        more = "" if name == "base" else "policy: {flight_authorisation: {agencies: single_desk}}"
        texts[name] = f"{title}\n{own}\n{body}" if name == "base" else f"{title}\n{own}\nextends: base.yaml\n{more}\n"
    return sim.load(make_study(texts, engine="reference"))


def words_of(document: Document) -> str:
    return repr(document.blocks) + document.subtitle


def test_the_folder_has_the_titles_and_the_scenarios_in_full(study: Study) -> None:
    assert study.manifest.scenarios[1].title == Text(*TITLES["desk"])
    assert study.scenarios[1].title == Text(*TITLES["desk"])
    assert study.folder is not None and "统一审批安排" in (Path(study.folder) / study.manifest.scenarios[1].file).read_text(
        encoding="utf-8"
    )


def test_a_report_in_chinese_has_the_slug_only_where_it_lists_the_scenarios(study: Study) -> None:
    for language, title in (("zh-Hant", "統一審批安排"), ("zh-Hans", "统一审批安排")):
        document = build_annexes(study, language, [])["results"]
        words = words_of(document)
        assert words.count(title) > 8 and title in document.subtitle
        assert f"{title}（desk）" in words
        assert "'desk'" not in words and "desk：" not in words and "desk 與" not in words
    english = words_of(build_annexes(study, "en", [])["results"])
    assert "desk: One desk" in english and "統一" not in english


def test_charts_and_questions_are_in_the_readers_language(study: Study) -> None:
    assert delay.CHART.finding(study, "zh-Hant").split("\n")[1].startswith("統一審批安排：")
    assert delay.CHART.finding(study, "en").split("\n")[1].startswith("One desk: ")
    assert differences.CHART.title_of(study, "zh-Hans") == "与基准“现行安排”的差异"
    assert "若然如何？" in words_of(build_annexes(study, "zh-Hant", [])["results"]) and "What if?" in words_of(
        build_annexes(study, "en", [])["results"]
    )


def test_the_checklist_has_the_title_of_its_language(study: Study) -> None:
    for language, title in zip(LANGUAGES, TITLES["desk"], strict=True):
        assert f"| desk | {title} |" in stress_des(study.scenarios, language)
