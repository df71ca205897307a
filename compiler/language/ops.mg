# ops.mg: every scalar operation of the language, one row each.
#
#   op NAME(arguments):   domain CONDITION     where it is defined on the reals (no line: everywhere)
#                         dARGUMENT = RULE     the derivative by that argument, as a textbook writes it
#                         accurate dARGUMENT = RULE      the form that --accurate selects
#                         statements, return   a body, for targets that lack the operation
#                         native TARGET, TARGET as NAME      the targets whose library has it (no line: all of them
#                                              if there is no body, none if there is one)
#                         overflows            it and its slope are infinite where its argument is not, as exp(1000)
#                         steep                its slope is infinite somewhere, though it has no domain that ends there
#
# Operators, as `+` for add, stand in each target's table of binding strengths.
#
# A rule may use the operation itself: that is the value already computed.  The derivative of a row is what its
# rules say and never the derivative of its body.  `ieee` is true where inf and nan are ordinary values (C, and
# Python with --ieee) and false in bare Python, which raises instead, so that a guard which only such values need
# stays out of the code.  A domain says where values are finite numbers: at its open ends the value is a limit
# (log(0) is -inf), outside it is nan and so is the derivative.
#
# At a kink a rule is the subgradient of least norm, with equal shares for ties; jumps have derivative 0.


# --- arithmetic

op add(x, y):           dx = 1
                        dy = 1
op sub(x, y):           dx = 1
                        dy = -1
op mul(x, y):           dx = y
                        dy = x
op neg(x):              dx = -1

# -(x/y)/y and not -x/y**2: it reuses the quotient, and y**2 leaves the range of doubles long before the result does.
op div(x, y):           domain y != 0
                        dx = 1 / y
                        dy = -(x / y) / y

# 0 * 0**(-1) is no derivative of the constant x**0; and 0**y is flat in y for y > 0.
op pow(x, y):           domain x > 0 or x == 0 and y >= 0 or x < 0 and y == floor(y)
                        dx = y * x**(y - 1) if y != 0 else 0
                        dy = x**y * log(x) if x != 0 or ieee and not y >= 0 else 0

# `%`, with the sign of y.  The slope by y is minus the whole quotient, read off the remainder so that the two agree.
op mod(x, y):           domain y != 0
                        dx = 1
                        dy = (x % y - x) / y
# As C has it, with the sign of x.
op fmod(x, y):          domain y != 0
                        dx = 1
                        dy = (fmod(x, y) - x) / y
# The quotient rounded half to even, as IEEE 754 has it.
op remainder(x, y):     domain y != 0
                        dx = 1
                        dy = (remainder(x, y) - x) / y

# Veltkamp's splitting and Dekker's product (product + low is x*y), Knuth's sum (total + rest is product + z).
# Beyond 1e300 the splitting overflows, and the plain x*y + z is returned.
op fma(x, y, z):
    native c
    dx = y
    dy = x
    dz = 1
    product = x * y
    x_high = 134217729 * x - (134217729 * x - x)
    x_low = x - x_high
    y_high = 134217729 * y - (134217729 * y - y)
    y_low = y - y_high
    low = x_low * y_low - (product - x_high * y_high - x_low * y_high - x_high * y_low)
    total = product + z
    rounded = total - product
    rest = product - (total - rounded) + (z - rounded)
    fused = total + (rest + low)
    return fused if fused - fused == 0 else total


# --- kinks and jumps

op abs(x):              native c as fabs
                        dx = sign(x)
op sign(x):             dx = 0
                        return 1 if x > 0 else -1 if x < 0 else 0 if x == 0 else x
op copysign(x, y):      dx = sign(x) * copysign(1, y)
                        dy = 0
op floor(x):            native c
                        dx = 0
op ceil(x):             native c
                        dx = 0
op trunc(x):            native c
                        dx = 0
# Half to even, on every target.
op round(x):            native c as rint
                        dx = 0

# relu(x) > 0 and not x > 0: the result is there already, so x itself need not be kept.
op relu(x):             dx = 1 if relu(x) > 0 else 0
                        return x if x > 0 or x != x else 0

op max(x, y):           dx = 1 if x > y else 0.5 if x == y else 0
                        dy = 1 if y > x else 0.5 if x == y else 0
                        return x if x >= y or x != x else y
op min(x, y):           dx = 1 if x < y else 0.5 if x == y else 0
                        dy = 1 if y < x else 0.5 if x == y else 0
                        return x if x <= y or x != x else y
# max and min whose other argument c carries no derivative: max(x, 0) is relu(x), 0 at the kink.
op max_const(x, c):     dx = 1 if x > c else 0
                        return max(x, c)
op min_const(x, c):     dx = 1 if x < c else 0
                        return min(x, c)

# 0 by x at both bounds; there the bound has it all.  With low > high the result is high.
op clip(x, low, high):  dx = 1 if low < x < high else 0
                        dlow = 1 if x <= low and low < high else 0
                        dhigh = 1 if x >= high or low >= high else 0
                        return min(max(x, low), high)


# --- roots

op sqrt(x):             domain x >= 0
                        dx = 0.5 / sqrt(x)
op cbrt(x):             steep
                        dx = 1 / (3 * cbrt(x)**2)

# Scaled by the distance before anything is squared: x*x + y*y leaves the range of doubles at 1e-162 and at 1e154.
op hypot(x, y):         dx = x / hypot(x, y) if hypot(x, y) != 0 else 0
                        dy = y / hypot(x, y) if hypot(x, y) != 0 else 0
op atan2(y, x):         dy = x / hypot(x, y) / hypot(x, y) if hypot(x, y) != 0 else 0
                        dx = -(y / hypot(x, y)) / hypot(x, y) if hypot(x, y) != 0 else 0


# --- exponentials and logarithms

op exp(x):              overflows
                        dx = exp(x)
op exp2(x):             overflows
                        dx = exp2(x) * log(2)
# Not expm1(x) + 1, which is 0 from x = -38 downwards.
op expm1(x):            overflows
                        dx = exp(x)

op log(x):              domain x > 0
                        dx = 1 / x if not ieee or x >= 0 else nan
op log1p(x):            domain x > -1
                        dx = 1 / (1 + x) if not ieee or x >= -1 else nan
op log2(x):             domain x > 0
                        dx = 1 / log(2) / x if not ieee or x >= 0 else nan
op log10(x):            domain x > 0
                        dx = 1 / log(10) / x if not ieee or x >= 0 else nan

# 0 wherever x is 0, as entropies need it.
op xlogy(x, y):         domain x == 0 or y > 0
                        dx = log(y)
                        dy = 0 if x == 0 else x / y if not ieee or y >= 0 else nan
                        return x * log(y) if x != 0 or ieee and y != y else 0
op xlog1py(x, y):       domain x == 0 or y > -1
                        dx = log1p(y)
                        dy = 0 if x == 0 else x / (1 + y) if not ieee or y >= -1 else nan
                        return x * log1p(y) if x != 0 or ieee and y != y else 0

# log(exp(x) + exp(y)); the first case also keeps inf - inf out.
op logaddexp(x, y):     dx = sigmoid(x - y) if not ieee or x != y else 0.5 if x > -inf else 0
                        dy = sigmoid(y - x) if not ieee or x != y else 0.5 if x > -inf else 0
                        return x + log(2) if x == y else max(x, y) + log1p(exp(-abs(x - y)))

# 1 / (1 + exp(-x)); no exp here can overflow.
# The plain rule is off by 1e-16 of the largest slope, all there is from x = 37 on; the accurate one costs an exp
# and is off by 3 ulp at most.
op sigmoid(x):          dx = sigmoid(x) * (1 - sigmoid(x))
                        accurate dx = exp(-abs(x)) / (1 + exp(-abs(x)))**2
                        return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))
# log(1 + exp(x))
op softplus(x):         dx = sigmoid(x)
                        return relu(x) + log1p(exp(-abs(x)))


# --- circular and hyperbolic functions

op sin(x):              dx = cos(x)
op cos(x):              dx = -sin(x)
op tan(x):              dx = 1 + tan(x)**2
# (1 - x)*(1 + x) and not 1 - x**2, which loses every digit next to 1.
op asin(x):             domain -1 <= x <= 1
                        dx = 1 / sqrt((1 - x) * (1 + x))
op acos(x):             domain -1 <= x <= 1
                        dx = -1 / sqrt((1 - x) * (1 + x))
op atan(x):             dx = 1 / (1 + x * x)

op sinh(x):             overflows
                        dx = cosh(x)
op cosh(x):             overflows
                        dx = sinh(x)
# The plain rule is off by 1e-16 of the largest slope, all there is from x = 19 on; the accurate one costs an exp
# and is off by 3 ulp at most.
op tanh(x):             dx = 1 - tanh(x)**2
                        accurate dx = 4 * exp(-2 * abs(x)) / (1 + exp(-2 * abs(x)))**2
op asinh(x):            dx = 1 / hypot(1, x)
op acosh(x):            domain x >= 1
                        dx = 1 / (sqrt(x - 1) * sqrt(x + 1))
op atanh(x):            domain -1 < x < 1
                        dx = 1 / ((1 - x) * (1 + x)) if not ieee or -1 <= x <= 1 else nan

# sin(pi*x) and cos(pi*x), exact at multiples of 1/2: x is reduced before it is multiplied.
op sin_pi(x):
    dx = pi * cos_pi(x)
    turn = remainder(x, 2)
    return sin(pi * turn) if abs(turn) <= 0.5 else copysign(sin(pi * (1 - abs(turn))), turn)
op cos_pi(x):
    dx = -pi * sin_pi(x)
    turn = abs(remainder(x, 2))
    return sin(pi * (0.5 - turn)) if turn > 0.25 else cos(pi * turn)

# sin(pi*x) / (pi*x), as NumPy and signal processing have it.
op sinc(x):             dx = sinc_slope(x)
                        return sin_pi(x) / (pi * x) if x != 0 else 1
# The power series of the slope where cos(pi*x) - sinc(x) would cancel.
op sinc_slope(x):
    dx = -pi**2 * sinc(x) - 2 * sinc_slope(x) / x if x != 0 else -pi**2 / 3
    t = pi * x
    u = t * t
    tail = 1/3991680 - u * (1/518918400 - u * (1/93405312000 - u * (1/22230464256000 - u * (1/6758061133824000))))
    series = 1/3 - u * (1/30 - u * (1/840 - u * (1/45360 - u * tail)))
    return -pi * t * series if abs(x) < 0.4 else (cos_pi(x) - sinc(x)) / x


# --- error and gamma functions

# exp(-x**2) alone is off by half x**2 ulp (230 at 20); the accurate forms add the rounding error of the square
# back in, which costs an fma, and are off by 2 ulp at most.
op erf(x):              dx = 2 / sqrt(pi) * exp(-(x * x))
                        accurate dx = 2 / sqrt(pi) * exp(-(x * x)) * (1 - fma(x, x, -(x * x)))
op erfc(x):             dx = -2 / sqrt(pi) * exp(-(x * x))
                        accurate dx = -2 / sqrt(pi) * exp(-(x * x)) * (1 - fma(x, x, -(x * x)))

op gamma(x):            native python, c as tgamma
                        domain x > 0 or x != floor(x)
                        dx = gamma(x) * digamma(x)
# The logarithm of abs(gamma(x)).
op lgamma(x):           domain x > 0 or x != floor(x)
                        dx = digamma(x)

# DLMF 5.5.4 (reflection left of 1/2), 5.5.2 (up by ten steps), 5.11.2 (asymptotic series); trigamma and tetragamma
# are its derivatives.
op digamma(x):
    domain x > 0 or x != floor(x)
    dx = trigamma(x)
    z = x if x >= 0.5 else 1 - x
    r = 1 / (z + 10)
    u = r * r
    series = u * (1/12 - u * (1/120 - u * (1/252 - u * (1/240 - u * (1/132 - u * (691/32760 - u / 12))))))
    right = log(z + 10) - 0.5 * r - series - sum(1 / (z + k) for k in range(10))
    reflected = right if x >= 0.5 else right - pi * cos_pi(x) / sin_pi(x)
    return nan if ieee and x < 0 and x == floor(x) else reflected
op trigamma(x):
    domain x > 0 or x != floor(x)
    dx = tetragamma(x)
    z = x if x >= 0.5 else 1 - x
    r = 1 / (z + 10)
    u = r * r
    series = 1/6 - u * (1/30 - u * (1/42 - u * (1/30 - u * (5/66 - u * (691/2730 - u * (7/6))))))
    right = r + 0.5 * u + r * u * series + sum(1 / ((z + k) * (z + k)) for k in range(10))
    return right if x >= 0.5 else (pi / sin_pi(x)) * (pi / sin_pi(x)) - right
# The chain ends here, without a derivative.
op tetragamma(x):
    domain x > 0 or x != floor(x)
    z = x if x >= 0.5 else 1 - x
    r = 1 / (z + 10)
    u = r * r
    series = 1/2 - u * (1/6 - u * (1/6 - u * (3/10 - u * (5/6 - u * (691/210 - u * (35/2))))))
    right = -u - r * u - u * u * series - 2 * sum(1 / (z + k)**3 for k in range(10))
    return right if x >= 0.5 else right - 2 * pi**3 * cos_pi(x) / sin_pi(x)**3
