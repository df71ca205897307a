"""The commands -> what `mgc COMMAND --help` prints, a section each, in `commands.md`."""

from __future__ import annotations

from click.testing import CliRunner
from mkdocs.structure.pages import Page

from mgc.cli.main import COMMANDS, cli


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    if page.file.src_uri != "commands.md":
        return markdown
    return markdown.partition("<!--")[0] + "\n".join(section(name) for name in COMMANDS)


def section(name: str) -> str:
    told = CliRunner().invoke(cli, [name, "--help"], prog_name="mgc", terminal_width=80)
    return f"## mgc {name}\n\n```text\n{told.output}```\n"
