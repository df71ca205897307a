"""A page's data -> one HTML file that needs nothing else: the style, the script and the data stand in it.

What comes from a model stands in the data alone, as JSON in which no character can end an element; the script
writes it as text. The policy lets the browser load nothing, and run no script but this.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import html
import json
import math
from collections.abc import Mapping
from importlib.resources import files

from mgc.compiler.verify.findings import Findings
from mgc.runtime.explain.data import Page
from mgc.runtime.explain.run import Step

SCRIPTS = "base.js", "run.js", "panes.js", "graph.js", "kin.js", "why.js", "main.js"
_HARMLESS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def html_of(page: Page) -> str:
    """The whole file."""
    folder = files("mgc.runtime.explain")
    style = (folder / "page.css").read_text(encoding="utf-8")
    script = "".join((folder / name).read_text(encoding="utf-8") for name in SCRIPTS)
    frame = (folder / "page.html").read_text(encoding="utf-8")
    parts = {
        "TITLE": html.escape(f"{page.function} of {page.path}"),
        "POLICY": f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'",
        "STYLE": style,
        "SCRIPT": script,
        "DATA": embedded(page),
    }
    for name, text in parts.items():
        before, mark, after = frame.partition(f"%{name}%")
        assert mark, name
        frame = before + text + after
    return frame


def embedded(page: Page) -> str:
    """The data as JSON that may stand in an element."""
    text = json.dumps(plain(page), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return "".join([_HARMLESS.get(character, character) for character in text])


def plain(value: object) -> object:
    """What JSON has: dataclasses as objects, but a run's steps as rows; 'nan', 'inf' and '-inf' for what it lacks."""
    if isinstance(value, Findings):
        return findings(value)
    if dataclasses.is_dataclass(value):
        fields = {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
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
        "title": rendering.title(function),
        "remarks": list(rendering.remarks(function)),
        "rows": [
            {"variable": row.variable, "verdict": row.verdict, "method": row.method, "role": row.role, "note": row.note}
            for row in function.rows
        ],
        "kinks": [
            {"source": kink.source_line, "variable": kink.variable, "condition": kink.condition, "said": said}
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
