"""The server of `mgc play`: it answers its own page, and nobody else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from mgc.compiler.options import Options
from mgc.runtime.explain import live, run
from mgc.runtime.explain.live import Answer, Asked, Latest, answered, verified
from mgc.runtime.explain.page import live_html
from mgc.runtime.explain.server import MOST, Server

TEXT = "def f(x, w):\n    n = x*w\n    return tanh(n)\n"
QUESTION = {"text": TEXT, "function": "", "style": "lesson", "values": {"x": 2.0, "w": 0.5}}
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    act = partial(answered, path="f.mg", options=Options(), read=None)
    started = Server(0, live_html(TEXT, "", "lesson"), {"page": act})
    threading.Thread(target=started.serve_forever, daemon=True).start()
    yield started
    started.shutdown()
    started.server_close()


def _asked(server: Server, method: str, path: str, body: str = "", **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse()


def _post(server: Server, question: object) -> Any:
    response = _asked(server, "POST", f"/{server.token}/page", json.dumps(question), Content_Type="application/json")
    assert response.status == 200
    return json.loads(response.read())


def test_the_page_is_given_to_who_has_the_token(server: Server) -> None:
    response = _asked(server, "GET", f"/{server.token}/")
    assert response.status == 200
    assert "connect-src 'self'" in response.read().decode()
    near = server.token[:-1], f"{server.token}x", f"{server.token}/..", ""
    for path in ("/", "/favicon.ico", "*", f"/{server.token}", *[f"/{token}/" for token in near]):
        assert _asked(server, "GET", path).status == 404, path


def test_another_name_or_origin_gets_nothing(server: Server) -> None:
    path, body = f"/{server.token}/page", json.dumps(QUESTION)
    assert _asked(server, "GET", f"/{server.token}/", Host="evil.example").status == 404
    assert _asked(server, "POST", path, body, Origin="http://evil.example", **_underscored(JSON)).status == 404


def _underscored(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in headers.items()}


@pytest.mark.parametrize("body", ["", "{", "[]", '{"text": 1}', json.dumps({**QUESTION, "style": "other"}), "[" * 9999])
def test_what_is_no_question_is_refused(server: Server, body: str) -> None:
    assert _asked(server, "POST", f"/{server.token}/page", body, **_underscored(JSON)).status == 400


def test_a_form_of_another_page_is_refused(server: Server) -> None:
    response = _asked(server, "POST", f"/{server.token}/page", json.dumps(QUESTION), Content_Type="text/plain")
    assert response.status == 400


def test_too_long_a_question_is_refused_unread(server: Server) -> None:
    response = _asked(server, "POST", f"/{server.token}/page", "", Content_Length=str(MOST + 1), **_underscored(JSON))
    assert response.status == 413


def test_a_model_is_answered_with_its_page(server: Server) -> None:
    answer = _post(server, QUESTION)
    assert answer["functions"] == ["f"]
    assert [(one["name"], one["value"]) for one in answer["arguments"]] == [("x", 2.0), ("w", 0.5)]
    assert answer["page"]["returned"]["w"] == pytest.approx(2 * 0.41997434161402614)


def test_a_mistake_is_answered_with_its_message(server: Server) -> None:
    answer = _post(server, {**QUESTION, "text": "def f(x):\n    return x*yy\n"})
    assert answer["error"].startswith("f.mg:2:14: error: unknown name 'yy'\n")
    assert "^^" in answer["error"]


def test_arguments_that_do_not_fit_are_told(server: Server) -> None:
    assert "argument 'x'" in _post(server, {**QUESTION, "values": {"x": [1.0]}})["error"]


def test_arguments_of_another_function_are_left_out(server: Server) -> None:
    assert "page" in _post(server, {**QUESTION, "values": {"gone": 1.0}})


@pytest.mark.slow
def test_what_verify_finds_is_answered() -> None:
    found = verified(Asked("def f(x): return x*x\n", "", "lesson", {}), "f.mg", Options(), None)
    assert found["report"]["verdict"] == "proved"
    assert "error" in verified(Asked("def", "", "lesson", {}), "f.mg", Options(), None)


def test_of_the_questions_that_wait_the_last_is_answered() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def act(asked: Asked) -> Answer:
        begun.set()
        go_on.wait(10)
        return {"text": asked.text}

    latest, told = Latest(act), dict[str, Answer]()

    def ask(text: str) -> threading.Thread:
        thread = threading.Thread(target=lambda: told.update({text: latest(Asked(text, "", "lesson", {}))}))
        thread.start()
        return thread

    first = ask("first")
    assert begun.wait(10)
    others = [ask("second")]
    while latest.asked < 2:
        begun.wait(0.001)
    others.append(ask("third"))
    while latest.asked < 3:
        begun.wait(0.001)
    go_on.set()
    for thread in (first, *others):
        thread.join(10)
    assert told["first"] == {"text": "first"}
    assert told["third"] == {"text": "third"}
    assert "error" in told["second"]


@pytest.mark.parametrize(
    "text",
    [
        "def f(x): return sum(x*i for i in range(300000000))",
        "def f(x): return sum(x if x*i < 0 else 0 for i in range(300000000))",
        "def f(x): return max(x*i for i in range(300000000))",
    ],
)
def test_a_model_that_takes_for_ever_is_answered(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MAX_RUN", 1000)
    for act in (answered, verified):
        answer = act(Asked(text, "", "fused", {"x": 2.0}), "f.mg", Options(), None)
        assert answer == {"error": "f takes more than 1,000 steps here: take smaller arguments or loops"}


def test_an_array_beyond_memory_is_told() -> None:
    answer = answered(Asked("def f(x): return [x*i for i in range(10**15)]", "", "fused", {}), "f.mg", Options(), None)
    assert answer == {"error": "f has an array that is too large for the memory of this machine"}


def test_a_derivative_that_takes_for_ever_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MAX_RUN", 100)
    text = "def f(x): return sum(x*i for i in range(40))"
    found = answered(Asked(text, "", "lesson", {"x": 2.0}), "f.mg", Options(), None)["page"]["run"]
    assert found["failure"] == "f takes more than 100 steps here: take smaller arguments or loops"
    assert found["steps"]
