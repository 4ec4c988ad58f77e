// SPDX-License-Identifier: MIT
//
// The SDK's vectorisable functions against long double, in units in the last place.
#include "../catch.hpp"

#include <onager/math.hpp>

#include <cmath>
#include <limits>
#include <random>

namespace {

template <class T>
double ulps(T value, long double exact) {
  const T nearest = static_cast<T>(exact);
  const T step =
      std::nextafter(std::fabs(nearest), std::numeric_limits<T>::infinity()) - std::fabs(nearest);
  return static_cast<double>(std::fabs(static_cast<long double>(value) - exact) /
                             static_cast<long double>(step));
}

}  // namespace

TEMPLATE_TEST_CASE("exp is within 3 ulp and log within 2 over their range", "", double, float) {
  using T = TestType;
  constexpr bool wide = sizeof(T) == sizeof(double);
  std::mt19937_64 generator(7);
  std::uniform_real_distribution<double> far(wide ? -708 : -87, wide ? 709 : 88), near(-2, 2);
  double worst_exp = 0, worst_log = 0;
  for (int i = 0; i < 200000; ++i) {
    const T x = static_cast<T>(i % 2 ? far(generator) : near(generator));
    const T y = static_cast<T>(std::exp(far(generator) / 1.01));
    const T near_one = static_cast<T>(1 + 0.3 * near(generator));
    worst_exp =
        std::max(worst_exp, ulps(onager::math::exp(x), std::exp(static_cast<long double>(x))));
    for (const T value : {y, near_one})
      worst_log = std::max(
          worst_log, ulps(onager::math::log(value), std::log(static_cast<long double>(value))));
  }
  CHECK(worst_exp < 3);
  CHECK(worst_log < 2);
}

TEMPLATE_TEST_CASE("acos is within 2 ulp, at its ends too", "", double, float) {
  using T = TestType;
  std::mt19937_64 generator(8);
  std::uniform_real_distribution<double> inside(-1, 1), exponent(-40, 0);
  double worst = 0;
  for (int i = 0; i < 200000; ++i) {
    const double from_end = std::exp2(exponent(generator));
    for (const T x : {static_cast<T>(inside(generator)), static_cast<T>(1 - from_end),
                      static_cast<T>(from_end - 1), static_cast<T>(from_end)})
      worst = std::max(worst, ulps(onager::math::acos(x), std::acos(static_cast<long double>(x))));
  }
  CHECK(worst <= 2);
  CHECK(onager::math::acos(T(1)) == T(0));
  CHECK(onager::math::acos(T(-1)) == static_cast<T>(std::acos(-1.0L)));
  CHECK(onager::math::acos(T(0)) == static_cast<T>(std::acos(0.0L)));
  CHECK(std::isnan(onager::math::acos(T(1.25))));
  CHECK(std::isnan(onager::math::acos(T(-1.25))));
  CHECK(std::isnan(onager::math::acos(std::numeric_limits<T>::quiet_NaN())));
}

TEMPLATE_TEST_CASE("exp, log, pow and power keep their special values", "", double, float) {
  using T = TestType;
  namespace math = onager::math;
  const T infinity = std::numeric_limits<T>::infinity();
  const T nan = std::numeric_limits<T>::quiet_NaN();
  CHECK(math::exp(T(0)) == T(1));
  CHECK(math::exp(-infinity) == T(0));
  CHECK(math::exp(T(-1000)) == T(0));
  CHECK(math::exp(T(1000)) == infinity);
  CHECK(std::isnan(math::exp(nan)));
  CHECK(math::log(T(1)) == T(0));
  CHECK(math::log(T(0)) == -infinity);
  CHECK(math::log(infinity) == infinity);
  CHECK(std::isnan(math::log(T(-1))));
  CHECK(std::isnan(math::log(nan)));
  CHECK(math::pow(T(0), T(0.7)) == T(0));
  CHECK(math::pow(T(0), T(0)) == T(1));
  CHECK(math::pow(T(4), T(0.5)) == Approx(2).epsilon(8 * std::numeric_limits<T>::epsilon()));
  CHECK(math::power(T(3), 0) == T(1));
  CHECK(math::power(T(-2), 5) == T(-32));
  CHECK(math::power(T(-1), 127) == T(-1));
  CHECK(math::power(T(1e20), 1) == T(1e20));  // its higher squares are infinite in float
  CHECK(std::isnan(math::power(nan, 2)));
}
