"""Node tests of ONNX (`onnx_nodes`) as models: one entry of the result, written with indices, for every index.

>>> print(model({"op": "ReduceSum", "attrs": {"keepdims": 0}, "input_names": ["data", "axes"],
...     "inputs": [{"shape": [3, 2], "data": []}, {"shape": [1], "data": [1]}], "outputs": [{"shape": [3]}]}), end="")
def node(a[3, 2]):
    return [sum(a[i0, k1] for k1 in range(2)) for i0 in range(3)]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]

# The entry of the result from those of the inputs (a, b, c), and attributes by their names.
ELEMENTWISE: Mapping[str, str] = {
    "Abs": "abs({a})",
    "Acosh": "acosh({a})",
    "And": "1 if {a} != 0 and {b} != 0 else 0",
    "Atanh": "atanh({a})",
    "Celu": "relu({a}) + min({alpha}*expm1({a} / {alpha}), 0)",
    "Clip abc": "clip({a}, {b}, {c})",
    "Clip ab": "max({a}, {b})",
    "Clip ac": "min({a}, {c})",
    "Clip a": "{a}",
    "Cosh": "cosh({a})",
    "Div": "{a} / {b}",
    "Exp": "exp({a})",
    "Gelu None": "gelu({a})",
    "Gelu tanh": "0.5*{a}*(1 + tanh(sqrt(2/pi)*({a} + 0.044715*{a}**3)))",
    "Greater": "1 if {a} > {b} else 0",
    "GreaterOrEqual": "1 if {a} >= {b} else 0",
    "HardSigmoid": "clip({alpha}*{a} + {beta}, 0, 1)",
    "HardSwish": "{a}*clip({a} / 6 + 0.5, 0, 1)",
    "Mod 0": "{a} % {b}",
    "Mod 1": "fmod({a}, {b})",
    "Mul": "{a}*{b}",
    "Neg": "-{a}",
    "Not": "0 if {a} != 0 else 1",
    "PRelu": "{a} if {a} >= 0 else {b}*{a}",
    "Round": "round({a})",
    "Selu": "{gamma}*elu({a}, {alpha})",
    "Sign": "sign({a})",
    "Sin": "sin({a})",
    "Softplus": "softplus({a})",
    "Sqrt": "sqrt({a})",
    "Sub": "{a} - {b}",
    "Tanh": "tanh({a})",
    "ThresholdedRelu": "{a} if {a} > {alpha} else 0",
    "Where": "{b} if {a} != 0 else {c}",
    "Xor": "0 if {a} == {b} else 1",
}
# The same for a reduction of the first input over `for`.
REDUCTIONS: Mapping[str, str] = {
    "ReduceL1": "sum(abs({a}) for {k})",
    "ReduceL2": "sqrt(sum({a}**2 for {k}))",
    "ReduceLogSum": "log(sum({a} for {k}))",
    "ReduceMax": "max({a} for {k})",
    "ReduceMean": "mean({a} for {k})",
    "ReduceMin": "min({a} for {k})",
    "ReduceSum": "sum({a} for {k})",
}
# And for an entry of the first input (a) beside all of those along some axes (z), with the other inputs' entries.
ALONG: Mapping[str, str] = {
    "LogSoftmax": "{a} - logsumexp({z} for {k})",
    "LpNormalization 1": "{a} / max(sum(abs({z}) for {k}), 1e-30)",
    "LpNormalization 2": "{a} / max(sqrt(sum({z}**2 for {k})), 1e-30)",
    "RMSNormalization": "{a} / sqrt(mean({z}**2 for {k}) + {epsilon})*{b}",
    "InstanceNormalization": "({a} - mean({z} for {k})) / sqrt(mean({z}**2 for {k}) - mean({z} for {k})**2 + {epsilon})"
    "*b[i1] + c[i1]",
    "MeanVarianceNormalization": "({a} - mean({z} for {k})) / sqrt(mean({z}**2 for {k}) - mean({z} for {k})**2)",
}
DEFAULTS: Mapping[str, Mapping[str, float]] = {
    "HardSigmoid": {"alpha": 0.2, "beta": 0.5},
    "Selu": {"alpha": 1.6732632423543772, "gamma": 1.0507009873554805},
    "ThresholdedRelu": {"alpha": 1.0},
    "RMSNormalization": {"epsilon": 1e-5},
    "InstanceNormalization": {"epsilon": 1e-5},
}
EINSUM: Mapping[str, str] = {
    "ij->ji": "a[i1, i0]",
    "ij->i": "sum(a[i0, j] for j in range(4))",
    "...ii ->...i": "a[i0, i1, i1]",
    "i,i": "sum(a[j]*b[j] for j in range(5))",
    "bij, bjk -> bik": "sum(a[i0, i1, j]*b[i0, j, i2] for j in range(3))",
    "->": "a",
}
REASONS: Mapping[str, str] = {
    **dict.fromkeys(["Split", "Squeeze", "Unsqueeze", "Tile", "ConstantOfShape"], "moves numbers and computes none"),
    **dict.fromkeys(["Adagrad", "Momentum"], "a step of an optimiser: the runtime has its own"),
    "ArgMax": "its result is an index and has no derivative",
    "IsInf": "asks how a number is represented",
    "GroupNormalization": "reshapes before it computes",
}


class NotWritten(Exception):
    """The operator has no model here; the message says why."""


def model(row: Row) -> str:
    """The model's text. Errors: NotWritten."""
    if row["op"] in REASONS:
        raise NotWritten(REASONS[row["op"]])
    shape = row["outputs"][0]["shape"]
    indices = [f"i{place}" for place in range(len(shape))]
    entry = result(row, indices)
    declared = ", ".join(declaration(name, given) for name, given in arguments(row).items())
    return f"def node({declared}):\n    return {f'[{entry} for {clauses(indices, shape)}]' if shape else entry}\n"


def arguments(row: Row) -> dict[str, Any]:
    """The inputs that are numbers, as a, b, c and so on by their place."""
    names = [name for name in row["input_names"] if name not in ("axes", "axis")]
    given = dict(inputs(row))
    return {letter: given[name] for letter, name in zip("abcdef", names, strict=False) if name}


def inputs(row: Row) -> list[tuple[str, Any]]:
    """Names and arrays; an input that is left out has no name."""
    given = iter(row["inputs"])
    return [(name, next(given)) for name in row["input_names"] if name]


def declaration(name: str, given: Row) -> str:
    sizes = ", ".join(map(str, given["shape"]))
    return (f"{name}[{sizes}]" if sizes else name) + (": int" if "int" in given.get("dtype", "") else "")


def clauses(names: Sequence[str], sizes: Sequence[int]) -> str:
    return " for ".join(f"{name} in range({size})" for name, size in zip(names, sizes, strict=True))


def entry_of(name: str, shape: Sequence[int], indices: Sequence[str]) -> str:
    """The entry that some indices ask for: aligned at the last axes, a size of 1 stretched."""
    aligned = indices[len(indices) - len(shape) :]
    places = ["0" if size == 1 else place for size, place in zip(shape, aligned, strict=True)]
    return f"{name}[{', '.join(places)}]" if shape else name


def result(row: Row, indices: Sequence[str]) -> str:
    """One entry of the result."""
    op, given = row["op"], arguments(row)
    fits = {name: entry_of(name, x["shape"], indices) for name, x in given.items() if len(x["shape"]) <= len(indices)}
    values = {**DEFAULTS.get(op, {}), **row["attrs"]}
    variants = {"Clip": f" {''.join(fits)}", "Mod": f" {values.get('fmod')}", "Gelu": f" {values.get('approximate')}"}
    variant = variants.get(op, "")
    if op + variant in ELEMENTWISE:
        return ELEMENTWISE[op + variant].format(**fits, **values)
    if op in FURTHER:
        return FURTHER[op](row, indices, fits)
    axes = reduced(row)
    sizes = [given["a"]["shape"][axis] for axis in axes]
    names = [f"k{axis}" for axis in axes]
    if op in REDUCTIONS:
        inside = iter(indices)
        kept = row["attrs"].get("keepdims", 1)
        places = []
        for axis in range(len(given["a"]["shape"])):
            place = next(inside) if kept or axis not in axes else ""
            places.append(f"k{axis}" if axis in axes else place)
        entry = f"a[{', '.join(places)}]"
        return REDUCTIONS[op].format(a=entry, k=clauses(names, sizes)) if axes else entry
    places = [f"k{axis}" if axis in axes else index for axis, index in enumerate(indices)]
    power = f" {values.get('p', 2)}" if op == "LpNormalization" else ""
    return ALONG[op + power].format(**fits, z=f"a[{', '.join(places)}]", k=clauses(names, sizes), **values)


def reduced(row: Row) -> list[int]:
    """The axes that are summed or averaged over."""
    op, count = row["op"], len(arguments(row)["a"]["shape"])
    if op == "InstanceNormalization":
        return list(range(2, count))
    if op == "MeanVarianceNormalization":
        return [0, 2, 3]
    if op == "RMSNormalization":
        return list(range(row["attrs"].get("axis", -1) % count, count))
    if op in ("LogSoftmax", "LpNormalization"):
        return [row["attrs"].get("axis", -1) % count]
    named = [x["data"] for name, x in inputs(row) if name == "axes"]
    chosen = named[0] if named else []
    if not chosen and row["attrs"].get("noop_with_empty_axes"):
        return []
    return sorted(axis % count for axis in chosen) or list(range(count))


def scan(row: Row, indices: Sequence[str], _: Mapping[str, str]) -> str:
    """A sum or product of what stands before an index, or behind it."""
    (axis,) = (x["data"][0] for name, x in inputs(row) if name == "axis")
    place = indices[axis % len(indices)]
    size = arguments(row)["a"]["shape"][axis]
    own = 0 if row["attrs"].get("exclusive") else 1
    within = f"range({place} + {1 - own}, {size})" if row["attrs"].get("reverse") else f"range({place} + {own})"
    entry = f"a[{', '.join('k' if index == place else index for index in indices)}]"
    return f"{'sum' if row['op'] == 'CumSum' else 'prod'}({entry} for k in {within})"


def product(row: Row, indices: Sequence[str], fits: Mapping[str, str]) -> str:
    """alpha * A @ B + beta * C, either of them transposed."""
    attributes, a = row["attrs"], arguments(row)["a"]["shape"]
    left = "a[k, i0]" if attributes.get("transA") else "a[i0, k]"
    right = "b[i1, k]" if attributes.get("transB") else "b[k, i1]"
    inner = f"sum({left}*{right} for k in range({a[0] if attributes.get('transA') else a[1]}))"
    bias = f" + {attributes.get('beta', 1)}*{fits['c']}" if "c" in fits else ""
    return f"{attributes.get('alpha', 1)}*{inner}{bias}"


def determinant(row: Row, indices: Sequence[str], _: Mapping[str, str]) -> str:
    head = "".join(f"{index}, " for index in indices)
    return f"a[{head}0, 0]*a[{head}1, 1] - a[{head}0, 1]*a[{head}1, 0]"


def gathered(row: Row, indices: Sequence[str], _: Mapping[str, str]) -> str:
    axis, width = row["attrs"]["axis"], len(arguments(row)["b"]["shape"])
    size = arguments(row)["a"]["shape"][axis]
    found = f"b[{', '.join(indices[axis : axis + width])}] % {size}"
    return f"a[{', '.join([*indices[:axis], found, *indices[axis + width :]])}]"


def added(row: Row, indices: Sequence[str], fits: Mapping[str, str]) -> str:
    return " + ".join(fits.values())


def largest(row: Row, indices: Sequence[str], fits: Mapping[str, str]) -> str:
    text, *rest = fits.values()
    for entry in rest:
        text = f"max({text}, {entry})"
    return text


FURTHER: Mapping[str, Callable[[Row, Sequence[str], Mapping[str, str]], str]] = {
    "CumSum": scan,
    "CumProd": scan,
    "Gemm": product,
    "Det": determinant,
    "Gather": gathered,
    "Sum": added,
    "Max": largest,
    "Einsum": lambda row, indices, fits: EINSUM[row["attrs"]["equation"]],
}
