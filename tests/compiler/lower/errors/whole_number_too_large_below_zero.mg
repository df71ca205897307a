def f(x, k[n]: int): return sum(x*(-9_007_199_254_740_993 + k[i]) for i)
