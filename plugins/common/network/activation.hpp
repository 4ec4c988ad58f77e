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

/// (2/sqrt(pi)) times the integral of exp(-t²) from 0 to z
struct Erf {
  template <class T>
  static Jet<T> at(T z) {
    const T slope = T(1.1283791670955126) * math::exp(-z * z);
    return {std::erf(z), slope, -2 * z * slope};
  }
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
