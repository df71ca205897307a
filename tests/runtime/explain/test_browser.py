"""The pages in a browser: what lights up, what the stepper shows, and that they fit and load nothing."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import mgc
from mgc.compiler.options import Options
from mgc.runtime.explain.live import answered, verified
from mgc.runtime.explain.page import live_html
from mgc.runtime.explain.server import Server
from support.command_line import succeed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

EXAMPLES = Path(__file__).parents[3] / "examples"
CHROMIUM = shutil.which("chromium")
SWITCHES = (
    "--no-sandbox --headless --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
POINT = {"x1": 2.0, "x2": 0.0, "w1": -3.0, "w2": 1.0, "b": 6.8813735870195432}
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium here")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=SWITCHES.split())
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    given = [f"{name}={value!r}" for name, value in POINT.items()]
    arguments = {
        "neuron": [str(EXAMPLES / "neuron.mg"), *given],
        "softmax": [str(EXAMPLES / "softmax.mg"), "x=[1, -0.5, 2]", "label=1"],
        "attention": [str(EXAMPLES / "attention.mg")],
        "moons": [str(EXAMPLES / "moons.mg"), "--fn", "loss", "--data", str(EXAMPLES / "moons.csv"), "--row", "3"],
        "fused": [str(EXAMPLES / "moons.mg"), "--fn", "loss", "--style", "fused", "--no-verify"],
    }
    found = {name: folder / f"{name}.html" for name in arguments}
    for name, path in found.items():
        succeed("explain", *arguments[name], "-o", str(path))
    return found


@pytest.fixture
def opened(browser: Browser, written: dict[str, Path]) -> Iterator[Page]:
    """The neuron's page, of which nothing may be told on the console, and from which nothing may be asked."""
    yield from _opened(browser, written["neuron"])


def _opened(browser: Browser, path: Path, width: int = 1400, scheme: str = "light") -> Iterator[Page]:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri())
    yield page
    assert told == []
    page.close()


@pytest.fixture
def playing(browser: Browser) -> Iterator[Page]:
    """The page of `mgc play`, which may ask its own server alone."""
    options = {"path": "model.mg", "options": Options(), "read": None}
    answers = {"page": partial(answered, **options), "verify": partial(verified, **options)}  # type: ignore[arg-type]
    server = Server(0, live_html("def f(x, w):\n    n = x*w\n    return tanh(n)\n", "", "lesson"), answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(server.address) else told.append(request.url))
    page.goto(server.address)
    page.wait_for_selector("#forward .line")
    yield page
    assert told == []
    page.close()
    server.shutdown()
    server.server_close()


def _lit(page: Page, pane: str, name: str = "kin") -> list[str]:
    return [text.strip() for text in page.locator(f"#{pane} .{name} code").all_text_contents()]


def _held(page: Page, name: str) -> object:
    return page.evaluate("name => run.held.get(name)", name)


@pytest.mark.parametrize("name", ["neuron", "softmax", "attention", "moons", "fused"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1400, "light")])
def test_a_page_fits(browser: Browser, written: dict[str, Path], name: str, width: int, scheme: str) -> None:
    for page in _opened(browser, written[name], width, scheme):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        panes = page.locator(".pane:visible h2").all_text_contents()
        both = ["Forward and backward, in shared loops"] if name == "fused" else ["Forward", "Backward"]
        assert panes == ["Source", *both, "Mathematics", "Graph", "Verified"]
        page.evaluate("go(Math.floor(run.steps.length / 2))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_is_small(written: dict[str, Path]) -> None:
    assert written["moons"].stat().st_size < 2_000_000


def test_pointing_at_a_line_of_the_source_lights_its_kin(opened: Page) -> None:
    opened.hover("#L6")
    assert _lit(opened, "forward") == ["n = x1 * w1 + x2 * w2 + b  # line 6"]
    backward = [text.split(" = ")[0] for text in _lit(opened, "backward")]
    assert backward == ["# line 6: n", "dx1", "dx2", "dw1", "dw2", "db"]
    assert opened.locator("#graph .node.kin .name").all_text_contents() == ["n"]
    assert opened.locator("#mathematics .kin").count() == 6


def test_pointing_at_an_adjoint_lights_what_it_is_of(opened: Page) -> None:
    opened.hover(".line.code:has-text('dx1 = ')")
    assert _lit(opened, "source") == ["n = x1*w1 + x2*w2 + b"]
    assert _lit(opened, "forward") == ["n = x1 * w1 + x2 * w2 + b  # line 6"]
    assert opened.locator("#graph .node.kin .name").all_text_contents() == ["x1"]
    assert [row.split("proved")[0] for row in opened.locator("#verify .kin").all_text_contents()] == ["x1"]
    why = opened.locator("#why").inner_text()
    assert "dx1 = 0.5 * (−3)" in why
    assert "derivative of out by x1" in why


def test_a_line_that_is_held_constant_says_so(browser: Browser, written: dict[str, Path]) -> None:
    for page in _opened(browser, written["softmax"]):
        page.hover(".line.code:has-text('z_max = z[i]')")
        assert "held constant (detach): no derivative passes here" in page.locator("#why").inner_text()
        page.hover(".line.code:has-text('dz[place] -= dout')")
        assert "none flows through z_max, which is held constant (detach)" in page.locator("#why").inner_text()


def test_pointing_at_a_node_lights_where_it_is_set(opened: Page) -> None:
    opened.hover("#graph .node:has-text('tanh')")
    assert _lit(opened, "source") == ["return tanh(n)"]
    assert "out = tanh(n)  # line 7" in _lit(opened, "forward")


def test_what_the_keyboard_points_at_lights_up_too(opened: Page) -> None:
    opened.focus("#L1")
    for _ in range(5):
        opened.keyboard.press("ArrowDown")
    assert opened.evaluate("document.activeElement.id") == "L6"
    assert "db = dn  # d(u + v)/dv = 1" in _lit(opened, "backward")
    opened.keyboard.press("Enter")
    opened.hover("h1")
    assert _lit(opened, "source") == ["n = x1*w1 + x2*w2 + b"]
    opened.keyboard.press("Escape")
    assert _lit(opened, "source") == []


def test_a_link_leads_to_its_line(browser: Browser, written: dict[str, Path]) -> None:
    for page in _opened(browser, written["neuron"]):
        page.evaluate("location.hash = '#L7'")
        page.wait_for_selector("#L7.kin")


def test_the_steps_show_the_numbers_of_a_run(opened: Page) -> None:
    value, gradients = mgc.load(EXAMPLES / "neuron.mg").neuron.value_and_grad(**POINT)
    opened.click("#first")
    assert _held(opened, "n") is None
    opened.keyboard.press("ArrowRight")
    assert _held(opened, "n") == pytest.approx(0.8813735870195432)
    assert opened.locator(".line.current").inner_text().split("\n")[1].strip() == "n = x1 * w1 + x2 * w2 + b  # line 6"
    opened.keyboard.press("ArrowRight")
    assert _held(opened, "out") == value
    opened.keyboard.press("ArrowLeft")
    assert _held(opened, "out") is None
    opened.keyboard.press("End")
    assert tuple(_held(opened, f"d{name}") for name in POINT) == gradients


def test_play_reaches_the_end(opened: Page) -> None:
    opened.select_option("#pace", "60")
    opened.click("#play")
    opened.wait_for_selector("#play:text('pause')")
    opened.wait_for_selector("#play:text('play')")
    assert opened.evaluate("run.now === run.steps.length")


def test_loops_go_turn_by_turn(browser: Browser, written: dict[str, Path]) -> None:
    for page in _opened(browser, written["moons"]):
        page.evaluate("go(run.steps.findIndex(step => lineOf.get(step[0]).loops.length === 3) + 1)")
        before = page.evaluate("[...run.turns()]")
        page.keyboard.press("Shift+ArrowRight")
        assert page.evaluate("[...run.turns()]") == [*before[:2], ["k", before[2][1] + 1]]
        page.keyboard.press("]")
        assert page.evaluate("[...run.turns()].length") == 2


def test_the_page_of_moons_ends_at_its_derivatives(browser: Browser, written: dict[str, Path]) -> None:
    for page in _opened(browser, written["moons"]):
        returned = page.evaluate("page.returned")
        assert _held(page, "dW2") == returned["score.linear2.W"]
        assert _held(page, "out") == returned[""]
        page.evaluate("go(0); go(run.steps.length); go(3); go(run.steps.length)")
        assert _held(page, "dW2") == returned["score.linear2.W"]


def test_what_is_cut_off_says_so(browser: Browser, written: dict[str, Path]) -> None:
    for page in _opened(browser, written["moons"]):
        assert page.locator("#source .mark").count() == 3
        assert page.locator("#forward .mark").count() == 3
        page.evaluate("go(0)")
        page.evaluate("while (!page.code.lines.some((line) => answer(line)?.holds === false)) run.goTo(run.now + 1)")
        page.evaluate("show()")
        assert "✗ cut off" in page.locator(".line.cut .margin").first.inner_text()


def test_typing_a_mistake_shows_its_message(playing: Page) -> None:
    playing.fill("#text", "def f(x):\n    return x*yy\n")
    playing.wait_for_selector("#error:visible")
    assert "model.mg:2:14: error: unknown name 'yy'" in playing.inner_text("#error")
    assert "^^" in playing.inner_text("#error")
    playing.fill("#text", "def g(x):\n    return x**2\n")
    playing.wait_for_selector("#error", state="hidden")
    assert playing.inner_text("#title").startswith("g")


def test_a_slider_changes_the_numbers(playing: Page) -> None:
    playing.fill("input[type=text][data-name=w]", "0.5")
    playing.wait_for_selector("#point:has-text('w = 0.5')")
    playing.evaluate("document.querySelector('input[type=range][data-name=x]').value = 2")
    playing.dispatch_event("input[type=range][data-name=x]", "input")
    playing.wait_for_selector("#point:has-text('x = 2')")
    assert _held(playing, "dx") == pytest.approx(0.5 * 0.41997434161402614)
    assert playing.input_value("input[type=text][data-name=x]") == "2"


def test_the_verdict_comes_after_the_page(playing: Page) -> None:
    playing.wait_for_selector("#verdict.proved")
    assert "every value" in playing.inner_text(".findings")


def test_another_style_is_shown(playing: Page) -> None:
    playing.select_option("#style", "fused")
    playing.wait_for_selector("#backward .line:has-text('dn = 1.0 - out * out')")


def test_the_live_page_fits_a_phone(playing: Page) -> None:
    playing.set_viewport_size({"width": 390, "height": 844})
    assert playing.evaluate("document.documentElement.scrollWidth") <= 390
