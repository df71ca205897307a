"""Programs that people wrote where some target was once wrong: numbers, values computed twice, arms not taken."""

from __future__ import annotations

import math
from typing import Any

RIGHT: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        """def f(A[n, n], x[n]):
    y = A @ x
    return sum((A @ y)*(A.T @ y)) + sum(sum(A[i, j]*y[j] for j)*sum(A[j, i]*y[j] for j) for i)
""",
        {"A": [[1.0, 2.0, 3.0], [0.5, -1.0, 0.3], [0.2, 0.7, 2.0]], "x": [0.3, 1.0, -2.0]},
    ),
    (
        "def f(x[n]): return sum((x[i] - sum(x[j] for j))**2 for i) + sum(x[i]*sum(x[i]**2 for i) for i)*sum(x)\n",
        {"x": [0.3, 1.0, -2.0]},
    ),
    (
        "def f(b[n]): return sum([b[i], b[i]**2] for i, p in range(n))\n",
        {"b": [1.0, 2.0, 0.5]},
    ),
    (
        """def f(x[n], acc[2], w[3]):
    return [[2, 2], [2, 1/x[0]]] if [[2, 2], [2, x[0]]] > 0 else acc/w[2]
""",
        {"x": [0.7], "acc": [1.0, 2.0], "w": [1.0, 2.0, 3.0]},
    ),
    (
        "def f(a, b): return -(a % b * 2)\n",
        {"a": 5.5, "b": 2.0},
    ),
    (
        "def f(a, b): return -(a % b / 2)\n",
        {"a": 5.5, "b": 2.0},
    ),
    (
        "def f(x, n: int, m: int): return x*-(n // m * 2)\n",
        {"x": 1.5, "n": 7, "m": 2},
    ),
    (
        "def f(x[n], w[m]): return sum(x[i]*w[2] for i)\n",
        {"x": [], "w": [1.0]},
    ),
    (
        "def f(x[n]): return norm(x)\n",
        {"x": []},
    ),
    (
        "def f(z[k], t: int): return cross_entropy(z, t)\n",
        {"z": [40.0, 0.0], "t": 0},
    ),
    (
        "def f(z[k]): return logsumexp(z)\n",
        {"z": [-40.0, 0.0]},
    ),
    (
        "def f(z[k], t: int): return cross_entropy(z, t)\n",
        {"z": [1.0, 0.0], "t": -1},
    ),
    (
        """def f(W[m, n], x[n], k: int):
    z = W @ x
    return cross_entropy(z, k)
""",
        {"W": [[1.0, 2.0], [0.5, -1.0], [0.2, 0.3]], "x": [0.7, -0.2], "k": 1},
    ),
    (
        """def f(x[n]):
    z = [x[i]**2 for i]
    return sum(sin(z)) + 5*z[0]
""",
        {"x": [0.7, -0.2, 1.1]},
    ),
    (
        """def f(x[n]):
    A1 = [sin(x[i])*x[(i+1)%n] for i]
    A2 = [sin(A1[i])*A1[(i+1)%n] for i]
    A3 = [sin(A2[i])*A2[(i+1)%n] for i]
    return sum(A3)
""",
        {"x": [0.7, -0.2, 1.1]},
    ),
    (
        """def f(x[n]):
    A1 = [x[i]*x[i+1] for i in range(n-1)]
    A2 = [A1[i]*A1[i+1] for i in range(n-2)]
    return sum(A2)
""",
        {"x": [0.7, -0.2, 1.1, 2.0]},
    ),
    (
        """def f(W[m, n], x[n], y[m]):
    p = softmax(W @ x)
    return sum((p[i] - y[i])**2 for i)
""",
        {"W": [[1.0, 2.0], [0.5, -1.0], [0.2, 0.3]], "x": [0.7, -0.2], "y": [0.1, 0.2, 0.3]},
    ),
    (
        """def f(x[n], m[n], w[n]):
    p = softmax([x[i] if m[i] > 0 else -100 for i])
    return sum(p[i]*w[i] for i)
""",
        {"x": [0.7, -0.2, 1.1], "m": [1.0, -1.0, 1.0], "w": [1.0, 2.0, 3.0]},
    ),
    (
        """def f(x[n]):
    y = [sum(sin(x[i]*x[j]) for j) for i]
    return sum(max((y[s] if s <= t else 0) for s) for t in range(n))
""",
        {"x": [0.7, 0.3, 1.1]},
    ),
    (
        """def f(Q[n, d], X[n, d], Wk[d, d]):
    K = X @ Wk
    S = [[dot(Q[i], K[j])/sqrt(d) if j <= i else -1e9 for j] for i]
    return sum(softmax(S[i])[j]*X[j, 0] for i, j)
""",
        {"Q": [[0.1, 0.2], [0.3, -0.4]], "X": [[1.0, 0.5], [-0.3, 0.8]], "Wk": [[0.2, 0.1], [0.4, -0.6]]},
    ),
    (
        """def f(A[n, n], B[n, n], C[n, n]):
    T = A @ B @ C
    return sum(T[i, j]**2 for i, j) + sum(T[i, i] for i)
""",
        {"A": [[1.0, 2.0], [0.5, -1.0]], "B": [[0.3, 2.0], [0.5, -1.0]], "C": [[1.0, 0.2], [0.5, -1.0]]},
    ),
    (
        "def f(x, y): return max(x, sqrt(y))\n",
        {"x": 2.0, "y": 0.0},
    ),
    (
        "def f(x, k: int): return log(x) if k == 0 else x if k == 1 else 2*log(x)\n",
        {"x": -1.0, "k": 1},
    ),
    (
        "def f(x, y): return (log(x) if x > 0 else 0) + (log(x)*y if x > 1 else y)\n",
        {"x": -1.0, "y": 2.0},
    ),
    (
        """def f(x):
    s = sin(x)/x if x > 1e-8 else 1
    c = (1 - cos(x))/x if x > 1e-4 else x/2
    return s + c
""",
        {"x": 0.0},
    ),
    (
        "def f(c[n], x[n]): return sum(c[j]*log(x[i]) for i in range(n) for j in range(i))\n",
        {"c": [1.0, 2.0, 3.0], "x": [0.0, 1.0, 2.0]},
    ),
    (
        "def f(x, k: int): return sum(log(x) for i in range(k))\n",
        {"x": 0.0, "k": 0},
    ),
    (
        "def f(a, x[n]): return sum((sqrt(a)*a if a > x[i] else x[i]) for i)\n",
        {"a": -1.0, "x": [0.0, 1.0]},
    ),
    (
        "def f(x[n], a, b): return sum(x[i] + a*log(b) if x[i] < b else 0 for i)\n",
        {"x": [1.0, 2.0], "a": 1.0, "b": 0.0},
    ),
    (
        """def f(X[n]):
    S = sqrt(X)
    return S[1] + S[2]
""",
        {"X": [0.0, 4.0, 9.0]},
    ),
    (
        "def f(x[n]): return sum(sqrt(x)[1:])\n",
        {"x": [0.0, 4.0]},
    ),
    (
        "def f(x[n]): return max(x[i] for i if x[i] < 0)\n",
        {"x": [-math.inf, 1.0, -math.inf]},
    ),
)
