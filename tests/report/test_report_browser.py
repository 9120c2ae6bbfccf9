"""The report in a real browser: it renders, filters, stays quiet and asks nothing of the network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scored import HOSTILE, PROMPTS, broken, scored_run

from ifeval_fi.prompts import load_prompts
from ifeval_fi.report.board import Board, load_entries
from ifeval_fi.report.comparison import comparison_tables
from ifeval_fi.report.html import board_page, comparison_page, run_page
from ifeval_fi.scoring.compare import compare, judge
from ifeval_fi.scoring.results import load_results

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine", allow_module_level=True)

ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page whose console must stay empty and which may ask for files only."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    faults: list[str] = []
    opened.on("console", lambda message: faults.append(f"{message.type}: {message.text}"))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("request", lambda request: request.url.startswith(("file:", "data:")) or faults.append(request.url))
    yield opened
    assert faults == []
    assert opened.evaluate("window.hacked") is None
    opened.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of the forty prompts: one English answer, one hostile, one cut off, one failed."""
    folder = tmp_path_factory.mktemp("report")

    def edit(index: int, row: dict[str, Any]) -> None:
        broken(1, text="This answer was written in English, and nobody had asked for that.")(index, row)
        broken(2, text=HOSTILE)(index, row)
        if index == 3:
            row["outcome"] = "truncated"
        if index == 4:
            row.pop("response")
            row["outcome"] = "failed"

    run = scored_run(folder / "run", model=f"malli {HOSTILE}", edit=edit)
    path = folder / "report.html"
    path.write_text(run_page(load_results(run)), encoding="utf-8")
    return path


def count(page: Any) -> str:
    return str(page.locator("#count").inner_text())


def test_filters_narrow_the_answers(page: Any, report: Path) -> None:
    page.goto(report.as_uri())
    assert count(page) == "40 of 40 answers"
    assert page.locator("#cards > li").count() == 25
    page.locator("#next").click()
    assert page.locator("#page").inner_text() == "26–40 of 40"
    page.select_option("#language", "=en")
    assert count(page) == "1 of 40 answers"
    page.locator("button[type=reset]").click()
    sync_api.expect(page.locator("#count")).to_have_text("40 of 40 answers")
    page.select_option("#verdict", "truncated")
    assert count(page) == "1 of 40 answers"
    page.select_option("#verdict", "unanswered")
    assert str(PROMPTS[4].key) in page.locator("#cards summary").first.inner_text()
    page.select_option("#verdict", "")
    wanted = "punctuation:no_comma"
    page.select_option("#instruction", wanted)
    having = sum(any(each.id == wanted for each in prompt.instructions) for prompt in PROMPTS)
    assert count(page) == f"{having} of 40 answers"


def test_search_finds_text_and_key_and_stays_in_the_address(page: Any, report: Path) -> None:
    page.goto(report.as_uri())
    page.fill("#q", "NOBODY had asked")
    sync_api.expect(page.locator("#count")).to_have_text("1 of 40 answers")
    page.fill("#q", "no such words")
    sync_api.expect(page.locator("#count")).to_contain_text("no answer matches")
    page.goto("about:blank")
    page.goto(f"{report.as_uri()}#q={PROMPTS[0].key}")
    assert count(page) == "1 of 40 answers"
    sync_api.expect(page.locator(".prompt")).to_have_text(PROMPTS[0].text)


def test_hostile_answer_is_shown_as_text(page: Any, report: Path) -> None:
    page.goto(f"{report.as_uri()}#q={PROMPTS[2].key}")
    sync_api.expect(page.locator(".answer")).to_contain_text("<script>window.hacked = 1</script>")
    assert page.locator(".answer *").count() == 0
    assert "<img src=x" in page.locator("h1").inner_text()


def test_keyboard_opens_an_answer(page: Any, report: Path) -> None:
    page.goto(report.as_uri())
    page.locator("#cards summary").first.focus()
    page.keyboard.press("Enter")
    sync_api.expect(page.locator("#cards tbody tr")).to_have_count(len(PROMPTS[0].instructions))
    assert page.evaluate("[...document.querySelectorAll('input,select')].every(e => e.labels.length === 1)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_overflows_and_text_has_contrast(page: Any, report: Path, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(report.as_uri())
    page.locator("#cards summary").nth(2).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for selector in ("body", ".chip.yes", ".chip.no", ".note", ".signature span", ".what"):
        assert contrast(page, selector) >= 4.5, selector


def contrast(page: Any, selector: str) -> float:
    """WCAG contrast of the first such element's text with the background behind it."""
    return float(
        page.evaluate(
            """selector => {
                const element = document.querySelector(selector);
                const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
                const light = colour => {
                    const part = value => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
                    const [r, g, b] = numbers(colour).map(part);
                    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                };
                let behind = element;
                while (behind.parentElement && numbers(getComputedStyle(behind).backgroundColor)[3] === 0)
                    behind = behind.parentElement;
                const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor]
                    .map(light).sort((x, y) => y - x);
                return (a + 0.05) / (b + 0.05);
            }""",
            selector,
        )
    )


def test_all_prompts_render_at_once_and_quickly_enough(page: Any, tmp_path: Path) -> None:
    prompts = load_prompts("fi")
    path = tmp_path / "report.html"
    path.write_text(run_page(load_results(scored_run(tmp_path / "run", prompts=prompts))), encoding="utf-8")
    page.goto(path.as_uri())
    assert count(page) == f"{len(prompts)} of {len(prompts)} answers"
    assert page.locator("#cards > li").count() == 25


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_several_results_show_their_figure(page: Any, tmp_path: Path, scheme: str) -> None:
    pytest.importorskip("matplotlib")
    runs = [scored_run(tmp_path / name, model=name, edit=broken(*range(bad))) for name, bad in (("a", 3), ("b", 9))]
    path = tmp_path / "report.html"
    path.write_text(board_page(Board(load_entries(runs))), encoding="utf-8")
    page.emulate_media(color_scheme=scheme)
    page.goto(path.as_uri())
    assert page.locator("figure img").evaluate("image => image.complete && image.naturalWidth > 300")
    assert page.locator(".heat tbody tr").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_comparison_shows_answers_side_by_side(page: Any, tmp_path: Path) -> None:
    base = load_results(scored_run(tmp_path / "base"))
    worse = load_results(scored_run(tmp_path / "worse", edit=broken(0, 3, text=HOSTILE)))
    comparison = compare(base, worse)
    path = tmp_path / "comparison.html"
    text = comparison_page(comparison, judge(comparison, max_drop=2), comparison_tables(comparison))
    path.write_text(text, encoding="utf-8")
    page.goto(path.as_uri())
    page.locator(".card summary").first.click()
    assert page.locator(".card").count() == 2
    assert "<img src=x" in page.locator(".card .text").nth(2).inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
