"""JAX: `jit` of `value_and_grad`, and a `fori_loop` of steps in one call, in double precision."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp

from benchmarks.peers import Made, formulas
from benchmarks.works import RATE, STEPS, Work

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_cpu_enable_async_dispatch", False)  # on one core a hand-over to another thread only costs
XP = SimpleNamespace(**{**vars(jnp), "relu": jax.nn.relu, "logsumexp": jax.nn.logsumexp})


def made(work: Work) -> dict[str, Made]:
    formula = functools.partial(getattr(formulas, work.name), XP)
    params, data = jax.device_put((work.params, work.data))
    function = jax.jit(jax.value_and_grad(formula))
    return {"JAX": Made(lambda: jax.block_until_ready(function(params, *data)))}


def steps(work: Work) -> dict[str, Made]:
    loss = jax.value_and_grad(functools.partial(getattr(formulas, work.name), XP))
    start, data = jax.device_put((work.params, work.data))

    def step(_: Any, state: Any) -> Any:
        value, grads = loss(state[1], *data)
        return value, jax.tree.map(lambda p, g: p - RATE * g, state[1], grads)

    function = jax.jit(lambda params: jax.lax.fori_loop(0, STEPS, step, (0.0, params)))
    return {"JAX": Made(lambda: jax.block_until_ready(function(start)))}
