"""Mutants of valid files, by byte and by token: each compiles or is told what is wrong, fast, without a traceback.

python tests/hostile/mutants.py [COUNT] [SEED] [PROCESSES]
"""

from __future__ import annotations

import multiprocessing
import random
import re
import sys
from collections import Counter
from pathlib import Path

from msgspec import Struct

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from hostile.guard import watched
from hostile.trial import CALLS, check_message, warm_up
from mgc.compiler.options import Options
from mgc.compiler.pipeline import compile_source
from mgc.grammar.diagnostics import ModelError
from mgc.runtime import audit
from support.counted import counted

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r"[A-Za-z_]\w*|[\d.]+(?:e-?\d+)?|\*\*|//|[<>=!]=|\n *|.", re.DOTALL)
SPICE = [
    *"()[]{}:,.=+-*/%@<>\"'#\\\n\t ;!?&|^~$`_0",
    *"** // == != <= >= -> :=".split(),
    *"def layer model op param const import return for in if else and or not range params lambda None".split(),
    *"sum mean max min prod argmax logsumexp softmax exp log relu grad detach uniform linear mlp .T".split(),
    *"0 1 -1 2 3 0.5 1e999 1e-999 9007199254740993 x y n i j W inf nan pi int float".split(),
    "\r",
    "\r\n",
    "\0",
    "\ufeff",
    "é",
    "\u202e",
    "[i for i]",
    "(x for x)",
    "[:]",
    "[-1]",
    '"""',
    "'''",
]


class Verdicts(Struct):
    """How many mutants came out how; what must not happen, with the text that did it."""

    counts: Counter[str]
    failures: list[tuple[str, str]]


def originals() -> list[str]:
    """Valid files of all kinds, and each definition of them alone."""
    folders = [ROOT / "examples", ROOT / "tests" / "compiler" / "emit" / "programs"]
    texts = [path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.glob("*.mg"))]
    parts = [part for text in texts for part in re.split(r"\n(?=def )", text) if part.strip()]
    return [*(text for text in texts if len(text) < 1500), *parts]


def mutant(texts: list[str], source: random.Random) -> bytes:
    """One to four changes to one of the texts: mostly of whole tokens, sometimes of single bytes."""
    text = source.choice(texts)
    if source.random() < 0.25:
        return _by_byte(text.encode(), source)
    tokens = TOKEN.findall(text)
    for _ in range(source.choice((1, 1, 1, 2, 2, 3, 4))):
        _change(tokens, source, texts)
    return "".join(tokens).encode("utf-8", "surrogatepass")


def _by_byte(text: bytes, source: random.Random) -> bytes:
    changed = bytearray(text)
    for _ in range(source.choice((1, 1, 2, 3))):
        place = source.randrange(len(changed) + 1)
        match source.randrange(4):
            case 0:
                changed[place : place + 1] = b""
            case 1:
                changed[place:place] = bytes([source.randrange(256)])
            case 2:
                changed[place : place + 1] = bytes([source.randrange(256)])
            case _:
                end = place + source.randrange(40)
                changed[place:place] = changed[place:end]
    return bytes(changed)


def _change(tokens: list[str], source: random.Random, texts: list[str]) -> None:
    place = source.randrange(len(tokens) + 1)
    end = min(len(tokens), place + source.choice((1, 1, 1, 2, 3, 8)))
    match source.randrange(7):
        case 0:
            del tokens[place:end]
        case 1:
            tokens[place:place] = [source.choice(SPICE)]
        case 2:
            tokens[place:end] = [source.choice(SPICE)]
        case 3 if tokens:
            tokens[place:end] = [source.choice(tokens)]
        case 4:
            tokens[place:place] = tokens[place:end]
        case 5:
            other = TOKEN.findall(source.choice(texts))
            start = source.randrange(len(other))
            tokens[place:end] = other[start : start + source.randrange(1, 9)]
        case _:
            tokens[place:end] = tokens[place:end][::-1]


def judge(text: bytes, verdicts: Verdicts) -> None:
    options = _OPTIONS[len(text) % len(_OPTIONS)]
    try:
        with counted() as calls, watched() as events:
            module = compile_source(text, "mutant.mg", options)
        if options.target == "python":
            audit.audit(module.text)
        verdict = "compiled"
    except ModelError as problem:
        try:
            check_message(problem)
            verdict = "refused"
        except AssertionError:
            verdict = "a message without a place"
    except Exception as problem:  # whatever it is, it is a bug: that is what this looks for
        verdict = f"{type(problem).__name__}: {problem}"[:100]
    if events:
        verdict = f"did {events}"
    if calls() > CALLS:
        verdict = "too much work"
    verdicts.counts[verdict if verdict in ("compiled", "refused") else "FAILED"] += 1
    if verdict not in ("compiled", "refused"):
        verdicts.failures.append((f"{verdict} with {options}", text.decode("utf-8", "backslashreplace")))


_OPTIONS = (Options(), Options(), Options(target="c"), Options(unroll=4), Options(ieee=True, accurate=True))


def run(count: int, seed: int = 0) -> Verdicts:
    """Try `count` mutants, the same ones for the same seed."""
    warm_up()
    source, texts = random.Random(seed), originals()
    verdicts = Verdicts(Counter(), [])
    for _ in range(count):
        judge(mutant(texts, source), verdicts)
    return verdicts


def main(count: int = 2_000, seed: int = 0, processes: int = 1) -> int:
    jobs = [(count // processes, seed + worker) for worker in range(processes)]
    with multiprocessing.Pool(processes) as pool:
        parts = pool.starmap(run, jobs)
    total = sum((part.counts for part in parts), Counter[str]())
    failures = [failure for part in parts for failure in part.failures]
    for verdict, text in failures[:20]:
        print(f"--- {verdict}\n{text}")
    print(dict(total))
    return bool(failures)


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
