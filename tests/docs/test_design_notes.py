"""Design notes: records keep their numbers, all are in the contents, and the first one names the floors as they are."""

import re
from pathlib import Path

from tests.architecture.test_floors import FLOORS
from tests.docs.test_links import anchor

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "design-notes.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
RECORDS = [heading for heading in HEADINGS if heading != "Contents"]


def test_numbers_rise_one_by_one() -> None:
    assert [record[:5] for record in RECORDS] == [f"D-{number:02d} " for number in range(1, len(RECORDS) + 1)]


def test_the_contents_name_every_record_once() -> None:
    contents = PAGE.split("## Contents")[1].split("\n## ")[0]
    assert sorted(re.findall(r"^- \[(.*?)\]\(#(.*?)\)$", contents, re.MULTILINE)) == sorted(
        (name, anchor(name)) for name in RECORDS
    )


def test_every_record_has_its_date() -> None:
    dated = re.findall(r"^## (D-.*)\n\n\*2\d{3}-\d\d-\d\d.*\*$", PAGE, re.MULTILINE)
    assert dated == RECORDS


def test_the_first_record_names_the_floors_in_their_order() -> None:
    rooms = re.findall(r"^\| `(\w+)` \|", PAGE.split("## D-02")[0], re.MULTILINE)
    assert rooms == [room for floor in FLOORS for room in floor]


def test_records_that_the_text_refers_to_exist() -> None:
    assert set(re.findall(r"D-\d+", PAGE)) == {record.split()[0] for record in RECORDS}
