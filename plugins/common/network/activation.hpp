// SPDX-License-Identifier: MIT
//
// Functions of one number that networks apply to each neuron, with two derivatives.
#pragma once

#include <onager/math.hpp>
#include <onager/plugin.hpp>
#include <onager/simd.hpp>

#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace onager::plugins::network {

/// A function's value and its first and second derivative at a point.
template <class T>
struct Jet {
  T value, slope, curvature;
};

// Each is branch-free, so that a loop over it becomes SIMD code, and lets NaN through.

struct Identity {
  template <class T>
  static Jet<T> at(T z) {
    return {z, T(1), T(0)};
  }
};

/// max(z, 0). At the kink both derivatives are those of the left side, 0.
struct Relu {
  template <class T>
  static Jet<T> at(T z) {
    return {z < T(0) ? T(0) : z, z > T(0) ? T(1) : T(0), T(0)};
  }
};

/// z²
struct Quadratic {
  template <class T>
  static Jet<T> at(T z) {
    return {z * z, 2 * z, T(2)};
  }
};

/// With g = exp(2|z|) - 1: tanh |z| = g / (g + 2), its derivative 4 (g + 1) / (g + 2)². Neither
/// cancels: below 2|z| = 1/2 g comes from its Taylor polynomial, past the clamp the value is 1 and
/// the derivative below 1e-34.
struct Tanh {
  template <class T>
  static Jet<T> at(T z) {
    constexpr T largest = T(40);
    const T size = std::fabs(z);
    const T y = 2 * (size > largest ? largest : size);
    const T g = y < T(0.5) ? series(y) : math::exp(y) - 1;
    const T t = g / (g + 2), slope = 4 * (g + 1) / ((g + 2) * (g + 2));
    const T value = z < T(0) ? -t : t;
    return {value, slope, -2 * value * slope};
  }

 private:
  /// exp(y) - 1 for 0 <= y < 1/2; what is left out is below 1e-16 y
  template <class T>
  static T series(T y) {
    constexpr int degree = sizeof(T) == sizeof(float) ? 8 : 14;
    T sum = 1;
    for (int k = degree; k > 1; --k) sum = 1 + sum * (y * (T(1) / T(k)));
    return y * sum;
  }
};

/// 1 / (1 + exp(-z)), with e = exp(-|z|) and q = 1 / (1 + e).
struct Sigmoid {
  template <class T>
  static Jet<T> at(T z) {
    const T e = math::exp(-std::fabs(z)), q = 1 / (1 + e);
    const T slope = e * q * q, tilt = (1 - e) * q;  // tilt = |1 - 2 value|
    return {z < T(0) ? e * q : q, slope, z < T(0) ? slope * tilt : -slope * tilt};
  }
};

/// z sigmoid(z), also known as SiLU
struct Swish {
  template <class T>
  static Jet<T> at(T z) {
    const Jet<T> s = Sigmoid::at(z);
    return {z * s.value, s.value + z * s.slope, 2 * s.slope + z * s.curvature};
  }
};

/// log(1 + exp(z)) = max(z, 0) + log(1 + e), e = exp(-|z|). log(1 + e) = log(u) e / (u - 1) with u
/// = 1 + e as it is rounded (Higham, Accuracy and Stability of Numerical Algorithms, section 1.14).
struct Softplus {
  template <class T>
  static Jet<T> at(T z) {
    const Jet<T> s = Sigmoid::at(z);
    const T e = math::exp(-std::fabs(z)), u = 1 + e, exact = u - 1;
    const T nonzero = exact > T(0) ? exact : T(1);
    const T log1p = exact > T(0) ? math::log(u) * (e / nonzero) : e;
    return {(z > T(0) ? z : T(0)) + log1p, s.value, s.slope};
  }
};

/// Taylor coefficients of erf: (2/sqrt pi) (-1)^k / (k! (2k + 1)). Past these, below 1e-17.
constexpr std::array<double, 18> erf_series() {
  std::array<double, 18> c{};
  double over_factorial = 1.1283791670955126;
  for (std::size_t k = 0; k < c.size(); ++k) {
    c[k] = over_factorial / static_cast<double>(2 * k + 1);
    over_factorial /= -static_cast<double>(k + 1);
  }
  return c;
}

/// (2/sqrt(pi)) times the integral of exp(-t²) from 0 to z: below 1 by its Taylor polynomial, from
/// 1 to 6 as 1 - exp(-z²) Q(s) with Q the polynomial through the Chebyshev points of exp(z²) erfc z
/// in s = (119 t + 1) / 50, t = (z - 2.5) / (z + 2.5); beyond, 1 - erf z is below 1e-16.
struct Erf {
  template <class T>
  static Jet<T> at(T z) {
    const T size = std::fabs(z), inner = size > T(1) ? T(1) : size,
            outer = size > T(6) ? T(6) : size;
    const T s = (T(119) * ((outer - T(2.5)) / (outer + T(2.5))) + 1) / T(50);
    const T near = inner * horner<T>(series, inner * inner);
    const T far = 1 - math::exp(-outer * outer) * horner<T>(tail, s);
    const T value = size < T(1) ? near : far;
    const T slope = T(1.1283791670955126) * math::exp(-z * z);
    return {z < T(0) ? -value : value, slope, -2 * z * slope};
  }

 private:
  /// Unrolled, so that the loop around it becomes SIMD code.
  template <class T, std::size_t N, std::size_t... K>
  static T horner(const std::array<double, N>& coefficients, T x, std::index_sequence<K...>) {
    T sum = 0;
    ((sum = sum * x + T(coefficients[N - 1 - K])), ...);
    return sum;
  }
  template <class T, std::size_t N>
  static T horner(const std::array<double, N>& coefficients, T x) {
    return horner(coefficients, x, std::make_index_sequence<N>());
  }
  static constexpr std::array<double, 18> series = erf_series();
  static constexpr std::array<double, 16> tail = {
      0.21394805165754285,     -0.15798058438192047,    0.04499721517041289,
      -0.009374321292819414,   0.0012493997403918932,   -5.053711009808022e-05,
      -1.4819868128682129e-05, 1.9887464312028658e-06,  2.3120154251095946e-07,
      -5.1398324299945966e-08, -6.149031093818516e-09,  1.2856241379437173e-09,
      2.338483019581727e-10,   -2.6710063729389412e-11, -8.406019207648901e-12,
      1.8267122398153066e-13};
};

struct Sine {
  template <class T>
  static Jet<T> at(T z) {
    const T sine = std::sin(z);
    return {sine, std::cos(z), -sine};
  }
};

/// One of the functions above, chosen by its name.
class Activation {
 public:
  explicit Activation(const std::string& name) {
    for (const Row& row : table())
      if (name == row.name) row_ = &row;
    if (row_ == nullptr) throw Error(ONAGER_INVALID, "there is no activation '" + name + "'");
  }

  const char* name() const { return row_->name; }
  bool identity() const { return row_ == table().data(); }

  /// value, slope and curvature <- the function and its derivatives at count numbers z
  template <class T>
  void evaluate(std::int64_t count, const T* z, T* value, T* slope, T* curvature) const {
    if constexpr (sizeof(T) == sizeof(float)) row_->f32(count, z, value, slope, curvature);
    else row_->f64(count, z, value, slope, curvature);
  }

  static std::vector<const char*> names() {
    std::vector<const char*> out;
    for (const Row& row : table()) out.push_back(row.name);
    return out;
  }

 private:
  template <class T>
  using Run = void (*)(std::int64_t, const T*, T*, T*, T*);
  struct Row {
    const char* name;
    Run<double> f64;
    Run<float> f32;
  };

  template <class Function, class T>
  static void run(std::int64_t count, const T* z, T* value, T* slope, T* curvature) {
    widest([&]() ONAGER_INLINE_LAMBDA {
      for (std::int64_t i = 0; i < count; ++i) {
        const Jet<T> jet = Function::at(z[i]);
        value[i] = jet.value;
        slope[i] = jet.slope;
        curvature[i] = jet.curvature;
      }
    });
  }
  template <class Function>
  static constexpr Row row(const char* name) {
    return {name, run<Function, double>, run<Function, float>};
  }
  static const std::array<Row, 9>& table() {
    static constexpr std::array<Row, 9> rows = {
        row<Identity>("identity"), row<Relu>("relu"),           row<Tanh>("tanh"),
        row<Swish>("swish"),       row<Softplus>("softplus"),   row<Sigmoid>("sigmoid"),
        row<Erf>("erf"),           row<Quadratic>("quadratic"), row<Sine>("sine")};
    return rows;
  }

  const Row* row_ = nullptr;
};

/// A parameter that names an activation.
inline Parameter activation_parameter(const char* name, const char* value, const char* doc) {
  Parameter p = choice(name, {}, value, doc);
  p.choices_ = Activation::names();
  return p;
}

}  // namespace onager::plugins::network
