def for(x): return x
