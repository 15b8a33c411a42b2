"""The board as a browser draws it: what a card says of its cohort has the card's width."""

import pytest
from django.conf import settings
from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

FACTS = """<div class="board"><article class="card"><dl class="facts">
<div><dt>Strong</dt><dd>The generations are even, Many different fields</dd></div>
<div><dt>New faces</dt><dd>4/4</dd></div>
</dl></article><article class="card">2</article><article class="card">3</article></div>"""


@pytest.mark.parametrize("width", [360, 1280])
def test_what_is_long_has_the_whole_width_of_its_card_and_what_is_short_stands_beside_its_name(
    browser: Browser, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(FACTS)
    for sheet in ("madoi.css", "board.css"):
        page.add_style_tag(path=settings.BASE_DIR / "static" / "css" / sheet)

    long, short = (page.locator("dd").nth(number).bounding_box() for number in range(2))
    facts, name = (page.locator(where).bounding_box() for where in (".facts", "dt:text('New faces')"))

    page.close()
    assert long["x"] == facts["x"]
    assert long["width"] > 0.8 * facts["width"]
    assert short["x"] > name["x"] + name["width"]
