layer linear[](x): return x
