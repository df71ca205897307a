"""A position in training <-> a safetensors file, whole or not at all: from it training goes on to the same bits.

The parameters stand in it under their names, so that it serves wherever parameters do; what the optimiser remembers,
and the best parameters so far, under `state/`. The header has what must be the same when it goes on: the model, the
data and how it was trained.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from typing import cast

from mgc.grammar.diagnostics import DataError, printable
from mgc.runtime.arguments import Params, checked_params
from mgc.runtime.conversion import flat
from mgc.runtime.files import read_regular, write_atomically
from mgc.runtime.training.checkpoint import MAX_FILE, STATE, TRAINING, from_safetensors, to_safetensors, usable
from mgc.runtime.training.optimisers import State
from mgc.runtime.training.training import Position, Trainer

GROUPS = ("first", "second", "best")


def save(path: str | os.PathLike[str], at: Position, trainer: Trainer) -> None:
    """Errors: DataError, for the disk."""
    groups = dict(zip(GROUPS, (at.state.first, at.state.second, at.best_parameters), strict=True))
    tensors = {**at.parameters}
    tensors |= {f"{STATE}{group}/{name}": value for group, kept in groups.items() for name, value in kept.items()}
    numbers = {"steps": at.steps, "optimiser_steps": at.state.steps, "waited": at.waited}
    losses = {"first": at.first.hex(), "best": at.best.hex()}
    metadata = {"format": TRAINING, **trainer.identity, **{name: str(n) for name, n in numbers.items()}, **losses}
    write_atomically(path, to_safetensors(tensors, metadata))


def load(path: str | os.PathLike[str], trainer: Trainer) -> Position:
    """Errors: DataError for damage, and for a checkpoint of another model, of other data, or trained in another way."""
    shown = printable(os.fspath(path))
    try:
        tensors, metadata = from_safetensors(read_regular(path, MAX_FILE))
        if metadata.get("format") != TRAINING:
            raise DataError("it holds no training to resume; --params starts from parameters")
        for what, own in trainer.identity.items():
            if metadata.get(what) != own:
                raise DataError(f"it cannot be resumed: {_difference(what, metadata.get(what), own)}")
        return _position(tensors, metadata, trainer)
    except DataError as error:
        raise DataError(f"{shown}: {error}") from None


def _difference(what: str, found: object, own: str) -> str:
    if what != "how":
        return f"the {what} {'is' if what == 'model' else 'are'} not what it was"
    try:
        before, now = json.loads(str(found)), json.loads(own)
        changed = [name for name in now if before.get(name) != now[name]]
        return f"{changed[0]} was {before.get(changed[0])}, and is {now[changed[0]]}"
    except (ValueError, AttributeError, IndexError):
        return "how it was trained is not told"


def _position(tensors: Mapping[str, object], metadata: Mapping[str, object], trainer: Trainer) -> Position:
    declared = trainer.function.model.parameters
    groups: dict[str, dict[str, object]] = {group: {} for group in ("", *GROUPS)}
    for name, value in tensors.items():
        group, _, own = name.removeprefix(STATE).partition("/") if name.startswith(STATE) else ("", "", name)
        if group not in groups:
            raise DataError(f"damaged: {printable(name)[:80]} is no part of a checkpoint")
        groups[group][own] = value
    try:
        steps, optimiser_steps, waited = (int(str(metadata[n])) for n in ("steps", "optimiser_steps", "waited"))
        loss, least = (float.fromhex(str(metadata[name])) for name in ("first", "best"))
    except (KeyError, ValueError):
        raise DataError("damaged: its header does not say where training was") from None
    if min(steps, optimiser_steps, waited) < 0 or math.isnan(least):
        raise DataError("damaged: its header does not say where training was")
    parameters, first, second, best = (_checked(groups[group], group, declared) for group in ("", *GROUPS))
    if not parameters:
        raise DataError("damaged: it has no parameters")
    state = State(optimiser_steps, first, second)
    _check_state(state, trainer.rule.start(parameters))
    if (least < math.inf) != bool(best):
        raise DataError("damaged: it has a best loss without its parameters, or they without it")
    return Position(steps, parameters, state, loss, least, best, waited)


def _checked(found: Mapping[str, object], group: str, declared: object) -> Params:
    if not found:
        return {}
    return usable(checked_params(found, cast("tuple[()]", declared)), f"{STATE}{group}/" if group else "")


def _check_state(found: State, started: State) -> None:
    """Errors: DataError for means that are not those of the optimiser, and for a mean of squares below 0."""
    for group, own, kept in (("first", started.first, found.first), ("second", started.second, found.second)):
        if own.keys() != kept.keys():
            raise DataError(f"damaged: {STATE}{group} is not what the optimiser remembers")
    if any(number < 0 for value in found.second.values() for number in flat(value)):
        raise DataError(f"damaged: {STATE}second has a mean of squares below 0")
