def f(x):
    require x > 0
    """Too late."""
    return x
