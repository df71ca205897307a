def f(x):
    """doc"""
