"""A coordinator brings in another form's export: looks at how it is read, corrects it by keyboard, takes people in."""

import pytest
from playwright.sync_api import expect

from tests.journeys.screens import DESK, PHONE
from tests.journeys.visitor import Screen, Visitor
from tests.processes import ROOT

pytestmark = [pytest.mark.timeout(240, func_only=True), pytest.mark.slow]

EXPORTS = ROOT / "tests" / "data" / "exports"
WITHOUT_SCRIPTS = Screen("ja", 360, 740, scripts=False)


def chooses(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("link", name="第3期", exact=True).click()
    visitor.looks()
    term = visitor.page.url.rstrip("/").rpartition("/")[2]
    visitor.goes_to(f"/terms/{term}/import/")
    visitor.page.get_by_label(visitor.words("File"), exact=True).set_input_files(EXPORTS / name)
    visitor.presses("Look at the file")


@pytest.mark.parametrize(
    "visitor", [PHONE, DESK, WITHOUT_SCRIPTS], indirect=True, ids=["phone-ja", "desk-en", "no-scripts"]
)
def test_coordinator_corrects_how_an_export_is_read(visitor: Visitor) -> None:
    page = visitor.page
    visitor.comes_in_as("chika")
    chooses(visitor, "08_spoken_words.csv")

    assert visitor.heading() == visitor.words("How this file is read")
    wrong = page.get_by_role("table").get_by_role("row").filter(has=page.get_by_role("cell"))
    expect(wrong).to_have_count(1)
    wrong.get_by_role("textbox").fill("土 10:00-12:00")
    visitor.goes_on_by_key(visitor.button("Read it like this"))

    people = visitor.counted("Take in one person", "Take in %(number)s people", number=10)
    expect(page.get_by_role("button", name=people)).to_be_visible()
    visitor.follows("Change how the file is read")
    expect(page.get_by_role("table")).to_have_count(0)
    with page.expect_download() as download:
        visitor.link("Download how it is read (TOML)").click()
    assert "土 10:00-12:00" in download.value.path().read_text(encoding="utf-8")
    visitor.presses("Read it like this")
    page.get_by_role("button", name=people).click()
    visitor.looks()
    visitor.sees(
        visitor.words(
            "Added: %(added)s. Updated: %(updated)s. Without a change: %(unchanged)s.", added=10, updated=0, unchanged=0
        )
    )
