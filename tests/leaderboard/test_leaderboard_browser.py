"""The site in a real browser, from disk: sort, filter, address, languages, comparison, choice; nothing is fetched."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import submissions as made
from paths import ROOT
from submissions import add, entry

from ifeval_fi.leaderboard.build import build
from ifeval_fi.prompts import load_prompts

playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = Path(os.environ.get("AXE_CORE", ROOT / "node_modules/axe-core/axe.min.js"))

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("browser")
    root, path = place / "submissions", made.small_prompts(place)
    prompts = load_prompts(path, language="fi")
    root.mkdir()
    models: list[tuple[str, float, dict[str, Any]]] = [
        ("org/iso", 0.9, {"parameters_b": 70.0, "license": "MIT"}),
        ("org/pieni", 0.3, {"parameters_b": 2.0, "open_data": True}),
        ("yhdys/valtio", 0.6, {"parameters_b": 8.0, "eu": False, "license": "MIT"}),
        ("pilvi/suljettu", 1.0, {"parameters_b": None, "open_weights": False}),
        ("org/nelja", 0.5, {"parameters_b": 30.0, "quantisation": "Q4_K_M"}),
    ]
    for seed, (name, followed, more) in enumerate(models):
        add(root, prompts, entry(name, **more), seed=seed, followed=followed)
    build(root, place / "a folder with spaces", prompts={"fi": str(path)})
    return place / "a folder with spaces"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1400, "height": 900})
    trouble: list[str] = []
    opened.on("console", lambda message: trouble.append(message.text))
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("request", lambda asked: asked.url.startswith("file:") or trouble.append(asked.url))
    yield opened
    opened.close()
    assert trouble == []


def go(page: Any, site: Path, path: str = "index.html", state: str = "") -> None:
    page.goto("about:blank")
    page.goto((site / path).as_uri() + state)


def shown(page: Any) -> list[str]:
    """Models in the table from top to bottom, without baselines."""
    return list(
        page.eval_on_selector_all(
            "#board tbody tr:not(.baseline):not([hidden]) th a", "all => all.map((each) => each.textContent)"
        )
    )


def test_sorting_and_its_address(page: Any, site: Path) -> None:
    go(page, site)
    ranked = shown(page)
    page.get_by_role("button", name="Koko, mrd.").click()
    assert shown(page) == ["org/pieni", "yhdys/valtio", "org/nelja", "org/iso", "pilvi/suljettu"]
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Koko, mrd.").click()
    assert shown(page) == ["org/iso", "org/nelja", "yhdys/valtio", "org/pieni", "pilvi/suljettu"]
    address = page.url
    assert address.endswith("#sort=-size")
    go(page, site)
    page.goto(address)
    assert shown(page)[0] == "org/iso"
    go(page, site)
    page.get_by_role("button", name="Ohjeista noudatettu").click()
    assert shown(page) == ranked


def test_filters_search_and_their_address(page: Any, site: Path) -> None:
    go(page, site)
    page.get_by_label("Lisenssi").select_option("MIT")
    assert sorted(shown(page)) == ["org/iso", "yhdys/valtio"]
    assert page.locator("#count").text_content() == "Näkyvissä 2/5 ajoa ja vertailutasot"
    page.get_by_label("Tehty EU:ssa").check()
    assert shown(page) == ["org/iso"]
    assert page.locator("#heat tbody tr:not([hidden])").count() == 1 + 3
    assert page.locator("circle:not([hidden])").count() == 1
    address = page.url
    go(page, site)
    page.goto(address)
    page.reload()
    assert shown(page) == ["org/iso"]
    page.get_by_role("button", name="Tyhjennä").click()
    page.wait_for_url(lambda url: "#" not in url)
    assert len(shown(page)) == 5
    page.get_by_label("Mahtuu työasemaan").check()
    assert sorted(shown(page)) == ["org/nelja", "org/pieni", "yhdys/valtio"]
    page.get_by_label("Koko enintään").fill("9")
    assert sorted(shown(page)) == ["org/pieni", "yhdys/valtio"]
    page.get_by_label("Avoin opetusdata").check()
    assert shown(page) == ["org/pieni"]
    page.get_by_role("button", name="Tyhjennä").click()
    page.get_by_label("Haku").fill("SULJ")
    assert shown(page) == ["pilvi/suljettu"]


def test_four_models_beside_each_other_at_most(page: Any, site: Path) -> None:
    go(page, site)
    boxes = page.locator("#board tbody tr:not(.baseline) .pick input")
    for place in range(4):
        boxes.nth(place).check()
    assert boxes.nth(4).is_disabled()
    assert page.locator("#comparison thead th").count() == 5
    lines = page.locator("#comparison tbody th").all_text_contents()
    assert {"Sija", "Lisenssi", "avainsanat"} <= set(lines)
    address = page.url
    go(page, site)
    page.goto(address)
    assert page.locator("#comparison thead th").count() == 5
    boxes.nth(0).uncheck()
    assert page.locator("#comparison thead th").count() == 4


def test_the_language_switch_keeps_the_state(page: Any, site: Path) -> None:
    go(page, site, state="#license=MIT&sort=size")
    page.get_by_role("link", name="Svenska").click()
    assert page.locator("html").get_attribute("lang") == "sv"
    assert shown(page) == ["yhdys/valtio", "org/iso"]
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", level=1).text_content() == "Does the model do what it is told?"
    assert shown(page) == ["yhdys/valtio", "org/iso"]


def test_the_page_of_a_model_and_its_answers(page: Any, site: Path) -> None:
    go(page, site)
    page.get_by_role("link", name="org/iso").first.click()
    assert page.get_by_role("heading", level=1).text_content() == "org/iso"
    page.get_by_role("link", name="English").click()
    assert page.get_by_text("Made in the EU").count() == 1
    page.get_by_role("link", name="All prompts, answers").click()
    assert page.locator(".card").count() == 25
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_label("Verdict").select_option("broken")
    page.locator(".card").first.click()
    assert page.get_by_text("Evidence").first.is_visible()
    page.get_by_role("link", name="Svenska").click()
    assert page.get_by_text("Till modellens sida").get_attribute("href") == "../../sv/models/org__iso/ajo/index.html"
    page.get_by_role("link", name="Tillbaka").click()
    assert page.locator("html").get_attribute("lang") == "sv"


def test_a_choice_against_another_reference(page: Any, site: Path) -> None:
    go(page, site, "choose.html")
    assert "pilvi/suljettu" in (page.locator("#reference option").first.text_content() or "")
    assert "pilvi/suljettu" in shown(page)
    page.get_by_label("Avoimet painot").check()
    assert "pilvi/suljettu" not in shown(page)
    lost = page.locator("#board tbody tr", has_text="org/pieni").locator(".lost").text_content() or ""
    assert lost.startswith("−")
    assert "," in lost
    page.get_by_label("Avoin opetusdata").check()
    assert shown(page) == ["org/pieni"]


def test_usable_by_keyboard(page: Any, site: Path) -> None:
    go(page, site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.get_by_role("button", name="Koko, mrd.").focus()
    page.keyboard.press("Enter")
    assert shown(page)[0] == "org/pieni"
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("path", ["index.html", "choose.html", "models/org__iso/ajo/index.html"])
def test_no_page_is_wider_than_its_window(page: Any, site: Path, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    go(page, site, path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_readable_without_a_script(browser: Any, site: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    assert page.locator("#board tbody tr").count() == 5 + 3
    assert not page.locator("#filters").is_visible()
    assert not page.locator(".pick").first.is_visible()
    context.close()


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core: npm install axe-core, or AXE_CORE=path to axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["index.html", "sv/choose.html", "en/models/org__iso/ajo/index.html"])
def test_axe_finds_nothing_serious(browser: Any, site: Path, path: str, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto((site / path).as_uri())
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    serious = [
        (each["id"], [node["html"] for node in each["nodes"]][:3])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    context.close()
    assert serious == []
