/* What emitted C takes from stdint.h, where no C library is installed. */
typedef long long int64_t;
#define INT64_C(value) value##LL
#define INT64_MAX 0x7fffffffffffffffLL
#define INT64_MIN (-INT64_MAX - 1)
#define SIZE_MAX ((size_t)-1)
