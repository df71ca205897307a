"""A link of a page to a file of the repository -> a copy of that file in the site.

`[spec.py](../compiler/graph/spec.py)`, which works where the repository is read, becomes a link to
`files/compiler/graph/spec.py.txt`.
"""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
OUTSIDE = re.compile(r"\]\(\.\./([^)#]+)(?:#[^)]*)?\)")


def place(path: str) -> str:
    return f"files/{path}.txt"


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for page in files.documentation_pages():
        for path in OUTSIDE.findall(page.content_string):
            if place(path) not in files.src_uris:
                files.append(File.generated(config, place(path), abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    return OUTSIDE.sub(lambda found: f"]({place(found[1])})", markdown)
