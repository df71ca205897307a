"""A page's data -> one HTML file that needs nothing else: the style, the script and the data stand in it.

What comes from a model stands in the data alone, as JSON in which no character can end an element; the script
writes it as text. The policy lets the browser load nothing, and run no script but this.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
from collections.abc import Mapping, Sequence
from importlib.resources import files

from msgspec import Struct

from mgc.compiler.verify.findings import Findings
from mgc.runtime.explain.data import Page
from mgc.runtime.explain.run import Step

SCRIPTS = "base.js", "run.js", "panes.js", "graph.js", "kin.js", "why.js", "main.js"
STRICT = '"use strict";\n'
_HARMLESS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def html_of(page: Page) -> str:
    """The whole file."""
    return _filled(f"{page.function} of {page.path}", plain(page), SCRIPTS, "")


def live_html(text: str, function: str, style: str) -> str:
    """The page of `mgc play`: it asks the server that it comes from, and nobody else, for what it shows."""
    data = {"text": text, "function": function, "style": style}
    return _filled("mgc play", data, ("play.js", *SCRIPTS), "; connect-src 'self'")


def _filled(title: str, data: object, scripts: Sequence[str], more_policy: str) -> str:
    folder = files("mgc.runtime.explain")
    style = (folder / "page.css").read_text(encoding="utf-8")
    script = STRICT + "".join((folder / name).read_text(encoding="utf-8") for name in scripts)
    frame = (folder / "page.html").read_text(encoding="utf-8")
    policy = f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'{more_policy}"
    parts = {
        "POLICY": policy,
        "TITLE": html.escape(title),
        "STYLE": style,
        "DATA": embedded(data),
        "SCRIPT": script,
    }
    whole = ""
    for name, text in parts.items():  # in the order of the frame: what is filled in is not looked through again
        before, mark, frame = frame.partition(f"%{name}%")
        assert mark, name
        whole += before + text
    return whole + frame


def embedded(data: object) -> str:
    """What `plain` gives as JSON that may stand in an element."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return "".join([_HARMLESS.get(character, character) for character in text])


def plain(value: object) -> object:
    """What JSON has: structs as objects, but a run's steps as rows; 'nan', 'inf' and '-inf' for what it lacks."""
    if isinstance(value, Findings):
        return findings(value)
    if isinstance(value, Struct):
        fields = {name: plain(getattr(value, name)) for name in value.__struct_fields__}
        return list(fields.values()) if isinstance(value, Step) else fields
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    assert value is None or isinstance(value, bool | int | str), type(value)
    return value


def findings(found: Findings) -> object:
    """What verify found of the function, in the words of its report."""
    from mgc.compiler.verify.report import rendering

    [function] = found.functions
    return {
        "verdict": function.verdict,
        "title": rendering.title(function).rpartition(" (")[0],  # without the seconds: the same page for the same model
        "remarks": list(rendering.remarks(function)),
        "rows": [
            {"variable": row.variable, "verdict": row.verdict, "method": row.method, "role": row.role, "note": row.note}
            for row in function.rows
        ],
        "kinks": [
            {"source": kink.source_line, "line": kink.line, "condition": kink.condition, "said": said}
            for kink in function.kinks
            for said in rendering.kink_lines([kink])
        ],
        "falsehoods": [
            {"source": one.source_line, "line": one.line, "said": rendering.falsehood_text(one, found.path)}
            for one in function.falsehoods
        ],
        "notes": list(function.notes),
    }


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
