"""`mgc explain` and `mgc play`: what they write and serve, and what they refuse."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from support.command_line import MGC, run, succeed

EXAMPLES = Path(__file__).parents[2] / "examples"


def _data(path: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', Path(path).read_text(), re.DOTALL)
    assert found
    return json.loads(found[1])


def test_explain_writes_a_page_in_the_style_of_a_lesson() -> None:
    assert succeed("explain", str(EXAMPLES / "neuron.mg"), "x1=2", "--no-verify") == "wrote neuron.html\n"
    data = _data("neuron.html")
    assert (data["style"], data["function"], data["report"]) == ("lesson", "neuron", None)
    assert data["drawn"] == ["x2", "w1", "w2", "b"]
    assert data["given"][0] == {"name": "x1", "said": "x1", "value": 2.0}


@pytest.mark.slow
def test_explain_has_what_verify_finds() -> None:
    Path("f.mg").write_text("def f(x): return relu(x)\n")
    succeed("explain", "f.mg", "x=0", "--style", "fused")
    data = _data("f.html")
    assert data["report"]["verdict"] == "proved"
    assert [kink["condition"] for kink in data["report"]["kinks"]] == ["x = 0"]
    assert data["style"] == "fused"


def test_explain_takes_a_row_of_data() -> None:
    arguments = "explain", str(EXAMPLES / "moons.mg"), "--fn", "loss", "--data", str(EXAMPLES / "moons.csv")
    succeed(*arguments, "--row", "3", "--no-verify", "-o", "m.html")
    given = {one["said"]: one["value"] for one in _data("m.html")["given"]}
    assert (len(given["X"]), len(given["y"])) == (1, 1)
    rows = (EXAMPLES / "moons.csv").read_text().splitlines()
    assert given["X"][0][0] == float(rows[4].split(",")[0])
    refused = run(*arguments, "--row", "100000")
    assert refused.exit_code == 1
    assert "there is no row 100000" in refused.stderr


def test_explain_asks_which_function() -> None:
    refused = run("explain", str(EXAMPLES / "moons.mg"))
    assert refused.exit_code == 2
    assert "--fn" in refused.stderr


def test_explain_overwrites_only_its_own() -> None:
    Path("f.mg").write_text("def f(x): return x*x\n")
    succeed("explain", "f.mg", "--no-verify", "-o", "p.html")
    succeed("explain", "f.mg", "--no-verify", "-o", "p.html")
    Path("p.html").write_text("<p>mine</p>")
    refused = run("explain", "f.mg", "-o", "p.html")
    assert (refused.exit_code, Path("p.html").read_text()) == (1, "<p>mine</p>")
    assert "--force" in refused.stderr
    assert run("explain", "f.mg", "-o", "f.mg").exit_code == 1
    succeed("explain", "f.mg", "--no-verify", "-o", "p.html", "--force")


@pytest.mark.slow
def test_play_serves_a_page_until_it_is_interrupted() -> None:
    Path("f.mg").write_text("def f(x): return x*x\n")
    command = [*MGC, "play", "f.mg", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", address)
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert b"def f(x): return x*x" in answer.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_play_says_that_a_port_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("play", "--no-browser", "--port", str(port))
    assert refused.exit_code == 1
    assert f"cannot listen at port {port}" in refused.stderr


def test_play_says_that_a_file_is_no_text() -> None:
    Path("f.mg").write_bytes(b"def f(x): return \xff\n")
    refused = run("play", "f.mg", "--no-browser")
    assert (refused.exit_code, refused.stderr) == (1, "error: f.mg is not a text file in UTF-8\n")
