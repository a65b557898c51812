/* Elementary functions from additions, multiplications, divisions and bits alone, so that every machine gives the same bits. */
#define INLINE static inline __attribute__((always_inline)) /* a loop that calls a function is not done four at a time */

INLINE int bits_of(float x) { int i; __builtin_memcpy(&i, &x, 4); return i; }
INLINE float float_of(int i) { float x; __builtin_memcpy(&x, &i, 4); return x; }

/* e^x: 2^n times a polynomial on [-log(2)/2, log(2)/2] (Cephes, Moshier 1992); n by rounding in the last place of 1.5 * 2^23. */
INLINE float exp_(float x)
{
    x = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
    float z = x * 1.44269504f + 12582912.0f;
    float n = z - 12582912.0f;
    float f = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    float p = ((1.9875691500e-4f * f + 1.3981999507e-3f) * f + 8.3334519073e-3f) * f + 4.1665795894e-2f;
    p = (p * f + 1.6666665459e-1f) * f + 5.0000001201e-1f;
    return (p * (f * f) + f + 1.0f) * float_of((int)(((unsigned)bits_of(z) << 23) + 0x3f800000u));
}

/* log x of normal x > 0 (Cephes). */
INLINE float log_(float x)
{
    int shifted = bits_of(x) - 0x3f3504f3;
    float n = (float)(shifted >> 23);
    float f = float_of((shifted & 0x007fffff) + 0x3f3504f3) - 1.0f;
    float z = f * f;
    float y = ((7.0376836292e-2f * f - 1.1514610310e-1f) * f + 1.1676998740e-1f) * f - 1.2420140846e-1f;
    y = ((y * f + 1.4249322787e-1f) * f - 1.6668057665e-1f) * f + 2.0000714765e-1f;
    y = (y * f - 2.4999993993e-1f) * f + 3.3333331174e-1f;
    y = y * (f * z) + n * -2.12194440e-4f - 0.5f * z;
    return (f + y) + n * 0.693359375f;
}

/* log(1 + x), exact where 1 + x rounds (Kahan's correction). */
INLINE float log1p_(float x)
{
    float u = 1.0f + x, d = u - 1.0f;
    return d == 0.0f ? x : log_(u) * (x / d);
}

/* e^x - 1: the series where it is short, else the difference. */
INLINE float expm1_(float x)
{
    float p = ((1.3981999507e-3f * x + 8.3334519073e-3f) * x + 4.1665795894e-2f) * x + 1.6666665459e-1f;
    float near_ = (p * x + 5.0000001201e-1f) * (x * x) + x, far_ = exp_(x) - 1.0f;
    return x < 0.35f && x > -0.35f ? near_ : far_;
}

INLINE float tanh_(float x)
{
    float a = x < 0.0f ? -x : x, z = x * x;
    float p = ((-5.70498872745e-3f * z + 2.06390887954e-2f) * z - 5.37397155531e-2f) * z + 1.33314422036e-1f;
    float near_ = (p * z - 3.33332819422e-1f) * z * x + x, far_ = 1.0f - 2.0f / (exp_(a + a) + 1.0f);
    return a < 0.625f ? near_ : x < 0.0f ? -far_ : far_;
}

INLINE float logistic_(float x) { return 1.0f / (1.0f + exp_(-x)); }

/* erf: a quotient of polynomials in x^2 on [-4, 4], beyond which it is 1 in single precision (the one XLA and Eigen use). */
INLINE float erf_(float x)
{
    x = x < -4.0f ? -4.0f : x > 4.0f ? 4.0f : x;
    float z = x * x;
    float p = ((-2.72614225801306e-10f * z + 2.77068142495902e-08f) * z - 2.10102402082508e-06f) * z - 5.69250639462346e-05f;
    p = ((p * z - 7.34990630326855e-04f) * z - 2.95459980854025e-03f) * z - 1.60960333262415e-02f;
    float q = (-1.45660718464996e-05f * z - 2.13374055278905e-04f) * z - 1.68282697438203e-03f;
    q = (q * z - 7.37332916720468e-03f) * z - 1.42647390514189e-02f;
    return x * p / q;
}

/* The inverse of erf (Giles 2012, GPU Computing Gems, ch. 10). */
INLINE float erf_inv_(float x)
{
    float w = -log1p_(-(x * x));
    float v = w - 2.5f, s = __builtin_sqrtf(w) - 3.0f;
    float p = ((2.81022636e-08f * v + 3.43273939e-07f) * v - 3.5233877e-06f) * v - 4.39150654e-06f;
    p = ((p * v + 0.00021858087f) * v - 0.00125372503f) * v - 0.00417768164f;
    p = (p * v + 0.246640727f) * v + 1.50140941f;
    float q = ((-0.000200214257f * s + 0.000100950558f) * s + 0.00134934322f) * s - 0.00367342844f;
    q = ((q * s + 0.00573950773f) * s - 0.0076224613f) * s + 0.00943887047f;
    q = (q * s + 1.00167406f) * s + 2.83297682f;
    return (w < 5.0f ? p : q) * x;
}
