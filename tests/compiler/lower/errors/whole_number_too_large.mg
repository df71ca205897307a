# A linear congruential generator: rounded to doubles it would be another one.
def f(s: int):
    return (s*6364136223846793005 + 1442695040888963407) % 18446744073709551616
