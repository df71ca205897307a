def f(x): return 0x1F + 1j + 1.2.3 + 1e999
