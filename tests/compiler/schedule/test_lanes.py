"""The pass that takes several turns of a loop at once: which loops it takes, and why it leaves others."""

from __future__ import annotations

import pytest

from mgc.compiler import pipeline
from mgc.compiler.options import Options
from mgc.compiler.schedule.lanes import blocks
from mgc.compiler.schedule.lanes.blocks import in_lanes, refusals
from mgc.compiler.schedule.loopnest import For, Lanes, LoopNest, walk

SCORE = "def f(W[h, d], x[n, d]): return sum(tanh(W @ x[i])**2 for i)"


def nest(text: str, place: int = 0) -> LoopNest:
    """Of the value, or (1) of value and derivatives."""
    return pipeline.run(text, "model.mg", Options(), until="schedule").functions[0].nests[place]


def test_a_loop_over_samples_is_in_lanes_and_the_rest_is_as_it_was() -> None:
    before = nest(SCORE)
    after = in_lanes(before)
    assert in_lanes(before).name == before.name
    assert not any(isinstance(item, Lanes) for item in walk(before.body))
    (lanes,) = [item for item in after.body if isinstance(item, Lanes)]
    assert lanes.rest in before.body
    assert not refusals(before)


def test_a_loop_that_adds_to_neighbouring_entries_gains_by_lanes() -> None:
    text = "def f(x[n]): return sum(100*(x[i + 1] - x[i]**2)**2 + (1 - x[i])**2 for i in range(n - 1))"
    assert not refusals(nest(text, 1))


def test_the_text_of_a_block() -> None:
    text = "def f(w, x[n], y[n]): return sum((w*x[i] + 1)**2 if y[i] > 0 else w for i)"
    made = pipeline.compile_source(text, "model.mg", Options(target="c", lanes=True)).text
    block = made[made.index("        int64_t i = 0;") :]
    assert block[: block.index("        for (; i < n; i++)")].splitlines() == [
        "        int64_t i = 0;",
        "#if MGC_LANES",
        "        if (i + MGC_LANES <= n) {",
        "            mgc_lanes part_of_out = mgc_each(0.0);",
        "            for (; i + MGC_LANES <= n; i += MGC_LANES) {",
        "                mgc_lanes out_sum = mgc_each(0.0);",
        "                const mgc_masks mask = mgc_load(&y[i]) > 0.0;",
        "                if (mgc_any(mask)) {",
        "                    out_sum = mgc_select(mask, w * mgc_load(&x[i]) + 1.0, out_sum);  /* line 1 */",
        "                }",
        "                part_of_out += mgc_select(mgc_load(&y[i]) > 0.0, out_sum * out_sum, mgc_each(w));",
        "            }",
        "            out_total += mgc_total(part_of_out);",
        "        }",
        "#endif",
    ]
    assert "MGC_LANES" not in pipeline.compile_source(text, "model.mg", Options(target="c")).text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "def f(x[n]): return prod(exp(x[i])*sin(x[i]) for i)",
            "what a turn makes of a variable depends on other turns",
        ),
        ("def f(x[n], m[n]: int): return sum(sin(x[i]*k) for i for k in range(m[i]))", "how often an inner loop turns"),
        ("def f(x[4]): return sum(exp(x[i])*sin(x[i]) for i)", "it has few turns"),
        ("def f(x[n]): return sum(x[i] for i)", "it would gain little"),
        ("def f(x[n], k[n]: int): return sum(exp(x[i])*sin(x[i])*(k[i] // k[0]) for i)", "an integer may overflow"),
    ],
)
def test_why_a_loop_is_left(text: str, reason: str) -> None:
    before = nest(text)
    assert in_lanes(before) == before
    assert all(isinstance(item, For) for item in before.body if isinstance(item, For | Lanes))
    assert any(why.startswith(reason) for why in refusals(before).values()), refusals(before)


def test_a_long_loop_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MOST", 5)
    assert refusals(nest(SCORE)) == {1: "it is long"}
