"""The notebook runs from the top in a process of its own, and shows what is written in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "examples" / "micrograd.ipynb"


def shown(notebook: dict[str, Any]) -> list[str]:
    """Of each cell the text that it prints, in however many pieces it came, and of its value."""
    return ["".join(map(text, cell["outputs"])) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def text(output: dict[str, Any]) -> str:
    return "".join(output.get("text", output.get("data", {}).get("text/plain", "")))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the kernel's libraries
def test_the_notebook_shows_what_happens() -> None:
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    written = nbformat.read(NOTEBOOK, as_version=4)
    ran = nbformat.read(NOTEBOOK, as_version=4)
    nbclient.NotebookClient(ran, timeout=600, resources={"metadata": {"path": str(NOTEBOOK.parent)}}).execute()
    assert shown(ran) == shown(written)


def test_no_cell_of_the_notebook_failed() -> None:
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    kinds = [output["output_type"] for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert set(kinds) == {"stream", "execute_result"}
