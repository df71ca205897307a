"""Names that C99, C17, C23, their GNU dialects, their headers and compilers' builtins have taken.

>>> is_taken("linux"), is_taken("fmaxf"), is_taken("INT64_MAX"), is_taken("fmaf32x"), is_taken("weight")
(True, True, True, True, False)
>>> is_taken("y0"), is_word("y0"), is_word("INT64_MAX"), is_word("sqrtf")
(True, False, True, True)
"""

from __future__ import annotations

import re

_WORDS = """alignas alignof asm auto bool break case char const constexpr continue default do double else enum extern
false float for goto if inline int long linux main nullptr register restrict return short signed sizeof static
static_assert struct switch thread_local true typedef typeof typeof_unqual union unix unsigned void volatile while
INFINITY NAN NULL environ errno math_errhandling offsetof signgam stderr stdin stdout
double_t float_t max_align_t ptrdiff_t size_t wchar_t _Bool _Complex _Imaginary""".split()
# What emitted code may call, which nothing in it hides.
CALLED = """acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs floor fma
fmax fmin fmod hypot isfinite isinf isnan lgamma log log10 log1p log2 memcpy memset nan pow remainder rint round signbit
sin sinh sqrt tan tanh tgamma trunc""".split()
FUNCTIONS = """abort abs access acct alarm aligned_alloc alloca asctime atexit atof atoi atol bcmp bcopy brk bsearch
bzero calloc canonicalize carg cimag clock close conj connect cproj creal creat ctime daddl daemon dcgettext ddivl
dfmal dgettext div dmull drem dsqrtl dsubl dup err error execl execle execlp execv execve execvp exit exp10
fadd fclose fdim fdiv ffma ffs ffsll fflush fgets finite fmaximum fmaximum_mag fmaximum_mag_num fmaximum_num fminimum
fminimum_mag fminimum_mag_num fminimum_num fmul fopen fork fprintf fprintf_unlocked fputc fputc_unlocked fputs
fputs_unlocked fread free frexp fromfp fromfpx fscanf fsqrt fsub fwrite fwrite_unlocked gamma gamma_r gammaf_r
gammal_r getc getenv getline getpid gets gettext gmtime htonl htons iconv ilogb imaxabs index ioctl isalnum isalpha
isascii isblank iscanonical iscntrl isdigit iseqsig isgraph islower isnormal isprint ispunct
issignaling isspace issubnormal isupper isxdigit iszero j0 j1 jn kill labs ldexp ldiv lgamma_r lgammaf_r lgammal_r
link listen llabs llogb llrint llround localeconv localtime logb longjmp lrint lround lseek malloc memchr memcmp
memmove mempcpy mkdir mktime modf mmap nearbyint nextafter nextdown nextup nice ntohl open optarg pause pclose perror
pipe poll popen posix_memalign pow10 printf printf_unlocked putc putc_unlocked putchar putchar_unlocked puts
puts_unlocked qsort raise rand random read realloc recv remove remquo rename rewind rindex roundeven sbrk
scalb scalbln scalbn scanf select send setenv setjmp setlocale signal significand sincos sleep snprintf socket
sprintf srand sscanf stat stpcpy stpncpy strcasecmp strcat strchr strcmp strcpy strcspn strdup
strerror strfmon strftime strlen strncasecmp strncat strncmp strncpy strndup strnlen strpbrk strrchr strspn strstr
strtod strtok strtol sync system time times tmpfile toascii tolower toupper towlower towupper ufromfp ufromfpx ungetc
unlink vfork vfprintf vfscanf vprintf vscanf vsnprintf vsprintf vsscanf wait write y0 y1 yn""".split()
_WORD_PATTERN = re.compile(
    r"(M|FP|HUGE|MATH|MGC)_[A-Z0-9_]+|mgc_\w+|u?int\w*_t|(U?INT\w*|PTRDIFF|SIG_ATOMIC|SIZE|WCHAR|WINT)_(C|MAX|MIN|WIDTH)"
)
_PATTERN = re.compile(
    r"""is(greater|less|unordered)\w* | fpclassify | nexttoward\w? | isw[a-z]+
    | c(abs|exp|log|log10|pow|sqrt|a?(sin|cos|tan)h?)[fl]? | fe(clear|get|hold|raise|set|test|update)[a-z]+""",
    re.VERBOSE,
)
_WIDTH = re.compile(r"(?:[fl]|f32|f64|f128|f32x|f64x)$")  # sqrtf, sqrtl, sqrtf32x
_USED = frozenset([*_WORDS, *CALLED])
_TAKEN = _USED | frozenset(FUNCTIONS)

# What C++, which may read a header, has beside them.
CPP = frozenset(
    """and and_eq bitand bitor catch char16_t char32_t char8_t class co_await co_return co_yield compl concept
    const_cast consteval constinit contract_assert decltype delete dynamic_cast explicit export friend mutable
    namespace new noexcept not not_eq operator or or_eq private protected public reinterpret_cast requires
    static_cast template this throw try typeid typename using virtual xor xor_eq""".split()
)


def is_taken(name: str) -> bool:
    """Whether a name means something where `math.h`, `stddef.h` and `stdint.h` are included."""
    return is_word(name) or _PATTERN.fullmatch(name) is not None or _WIDTH.sub("", name) in _TAKEN or name in _TAKEN


def is_word(name: str) -> bool:
    """Whether no variable may be called so: other functions than emitted code calls may be hidden by one."""
    return name in _USED or _WORD_PATTERN.fullmatch(name) is not None or _WIDTH.sub("", name) in _USED
