"""Pages as a reader meets them: in a browser, on a phone, in the dark, on paper."""

from __future__ import annotations

import pytest

PAGES = ("did", "before_after", "undecided", "index", "portfolio", "hostile")
pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser, folder):
    """Return a function that opens a page and records every request it makes."""
    opened = []

    def go(name, *, width=1280, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        opened.append(context)
        page = context.new_page()
        page.asked = []
        page.said = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.goto((folder / f"{name}.html").as_uri())
        return page

    yield go
    for context in opened:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(visit, name, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(name, scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_axe_would_find_a_picture_without_words(visit):
    from axe_playwright_python.sync_playwright import Axe

    page = visit("did")
    page.evaluate("document.images[0].removeAttribute('alt')")
    assert Axe().run(page).violations_count == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_nobody_for_anything(visit, folder, name):
    page = visit(name)
    outside = [url for url in page.asked if not url.startswith("data:")]
    assert outside == [(folder / f"{name}.html").as_uri()]
    assert page.said == []


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(visit, name, width):
    page = visit(name, width=width)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width


@pytest.mark.parametrize("name", ["did", "before_after", "portfolio"])
def test_pictures_are_there_and_not_stretched(visit, name):
    sizes = visit(name).evaluate(
        "[...document.images].map(i => [i.naturalWidth / i.naturalHeight, i.width / i.height])"
    )
    assert sizes
    assert all(abs(own - shown) < 0.02 * own for own, shown in sizes)


def test_the_headline_stands_on_the_first_screen_of_a_phone(visit):
    page = visit("did", width=360)
    box = page.locator(".headline").bounding_box()
    assert box["y"] + box["height"] < 800


def test_the_first_key_press_offers_to_skip_to_the_content(visit):
    page = visit("did")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_every_wide_table_can_be_scrolled_by_keyboard(visit):
    page = visit("did", width=320)
    stuck = page.evaluate(
        "[...document.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1"
        " && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX)"
        " && e.tabIndex < 0).map(e => e.className)"
    )
    assert stuck == []


def test_hostile_text_does_not_run(visit):
    page = visit("hostile")
    assert page.evaluate("document.title") != "ran"
    assert page.locator("script").count() == 0


def test_dark_readers_get_a_dark_page(visit):
    shades = {
        scheme: visit("did", scheme=scheme).evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    }
    assert shades["light"] != shades["dark"]


def test_paper_shows_the_numbers_behind_figures_and_leaves_out_the_contents(visit):
    page = visit("did")
    page.emulate_media(media="print")
    assert page.locator("nav").is_hidden()
    assert page.locator("#trends details table").is_visible()
    for heading in page.locator("#annex > details > summary").all():
        assert heading.is_visible()
    assert page.locator("#methods").is_visible()
    assert page.locator("#findings details table").is_visible()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") <= 10


def pilots_in_sight(page):
    """Return the pilots that the list shows, in order."""
    return page.evaluate(
        "[...document.querySelectorAll('.index tbody tr')].filter(r => r.getClientRects().length)"
        ".map(r => r.querySelector('th').innerText.split('\\n')[0].replace('simulated', '').trim())"
    )


def test_the_list_is_sorted_and_narrowed_down_without_a_script(visit):
    page = visit("portfolio")
    named = [f"Pilot {at}" for at in (*range(6), "x")]
    assert pilots_in_sight(page) == named
    page.locator(".choose summary").click()
    page.get_by_label("Certainty, surest first").check()
    assert pilots_in_sight(page)[:2] == ["Pilot 1", "Pilot 5"]
    assert sorted(pilots_in_sight(page)) == sorted(named)
    page.get_by_label("NL (2)").check()
    assert pilots_in_sight(page) == ["Pilot 0", "Pilot 2"]
    page.get_by_label("No result (1)").check()
    assert pilots_in_sight(page) == []


def test_the_list_is_sorted_by_keyboard_alone(visit):
    page = visit("portfolio")
    page.locator(".choose summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "by-given"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "by-certainty"
    assert pilots_in_sight(page)[0] == "Pilot 1"


@pytest.mark.parametrize("width", [320, 1280])
def test_one_list_is_in_sight_at_every_width(visit, width):
    page = visit("portfolio", width=width)
    assert len(pilots_in_sight(page)) == 7
    page.evaluate("document.querySelector('#by-country').checked = true")
    assert pilots_in_sight(page)[0] == "Pilot 1"
    assert len(pilots_in_sight(page)) == 7


def test_paper_shows_the_list_from_the_first_page_and_no_choices(visit):
    page = visit("portfolio")
    page.emulate_media(media="print")
    assert page.locator(".choose").is_hidden()
    assert page.locator("#shared details table").is_visible()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") <= 3


def test_the_annex_opens_and_closes_by_keyboard(visit):
    page = visit("did")
    assert page.locator("#methods").is_hidden()
    page.locator("#annex > details > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#methods").is_visible()
    page.keyboard.press("Space")
    assert page.locator("#methods").is_hidden()


def test_a_link_into_the_annex_opens_what_it_points_at(visit, folder):
    page = visit("did")
    page.goto((folder / "did.html").as_uri() + "#balance")
    page.wait_for_function("document.getElementById('balance').checkVisibility()")
    assert page.locator("#balance table").is_visible()


@pytest.mark.parametrize("name", ["did", "before_after", "undecided"])
def test_no_table_is_wider_than_the_paper(visit, name):
    """A4 less its margins is 178 mm."""
    page = visit(name, width=round(178 / 25.4 * 96))
    page.emulate_media(media="print")
    cut = page.evaluate(
        "[...document.querySelectorAll('table, figure img')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1).map(e => e.textContent.slice(0, 60))"
    )
    assert cut == []


def test_pictures_are_turned_over_in_the_dark_alone(visit):
    def shade(page):
        return page.evaluate("getComputedStyle(document.querySelector('figure img')).filter")

    assert shade(visit("did")) == "none"
    dark = visit("did", scheme="dark")
    assert "invert(1)" in shade(dark)
    dark.emulate_media(media="print")
    assert shade(dark) == "none"
