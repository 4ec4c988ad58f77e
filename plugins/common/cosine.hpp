// SPDX-License-Identifier: MIT
//
// The angle between two samples, for kernels that are functions of it.
#pragma once

#include <onager/kernel.hpp>

#include <limits>

namespace onager::plugins {

constexpr double pi = 3.141592653589793238463;

/// Pairs that are computed together: a recursion over layers keeps their numbers in cache.
constexpr std::int64_t pairs_at_once = 128;

/// Cosines this close to 1 or -1 are rounding errors of it: <x, x> and |x|² come from sums in
/// different order.
template <class T>
constexpr T cosine_rounding = 16 * std::numeric_limits<T>::epsilon();

/// |x||z| and its inverse (0 where it is 0), and |z|/|x| (0 where x is).
template <class T>
struct Norms {
  T product, inverse, ratio;
};
template <class T>
ONAGER_INLINE Norms<T> norms_of(T a, T b) {
  const T x = math::sqrt(a), z = math::sqrt(b), product = x * z;
  return {product, product > T(0) ? T(1) / product : T(0), x > T(0) ? z / x : T(0)};
}

/// cos of the angle from <x, z>: within [-1, 1], exactly there where it is up to rounding, and 0
/// for a sample that is 0.
template <class T>
ONAGER_INLINE T cosine_of(T s, const Norms<T>& norms) {
  const T u = s * norms.inverse;
  constexpr T most = T(1) - cosine_rounding<T>;
  const T below = u > most ? T(1) : u;
  return below < -most ? T(-1) : below;
}

/// The angle y of a cosine u, with sin y and d y / du = -1 / sin y. Along a line through x the
/// angle to x is |t| times something smooth: its two slopes cancel, so the derivative at u = 1 and
/// -1 counts as 0.
template <class T>
struct Angle {
  T angle, sine, slope;
};
template <class T>
ONAGER_INLINE Angle<T> angle_of(T u) {
  const T sine = math::sqrt((T(1) - u) * (T(1) + u));
  const bool inside = sine * sine > cosine_rounding<T>;
  return {math::acos(u), sine, inside ? T(-1) / sine : T(0)};
}

}  // namespace onager::plugins
