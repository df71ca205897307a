"""mgc: small model files in, plain functions with exact derivatives out.

>>> import mgc
>>> mgc.loads("def square(x): return x*x").square.value_and_grad(3.0)
(9.0, (6.0,))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mgc.grammar.diagnostics import DataError, ModelError, ModelWarning
    from mgc.micrograd.tracing import trace
    from mgc.runtime.load import load, loads
    from mgc.runtime.model import Function, Model
    from mgc.runtime.native.model import open_library
    from mgc.runtime.training.how import How
    from mgc.runtime.training.training import Trainer, train

__all__ = [
    "DataError",
    "Function",
    "How",
    "Model",
    "ModelError",
    "ModelWarning",
    "Trainer",
    "__version__",
    "load",
    "loads",
    "open_library",
    "trace",
    "train",
]
__version__ = "0.1.0"  # importlib.metadata costs as much as starting Python; a test compares this with pyproject.toml

_HOME = {
    "load": "mgc.runtime.load",
    "loads": "mgc.runtime.load",
    "open_library": "mgc.runtime.native.model",
    "Model": "mgc.runtime.model",
    "Function": "mgc.runtime.model",
    "ModelError": "mgc.grammar.diagnostics",
    "ModelWarning": "mgc.grammar.diagnostics",
    "DataError": "mgc.grammar.diagnostics",
    "load_ipython_extension": "mgc.notebook",  # `%load_ext mgc` asks for this name
    "trace": "mgc.micrograd.tracing",
    "How": "mgc.runtime.training.how",
    "Trainer": "mgc.runtime.training.training",
    "train": "mgc.runtime.training.training",
}


def __getattr__(name: str) -> object:
    """Public names are loaded when first used (PEP 562), so that `import mgc` costs next to nothing."""
    if name not in _HOME:
        raise AttributeError(f"module 'mgc' has no attribute {name!r}")
    from mgc.compiler.collector import without_collector

    with without_collector():
        return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
