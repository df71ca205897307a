"""The page of `mgc play`, served on this machine alone: its address holds a token that nobody can guess.

Whoever lacks the token, comes by another name than this machine's, or sends what is no JSON of a page, gets nothing.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mgc.grammar.diagnostics import DataError
from mgc.runtime.explain.live import Answer, Asked, asked
from mgc.runtime.files import MODEL_BYTES

HOST = "127.0.0.1"
MOST = MODEL_BYTES + 2**20  # bytes of a question: a model, and its arguments


class Server(ThreadingHTTPServer):
    """`page` is what is shown at first, `answers` what is said to a question, by the last part of its address."""

    daemon_threads = True

    def __init__(self, port: int, page: str, answers: Mapping[str, Callable[[Asked], Answer]]) -> None:
        super().__init__((HOST, port), _Handler)
        self.page, self.answers = page.encode("utf-8"), answers
        self.token = secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}/{self.token}/"


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 30  # seconds that half a question is waited for

    def do_GET(self) -> None:
        if self.refused():
            return
        if self.path != f"/{self.server.token}/":
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        self.give(self.server.page, "text/html; charset=utf-8")

    def do_POST(self) -> None:
        if self.refused():
            return
        answer = self.server.answers.get(self.asked_for())
        length = self.headers.get("Content-Length", "")
        if answer is None or self.headers.get("Content-Type") != "application/json" or not length.isdecimal():
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        if int(length) > MOST:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        try:
            question = asked(json.loads(self.rfile.read(int(length))))
        except (ValueError, RecursionError, DataError):
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        self.give(json.dumps(answer(question), allow_nan=False).encode("utf-8"), "application/json")

    def refused(self) -> bool:
        """Whether the request is none of our page's: another name of the machine, another origin, another token."""
        own = f"{HOST}:{self.server.server_port}"
        foreign = self.headers.get("Host") != own or self.headers.get("Origin", f"http://{own}") != f"http://{own}"
        token = self.path.lstrip("/").partition("/")[0].encode("utf-8", "replace")
        if foreign or not hmac.compare_digest(token, self.server.token.encode()):
            self.send_error(HTTPStatus.NOT_FOUND)
            return True
        return False

    def asked_for(self) -> str:
        """What follows the token in the address."""
        return self.path.lstrip("/").partition("/")[2]

    def give(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the base class's name
        """Nothing: the terminal is the user's."""
