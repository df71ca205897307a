"""One small model that the tests of the runtime and of the command line share."""

from __future__ import annotations

from mgc.runtime.conversion import Nested

MODEL = '''# fit.mg: a neuron, an array result, and a line through points
def neuron(x1, x2, w1, w2, b):
    """A neuron."""
    n = x1*w1 + x2*w2 + b
    return tanh(n)

def logs(x[n]):
    return log(x)

model fit(x[2]):
    param w = uniform(-1, 1)
    param b[2] = uniform(-1, 1)
    return w*x[0] + b[0] + b[1]*x[1]

def loss(X[n, 2], y[n]):
    """The mean squared error."""
    return mean((fit(X[i]) - y[i])**2 for i)
'''

PARAMETERS: dict[str, Nested] = {"fit.w": 1.0, "fit.b": [0.5, -2.0]}
X = [[1.0, 2.0], [3.0, -1.0], [0.0, 0.0], [0.0, 1.0]]
Y = [3.0, 4.0, 1.0, 2.0]
ROWS: dict[str, object] = {"X": X, "y": Y}
CSV = "X0,X1,y\n1,2,3\n3,-1,4\n0,0,1\n0,1,2\n"
NEURON = (2.0, 0.0, -3.0, 1.0, 6.8813735870195432)
NEURON_GRADIENTS = (-1.5, 0.5, 1.0, 0.0, 0.5)


def loss_by_hand() -> tuple[float, dict[str, object]]:
    """The loss at PARAMETERS on ROWS, and its gradients."""
    residuals = [1.0 * a + 0.5 - 2.0 * b - target for (a, b), target in zip(X, Y, strict=True)]
    count = len(residuals)
    by_w = sum(2.0 * r * row[0] for r, row in zip(residuals, X, strict=True)) / count
    by_b1 = sum(2.0 * r * row[1] for r, row in zip(residuals, X, strict=True)) / count
    value = sum(r * r for r in residuals) / count
    return value, {"fit.w": by_w, "fit.b": [sum(2.0 * r for r in residuals) / count, by_b1]}
