// SPDX-License-Identifier: MIT
//
// Elementary functions that a compiler can vectorise inside a kernel's loop without -ffast-math.
// Each is branch-free, so a loop over it becomes SIMD code at -O3; std::exp and friends would be
// one library call a point. Measured errors are in tests/unit/sdk_math.cpp.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace onager::math {

namespace detail {

template <class To, class From>
inline To bits(From value) {
  static_assert(sizeof(To) == sizeof(From));
  To out;
  std::memcpy(&out, &value, sizeof out);
  return out;
}

}  // namespace detail

/// exp(x), within 3 ulp; 0 below the least normal number, infinity above the largest, NaN for NaN.
///
/// x = k ln 2 + r with |r| <= ln(2)/2; exp(r) by its Taylor polynomial (degree 12 in double, 7 in
/// single: the remainder is below half an ulp), the power of two through the exponent bits.
inline double exp(double x) {
  constexpr double shift = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to an integer
  const double clamped = x < -708.0 ? -708.0 : (x > 709.0 ? 709.0 : x);
  const double shifted = clamped * 1.4426950408889634 + shift;
  const double k = shifted - shift;
  const double r = (clamped - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  double p = 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r * r + r + 1.0;
  const auto exponent = (detail::bits<std::uint64_t>(shifted) + 1023u) << 52;
  const double value = p * detail::bits<double>(exponent);
  const double low = x < -708.0 ? 0.0 : value;
  const double high = x > 709.0 ? std::numeric_limits<double>::infinity() : low;
  return x != x ? x : high;
}

inline float exp(float x) {
  constexpr float shift = 12582912.0f;  // 1.5 * 2^23
  const float clamped = x < -87.0f ? -87.0f : (x > 88.0f ? 88.0f : x);
  const float shifted = clamped * 1.44269504f + shift;
  const float k = shifted - shift;
  const float r = (clamped - k * 0.693359375f) + k * 2.12194440e-4f;
  float p = 1.0f / 5040.0f;
  p = p * r + 1.0f / 720.0f;
  p = p * r + 1.0f / 120.0f;
  p = p * r + 1.0f / 24.0f;
  p = p * r + 1.0f / 6.0f;
  p = p * r + 0.5f;
  p = p * r * r + r + 1.0f;
  const auto exponent = (detail::bits<std::uint32_t>(shifted) + 127u) << 23;
  const float value = p * detail::bits<float>(exponent);
  const float low = x < -87.0f ? 0.0f : value;
  const float high = x > 88.0f ? std::numeric_limits<float>::infinity() : low;
  return x != x ? x : high;
}

/// Natural logarithm of a positive normal number, within 2 ulp; -infinity at 0 and below the least
/// normal number, NaN for negative numbers and NaN.
///
/// x = 2^k m with sqrt(1/2) <= m < sqrt(2); log m = 2 artanh(s), s = (m-1)/(m+1), |s| < 0.172, by
/// its odd series.
inline double log(double x) {
  const auto raw = detail::bits<std::uint64_t>(x);
  // subtracting the bits of sqrt(1/2) puts the border between exponents there
  const std::uint64_t offset = raw - 0x3FE6A09E667F3BCDu;
  // exponent of x relative to sqrt(1/2), turned into a double through the mantissa of 1.5 * 2^52
  const auto k_bits = ((offset >> 52) + 1024u) & 0xFFFu;
  const double k = detail::bits<double>(0x4338000000000000u + k_bits) - 6755399441055744.0 - 1024.0;
  const auto exponent_part = offset & 0xFFF0000000000000u;
  const double m = detail::bits<double>(raw - exponent_part);
  const double f = m - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  double p = 2.0 / 21.0;
  p = p * z + 2.0 / 19.0;
  p = p * z + 2.0 / 17.0;
  p = p * z + 2.0 / 15.0;
  p = p * z + 2.0 / 13.0;
  p = p * z + 2.0 / 11.0;
  p = p * z + 2.0 / 9.0;
  p = p * z + 2.0 / 7.0;
  p = p * z + 2.0 / 5.0;
  p = p * z + 2.0 / 3.0;
  // log m = f - f²/2 + s (f²/2 + s² p'): the leading terms exactly, the series on the small rest
  const double half = 0.5 * f * f;
  const double value = k * 6.93147180369123816490e-01 -
                       ((half - (s * (half + z * p) + k * 1.90821492927058770002e-10)) - f);
  const double low = x < std::numeric_limits<double>::min()
                         ? (x < 0.0 ? std::numeric_limits<double>::quiet_NaN()
                                    : -std::numeric_limits<double>::infinity())
                         : value;
  const double high = x > std::numeric_limits<double>::max() ? x : low;
  return x != x ? x : high;
}

inline float log(float x) {
  const auto raw = detail::bits<std::uint32_t>(x);
  const std::uint32_t offset = raw - 0x3F3504F3u;
  const auto k_bits = ((offset >> 23) + 128u) & 0x1FFu;
  const float k = detail::bits<float>(0x4B400000u + k_bits) - 12582912.0f - 128.0f;
  const auto exponent_part = offset & 0xFF800000u;
  const float m = detail::bits<float>(raw - exponent_part);
  const float f = m - 1.0f;
  const float s = f / (2.0f + f);
  const float z = s * s;
  float p = 2.0f / 9.0f;
  p = p * z + 2.0f / 7.0f;
  p = p * z + 2.0f / 5.0f;
  p = p * z + 2.0f / 3.0f;
  const float half = 0.5f * f * f;
  const float value = k * 0.693359375f - ((half - (s * (half + z * p) - k * 2.12194440e-4f)) - f);
  const float low = x < std::numeric_limits<float>::min()
                        ? (x < 0.0f ? std::numeric_limits<float>::quiet_NaN()
                                    : -std::numeric_limits<float>::infinity())
                        : value;
  const float high = x > std::numeric_limits<float>::max() ? x : low;
  return x != x ? x : high;
}

/// Square root: one instruction; a loop over it vectorises with -fno-math-errno.
template <class T>
inline T sqrt(T x) {
  return std::sqrt(x);
}

/// arccos(x), within 2 ulp; NaN outside [-1, 1] and for NaN.
///
/// asin(t) = t + t z R(z) with z = t² <= 1/4, R a polynomial through the Chebyshev points of [0,
/// 1/4] (relative error 6e-17 in double, 1e-9 in single). For |x| <= 1/2 t is |x|; beyond, t =
/// sin(y/2) of the angle y between x and the nearer of -1 and 1: t² = (1 - |x|) / 2, which is
/// exact.
inline double acos(double x) {
  const double size = std::fabs(x);
  const bool outer = size > 0.5;
  const double z = outer ? 0.5 * (1.0 - size) : size * size;
  const double t = outer ? std::sqrt(z) : size;
  double p = 0.028169218060881412899;
  p = p * z - 0.010749050339697807562;
  p = p * z + 0.016035514349148823079;
  p = p * z + 0.0078029494773533171436;
  p = p * z + 0.0118754943826369232;
  p = p * z + 0.013929652902326633248;
  p = p * z + 0.017355259955786321748;
  p = p * z + 0.022372047631744510379;
  p = p * z + 0.030381947367098481126;
  p = p * z + 0.044642857103423643363;
  p = p * z + 0.075000000000207643609;
  p = p * z + 0.16666666666666648628;
  const double angle = t + t * (z * p);
  const double from_end = 2.0 * angle;
  const double right = outer ? from_end : 1.5707963267948966 - angle;
  const double left = outer ? 3.1415926535897931 - from_end : 1.5707963267948966 + angle;
  return x < 0.0 ? left : right;
}

inline float acos(float x) {
  const float size = std::fabs(x);
  const bool outer = size > 0.5F;
  const float z = outer ? 0.5F * (1.0F - size) : size * size;
  const float t = outer ? std::sqrt(z) : size;
  float p = 0.033690847F;
  p = p * z + 0.0171492384F;
  p = p * z + 0.0311006627F;
  p = p * z + 0.0445994015F;
  p = p * z + 0.0750009454F;
  p = p * z + 0.166666663F;
  const float angle = t + t * (z * p);
  const float from_end = 2.0F * angle;
  const float right = outer ? from_end : 1.57079633F - angle;
  const float left = outer ? 3.14159265F - from_end : 1.57079633F + angle;
  return x < 0.0F ? left : right;
}

/// x^y for x >= 0: exp(y log x). The relative error grows with |y log x| ulp. 0 at x = 0, y > 0.
template <class T>
inline T pow(T x, T y) {
  constexpr T lowest = std::numeric_limits<T>::lowest();
  const T logarithm = math::log(x);
  // finite, so that 0 times it is 0; a choice on y would keep GCC from vectorising in float
  return math::exp(y * (logarithm < lowest ? lowest : logarithm));
}

namespace detail {

/// x where all bits of the mask are set, 1 where none is. A choice that depends on no number of the
/// loop would be taken for a branch, and the loop left scalar.
inline double or_one(double x, std::int64_t mask) {
  return bits<double>((bits<std::int64_t>(x) & mask) | (bits<std::int64_t>(1.0) & ~mask));
}
inline float or_one(float x, std::int64_t mask) {
  const auto low = static_cast<std::int32_t>(mask);
  return bits<float>((bits<std::int32_t>(x) & low) | (bits<std::int32_t>(1.0F) & ~low));
}

}  // namespace detail

/// x^n for a whole 0 <= n < 128 by repeated squaring. The number of steps does not depend on n, so
/// that a loop over many x vectorises.
template <class T>
inline T power(T x, std::int64_t n) {
  T result = 1, base = x;
  for (int bit = 0; bit < 7; ++bit) {
    result *= detail::or_one(base, -(n >> bit & 1));
    base *= base;
  }
  return result;
}

}  // namespace onager::math
