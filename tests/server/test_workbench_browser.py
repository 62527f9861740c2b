"""The page in a headless Chromium: what a person does, and what then stands on the screen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from llmworks.language_model import LanguageModel
from llmworks.server.app import create_app
from llmworks.server.workbench import mount
from tests.server.conftest import Served, serving

pytestmark = pytest.mark.browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def bench(lm: LanguageModel) -> Iterator[Served]:
    app = create_app({"tiny": lm})
    mount(app, lm)
    with serving(app) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any, bench: Served) -> Iterator[Any]:
    """A page at 1280 × 800; an error of its script fails the test."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, bypass_csp=True)
    page.set_default_timeout(20_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(bench.url + "/#p=The%20cat&t=0.8&s=3")
    page.wait_for_selector("#next button")
    yield page
    page.close()
    assert not faults


def made(page: Any) -> list[str]:
    return [token.text_content() for token in page.locator("#strip .made b").all()]


def wait_for_made(page: Any, count: int) -> None:
    """Waits for so many tokens, and until the list of what may follow is of this place."""
    from playwright.sync_api import expect

    expect(page.locator("#strip .made")).to_have_count(count, timeout=20_000)
    expect(page.locator("#next")).to_have_attribute("aria-busy", "false", timeout=20_000)
    expect(page.locator("#step")).to_be_enabled(timeout=20_000)


def test_a_prompt_shows_its_tokens_and_what_may_follow(page: Any, lm: LanguageModel) -> None:
    ids = [small.text_content() for small in page.locator("#strip .token small").all()]
    assert ids == [str(id) for id in lm.encode("The cat")]
    assert page.locator("#next button").count() == 14
    assert page.locator("#next .picked").count() == 1
    assert page.locator("#stages li").count() == 5
    assert "falls on" in page.locator("#pick").text_content()
    assert page.locator("#model-name").text_content() == "tiny"


def test_step_force_rewind(page: Any) -> None:
    picked = page.locator("#next .picked .name").text_content()
    page.click("#step")
    wait_for_made(page, 1)
    assert made(page) == [picked]
    page.click("#step")
    wait_for_made(page, 2)
    other = page.locator("#next button:not(.picked)").nth(2)
    name = other.locator(".name").text_content()
    other.click()
    wait_for_made(page, 3)
    assert made(page)[2] == name
    assert page.locator("#strip .forced").count() == 1
    page.locator("#strip .made").nth(1).click()
    wait_for_made(page, 1)
    assert made(page) == [picked]
    page.locator("body").press("ArrowRight")
    wait_for_made(page, 2)
    page.locator("body").press("ArrowLeft")
    wait_for_made(page, 1)
    page.click("#clear")
    wait_for_made(page, 0)


def test_run_makes_what_the_engine_makes(page: Any, lm: LanguageModel) -> None:
    page.fill("#budget", "9")
    page.click("#run")
    expected = lm.generate("The cat", max_tokens=9, temperature=0.8, seed=3).ids
    wait_for_made(page, len(expected))
    ids = [int(small.text_content()) for small in page.locator("#strip .made small").all()]
    assert ids == expected
    assert "ms a token" in page.locator("#timing").text_content()


def test_pause_stops_the_run(page: Any) -> None:
    page.select_option("#pace", "250")
    page.click("#run")
    page.wait_for_selector("#strip .made")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Run", exact=True).wait_for()
    count = len(made(page))
    page.wait_for_timeout(300)
    assert len(made(page)) == count < 60


def test_knobs_change_the_candidates_and_the_address(page: Any, bench: Served) -> None:
    page.fill("#knob-top_k", "2")
    page.wait_for_selector("#next .gone")
    assert page.locator("#next button:not(.gone)").count() == 2
    page.wait_for_url(re.compile("k=2"))
    page.goto("about:blank")
    page.goto(bench.url + "/#p=Mr%20Fox&k=5&t=0")
    page.wait_for_selector("#next button")
    assert page.input_value("#prompt") == "Mr Fox"
    assert page.input_value("#knob-top_k") == "5"
    assert "Temperature 0" in page.locator("#pick").text_content()
    page.fill("#knob-top_p", "7")
    assert "From 0.01 to 1" in page.locator("#knob-top_p-says").text_content()


def test_markup_in_a_prompt_stays_text(page: Any) -> None:
    page.fill("#prompt", "<img src=x onerror=window.hacked=1><b>x</b>")
    page.wait_for_function("document.querySelectorAll('#strip .token').length > 10")
    assert page.locator("#strip img").count() == 0
    assert not page.evaluate("window.hacked === 1")


def test_a_prompt_that_is_too_long_is_explained(page: Any) -> None:
    page.fill("#prompt", "word " * 400)
    page.wait_for_selector("#problem:not([hidden])")
    assert "Shorten it" in page.locator("#problem").text_content()
    assert page.locator("#step").is_disabled()
    page.fill("#prompt", "The cat")
    page.wait_for_selector("#problem", state="hidden")
    page.wait_for_selector("#next button")


def test_chat_streams_and_shows_what_the_model_sees(page: Any) -> None:
    page.click("#tab-chat")
    page.fill("#message", "Hello <i>you</i>")
    page.check("#see")
    page.press("#message", "Enter")
    page.wait_for_selector(".turn.assistant .piece")
    page.get_by_role("button", name="Send").wait_for()
    assert page.locator(".turn.user").text_content().endswith("Hello <i>you</i>")
    page.wait_for_selector("#seen-strip .control")
    assert page.locator("#seen-strip .control b").first.text_content() == "<|im_start|>"
    page.click("#forget")
    assert page.locator(".turn").count() == 0


def test_narrow_windows_do_not_scroll_sideways(page: Any) -> None:
    for width in (360, 420, 700, 1000):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_key_is_asked_for(browser: Any, lm: LanguageModel) -> None:
    app = create_app({"tiny": lm}, api_key="open sesame")
    mount(app, lm)
    with serving(app) as served:
        page = browser.new_page()
        page.goto(served.url)
        page.fill("#key", "open sesame")
        page.press("#key", "Enter")
        page.wait_for_selector("#next button")
        page.close()


def test_a_server_that_is_gone_is_told(browser: Any, lm: LanguageModel) -> None:
    app = create_app({"tiny": lm})
    mount(app, lm)
    page = browser.new_page()
    with serving(app) as served:
        page.goto(served.url)
        page.wait_for_selector("#next button")
    page.click("#step")
    page.wait_for_selector("#problem:not([hidden])")
    assert "does not answer" in page.locator("#problem").text_content()
    page.close()


def test_what_the_card_proposes_can_be_tried(
    page: Any, lm: LanguageModel, bench: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = "---\nwidget:\n- text: The dog\n- messages:\n  - {role: user, content: Good day}\n---\n# tiny\n"
    monkeypatch.setattr(lm.package, "card", card)
    page.goto(bench.url + "/?again")
    page.wait_for_selector("#next button")
    assert [button.text_content() for button in page.locator("#starts button").all()] == ["The dog"]
    assert page.locator("#prompt").input_value() == "The dog"
    page.click("#tab-chat")
    page.locator("#talk .starts button", has_text="Good day").click()
    page.locator("#talk .assistant .piece").first.wait_for(state="attached")
    assert "Good day" in page.locator("#talk .user").text_content()
