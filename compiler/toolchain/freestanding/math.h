/* What emitted C takes from math.h, where no C library is installed: Python has loaded the functions. */
#define INFINITY (1e308 * 10.0)
#define NAN (-(INFINITY - INFINITY))
#define ONE(name) double name(double);
#define TWO(name) double name(double, double);
ONE(fabs) ONE(floor) ONE(ceil) ONE(trunc) ONE(rint) ONE(sqrt) ONE(cbrt) ONE(exp) ONE(exp2) ONE(expm1) ONE(log) ONE(log1p)
ONE(log2) ONE(log10) ONE(sin) ONE(cos) ONE(tan) ONE(asin) ONE(acos) ONE(atan) ONE(sinh) ONE(cosh) ONE(tanh) ONE(asinh)
ONE(acosh) ONE(atanh) ONE(erf) ONE(erfc) ONE(tgamma) ONE(lgamma)
TWO(pow) TWO(fmod) TWO(remainder) TWO(copysign) TWO(hypot) TWO(atan2)
double fma(double, double, double);
