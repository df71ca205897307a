"""PyTorch: eager, and `torch.compile` of `grad_and_value`; steps with `torch.optim.SGD`."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import torch

from benchmarks.peers import Made, formulas
from benchmarks.works import RATE, STEPS, Work

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def made(work: Work) -> dict[str, Made]:
    formula = functools.partial(getattr(formulas, work.name), torch)
    params, data = _tensors(work)
    plain = tuple([p.detach() for p in params])
    torch._dynamo.reset()  # no function remembers the shapes of another work
    compiled = torch.compile(torch.func.grad_and_value(formula), dynamic=False)

    def eager() -> Any:
        value = formula(params, *data)
        return value, torch.autograd.grad(value, params)

    return {
        "PyTorch": Made(eager, lambda found: (found[0].item(), found[1])),
        "PyTorch, compiled": Made(lambda: compiled(plain, *data), lambda found: (found[1].item(), found[0])),
    }


def steps(work: Work) -> dict[str, Made]:
    formula = functools.partial(getattr(formulas, work.name), torch)
    params, data = _tensors(work)
    start = [p.detach().clone() for p in params]
    optimizer = torch.optim.SGD(params, lr=RATE)

    def train() -> Any:
        with torch.no_grad():
            for p, first in zip(params, start, strict=True):
                p.copy_(first)
        for _ in range(STEPS):
            optimizer.zero_grad()
            value = formula(params, *data)
            value.backward()
            optimizer.step()
        return value, params

    return {"PyTorch": Made(train, lambda found: (found[0].item(), [p.detach() for p in found[1]]))}


def _tensors(work: Work) -> tuple[Sequence[Any], Sequence[Any]]:
    return [torch.tensor(p, requires_grad=True) for p in work.params], [torch.tensor(part) for part in work.data]
