// SPDX-License-Identifier: MIT
//
// The Taylor polynomial of any model in its parameters, as a model.
#pragma once

#include "in_doubles.hpp"
#include "network/scratch.hpp"

#include <onager/model.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace onager::plugins {

/// g(w; x) = f(w0; x) + J d, or with Degree 2 also + (1/2) d'H d, of a nested model f with d = w -
/// w0, w0 its start, J and H its first and second derivative in w at (w0; x). No Hessian is formed:
///
///   gradient in w    J'v + H[v] d                      a vjp and an hvp of f
///   along (u, s)     J u + X s + Q((d, 0), (u, s))     X: derivative in x, Q: all second
///   derivatives
///
/// Q of two directions is that of one along their sum and difference: Q(a, b) = (Q(b + a, b + a) -
/// Q(b - a, b - a)) / 4. A value costs f, a jvp and a second derivative of f, a gradient those, a
/// vjp and an hvp. Derivatives that would need third derivatives of f are central differences of
/// second ones, taken in doubles whatever the call's precision; those that would need fourth
/// derivatives are refused.
///
/// Source: Zhu, Liu, Radhakrishnan, Belkin, Quadratic models for understanding catapult dynamics of
/// neural networks, ICLR 2024, eq. 2 and 3.
template <int Degree>
class TaylorModel {
 public:
  TaylorModel(const Config& c, const Host& host)
      : host_(host), child_(c.children("of").at(0), host) {}

  std::int64_t prepare(std::int64_t features, std::int64_t outputs) {
    const std::int64_t p = child_.prepare(features, outputs);
    start_ = Table(p, 1);
    child_.initialise(start_.view());
    single_start_.assign(start_.values.begin(), start_.values.end());
    parts_ = child_.parts();
    return p;
  }
  const std::vector<Part>& parts() const { return parts_; }

  template <class T>
  void initialise(Matrix<T> w) const {
    const Matrix<const T> w0 = start<T>();
    std::copy_n(w0.data, w0.rows, w.data);
  }

  template <class T>
  void forward(Matrix<const T> w, Matrix<const T> x, Matrix<T> out) const {
    const Call<T> call(*this, w, x);
    value(call, out);
  }

  template <class T>
  void vjp(Matrix<const T> w, Matrix<const T> x, Matrix<T> f, const Cotangent& cotangent,
           Matrix<const T> v, Matrix<T>* w_out, Matrix<T>* x_out) const {
    const Call<T> call(*this, w, x);
    value(call, f);
    cotangent();
    if (w_out) parameter_gradient(call, v, *w_out);
    if (x_out) input_gradient(w, x, v, *x_out);
  }

  template <class T>
  void jvp(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u, const Matrix<const T>* s,
           Matrix<T> out) const {
    if (is_single<T> && Degree == 2 && s) {
      InDoubles<T> wide;
      jvp<double>(wide.of(w), wide.of(x), wide.of(u), wide.of(s), wide.result(out));
      return wide.round();
    }
    const Call<T> call(*this, w, x);
    child_.jvp<T>(call.w0, x, u, s, out);
    if (Degree == 2 || s) add_mixed<T>(call, x, Degree == 2 ? u : nullptr, s, out);
    const Matrix<const T> d = *call.d;
    if (Degree == 2 && s)
      difference_by_rows<T>(call, *s, 0.5, out, [&](Matrix<const T> at, Matrix<T> to) {
        child_.second<T>(call.w0, at, &d, nullptr, to);
      });
  }

  template <class T>
  void hvp(Matrix<const T> w, Matrix<const T> x, Matrix<const T> v, const Matrix<const T>* u,
           const Matrix<const T>* s, Matrix<T>* w_out, Matrix<T>* x_out) const {
    if (Degree == 2 && x_out) refuse("a derivative of input gradients");
    if (is_single<T> && s && (Degree == 2 || x_out)) {
      InDoubles<T> wide;
      hvp<double>(wide.of(w), wide.of(x), wide.of(v), wide.of(u), wide.of(s), wide.result(w_out),
                  wide.result(x_out));
      return wide.round();
    }
    const Call<T> call(*this, w, x);
    const Matrix<const T> d = *call.d;
    if (w_out) child_.hvp<T>(call.w0, x, v, Degree == 2 ? u : nullptr, s, w_out, nullptr);
    if (x_out) child_.hvp<T>(call.w0, x, v, u, s, nullptr, x_out);
    // what of H[v] d, or of the input gradient of v'J d, changes with the inputs
    if (w_out && s && Degree == 2)
      difference_of_sum<T>(call, *s, v, *w_out,
                           [&](Matrix<const T> at, Matrix<const T> weights, Matrix<T> to) {
                             child_.hvp<T>(call.w0, at, weights, &d, nullptr, &to, nullptr);
                           });
    if (x_out && s)
      difference_by_rows<T>(call, *s, 1, *x_out, [&](Matrix<const T> at, Matrix<T> to) {
        child_.hvp<T>(call.w0, at, v, &d, nullptr, nullptr, &to);
      });
  }

  template <class T>
  void second(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u,
              const Matrix<const T>* s, Matrix<T> out) const {
    if (Degree == 2 && s) refuse("a second derivative along inputs");
    if (is_single<T> && s) {
      InDoubles<T> wide;
      second<double>(wide.of(w), wide.of(x), wide.of(u), wide.of(s), wide.result(out));
      return wide.round();
    }
    const Call<T> call(*this, w, x);
    if (Degree == 2) return child_.second<T>(call.w0, x, u, nullptr, out);
    set_zero(out);
    if (!s) return;
    // of J(x) d along (u, s): 2 Q((u, 0), (0, s)) and what is of second order in s
    child_.second<T>(call.w0, x, u, s, out);
    const Lease<T> along_u(call.scratch, out.rows, out.cols);
    child_.second<T>(call.w0, x, u, nullptr, *along_u);
    add<T>(-1, *along_u, out);
    difference_by_rows<T>(call, *s, 1, out, [&](Matrix<const T> at, Matrix<T> to) {
      set_zero(to);
      add_mixed<T>(call, at, nullptr, s, to);
    });
  }

  /// Of the linear model that of f at w0. Of the quadratic one the same where w is w0, else from
  /// its gradients in blocks of samples: for n samples a vjp and an hvp of single samples for each
  /// output, and 2 (n c)² p flops.
  template <class T>
  void tangent_kernel(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* z,
                      Matrix<T> out) const {
    const Call<T> call(*this, w, x);
    if (Degree == 1 || call.size == 0) return child_.tangent_kernel<T>(call.w0, x, z, out);
    const Matrix<const T> columns = z ? *z : x;
    const std::int64_t c = out.rows / std::max<std::int64_t>(x.rows, 1), p = w.rows;
    const std::int64_t block = std::max<std::int64_t>(1, most_numbers / (2 * c * p));
    const auto fit = [&](std::int64_t n) { return std::min(block, n) * c; };
    const Lease<T> rows(call.scratch, fit(x.rows), p), cols(call.scratch, fit(columns.rows), p);
    for (std::int64_t i = 0; i < x.rows; i += block) {
      const Matrix<T> jx = gradients(call, part(x, i, block), *rows, c);
      for (std::int64_t j = 0; j < (z ? columns.rows : i + 1); j += block) {
        const bool same = !z && i == j;
        const Matrix<T> jz = same ? jx : gradients(call, part(columns, j, block), *cols, c);
        Matrix<T> to = part(out, i * c, jx.rows);
        to.data += j * c;
        to.cols = jz.rows;
        host_.gemm<T>(1, jx, false, jz, true, 0, to);
      }
    }
    for (std::int64_t i = 0; !z && i < out.rows; ++i)
      for (std::int64_t j = 0; j < i; ++j) out(j, i) = out(i, j);
  }

 private:
  static constexpr std::int64_t most_numbers = std::int64_t{1} << 25;
  template <class T>
  static constexpr bool is_single = sizeof(T) == sizeof(float);

  template <class T>
  using Lease = typename network::Scratch<T>::Lease;

  /// What every function begins with: d = w - w0 and its norm.
  template <class T>
  struct Call {
    Call(const TaylorModel& model, Matrix<const T> w, Matrix<const T> samples)
        : scratch(model.host_), x(samples), w0(model.start<T>()), d(scratch, w.rows, 1) {
      if (w.rows != w0.rows)
        throw Error(ONAGER_INVALID, "there are " + std::to_string(w.rows) + " parameters where " +
                                        std::to_string(w0.rows) + " were expected");
      for (std::int64_t i = 0; i < w.rows; ++i) (*d)(i, 0) = w(i, 0) - w0(i, 0);
      size = norm<T>(*d);
    }
    mutable network::Scratch<T> scratch;
    Matrix<const T> x, w0;
    Lease<T> d;
    double size = 0;
  };

  [[noreturn]] static void refuse(const char* what) {
    throw Error(ONAGER_UNSUPPORTED, std::string(what) +
                                        " of a quadratic model needs fourth derivatives of the "
                                        "model it is of, which no model gives");
  }

  template <class T>
  Matrix<const T> start() const {
    if constexpr (is_single<T>) return {single_start_.data(), start_.rows, 1};
    else return start_.view();
  }

  template <class T>
  void value(const Call<T>& call, Matrix<T> out) const {
    const Matrix<const T> d = *call.d;
    const Lease<T> more(call.scratch, out.rows, out.cols);
    child_.forward<T>(call.w0, call.x, out);
    child_.jvp<T>(call.w0, call.x, &d, nullptr, *more);
    add<T>(1, *more, out);
    if (Degree < 2) return;
    child_.second<T>(call.w0, call.x, &d, nullptr, *more);
    add<T>(0.5, *more, out);
  }

  /// out <- sum_i (J_i + H_i d)'v_i
  template <class T>
  void parameter_gradient(const Call<T>& call, Matrix<const T> v, Matrix<T> out) const {
    const Lease<T> ignored(call.scratch, v.rows, v.cols);
    child_.vjp<T>(call.w0, call.x, *ignored, v, &out, nullptr);
    if (Degree < 2) return;
    const Lease<T> along_d(call.scratch, out.rows, 1);
    Matrix<T> more = *along_d;
    const Matrix<const T> d = *call.d;
    child_.hvp<T>(call.w0, call.x, v, &d, nullptr, &more, nullptr);
    add<T>(1, more, out);
  }

  /// Row i of out <- the gradient of v_i'g(w; x) at x_i
  template <class T>
  void input_gradient(Matrix<const T> w, Matrix<const T> x, Matrix<const T> v,
                      Matrix<T> out) const {
    if (is_single<T> && Degree == 2) {
      InDoubles<T> wide;
      input_gradient<double>(wide.of(w), wide.of(x), wide.of(v), wide.result(out));
      return wide.round();
    }
    const Call<T> call(*this, w, x);
    const Lease<T> ignored(call.scratch, v.rows, v.cols), along_d(call.scratch, x.rows, x.cols);
    Matrix<T> more = *along_d;
    const Matrix<const T> d = *call.d;
    child_.vjp<T>(call.w0, x, *ignored, v, nullptr, &out);
    child_.hvp<T>(call.w0, x, v, &d, nullptr, nullptr, &more);
    add<T>(1, more, out);
    if (Degree == 2)
      difference_along_d<T>(call, 0.5, out, [&](Matrix<const T> at, Matrix<T> to) {
        child_.hvp<T>(at, x, v, &d, nullptr, nullptr, &to);
      });
  }

  /// out += Q((d, 0), (u, s)) = Q((d, 0), (u, 0)) + Q((d, 0), (0, s)), with d scaled to the size of
  /// the other direction so that the two terms of its difference are about as large as it is. Rows
  /// of s have a size each: what a row gives does not depend on the others.
  template <class T>
  void add_mixed(const Call<T>& call, Matrix<const T> x, const Matrix<const T>* u,
                 const Matrix<const T>* s, Matrix<T> out) const {
    if (call.size == 0) return;
    const Lease<T> direction(call.scratch, call.w0.rows, 1), more(call.scratch, out.rows, out.cols);
    if (const double along = u ? norm<T>(*u) : 0; along != 0) {
      const double scale = along / call.size;
      for (const double sign : {1.0, -1.0}) {
        set_zero(*direction);
        add<T>(1, *u, *direction);
        add<T>(sign * scale, *call.d, *direction);
        const Matrix<const T> moved = *direction;
        child_.second<T>(call.w0, x, &moved, nullptr, *more);
        add<T>(sign / (4 * scale), *more, out);
      }
    }
    if (!s) return;
    const std::vector<double> lengths = row_norms<T>(*s);
    const Lease<T> units(call.scratch, s->rows, s->cols);
    set_zero(*units);
    add_rows<T>([&](auto i) { return 1 / lengths[i]; }, lengths, *s, *units);
    const Matrix<const T> unit = *units;
    for (const double sign : {1.0, -1.0}) {
      set_zero(*direction);
      add<T>(sign / call.size, *call.d, *direction);
      const Matrix<const T> moved = *direction;
      child_.second<T>(call.w0, x, &moved, &unit, *more);
      add_rows<T>([&](auto i) { return sign * call.size / 4 * lengths[i]; }, lengths, *more, out);
    }
  }

  /// The cube root of the rounding unit: the step of a central difference of a function of size 1.
  template <class T>
  static double relative_step() {
    return std::cbrt(static_cast<double>(std::numeric_limits<T>::epsilon()));
  }

  /// out += factor d/de of what `at` writes at w0 + e d, by a central difference.
  template <class T, class At>
  void difference_along_d(const Call<T>& call, double factor, Matrix<T> out, const At& at) const {
    if (call.size == 0) return;
    const double h = relative_step<T>() * (1 + norm<T>(call.w0)) / call.size;
    const Lease<T> w(call.scratch, call.w0.rows, 1), more(call.scratch, out.rows, out.cols);
    for (const double step : {h, -h}) {
      set_zero(*w);
      add<T>(1, call.w0, *w), add<T>(step, *call.d, *w);
      at(*w, *more);
      add<T>(factor / (2 * step), *more, out);
    }
  }

  /// Central differences along the rows of s: for each row the length of s and a step of its own.
  template <class T>
  struct RowSteps {
    RowSteps(const Call<T>& c, Matrix<const T> along)
        : call(c), s(along), lengths(row_norms<T>(along)), steps(row_norms<T>(c.x)) {
      for (std::size_t i = 0; i < steps.size(); ++i)
        steps[i] = relative_step<T>() * (1 + steps[i]) / lengths[i];
    }
    /// The samples with every row moved by its step.
    Matrix<T> moved(double sign, Matrix<T> room) const {
      set_zero(room);
      add<T>(1, call.x, room);
      add_rows<T>([&](auto i) { return sign * steps[i]; }, lengths, s, room);
      return room;
    }
    const Call<T>& call;
    Matrix<const T> s;
    std::vector<double> lengths, steps;
  };

  /// Row i of out += factor d/de of row i of what `at` writes at x + e s.
  template <class T, class At>
  void difference_by_rows(const Call<T>& call, Matrix<const T> s, double factor, Matrix<T> out,
                          const At& at) const {
    const RowSteps<T> by(call, s);
    const Lease<T> x(call.scratch, s.rows, s.cols), more(call.scratch, out.rows, out.cols);
    for (const double sign : {1.0, -1.0}) {
      at(by.moved(sign, *x), *more);
      add_rows<T>([&](auto i) { return sign * factor / (2 * by.steps[i]); }, by.lengths, *more,
                  out);
    }
  }

  /// out += d/de of what `at` writes at x + e s, a sum over rows with the weights v.
  template <class T, class At>
  void difference_of_sum(const Call<T>& call, Matrix<const T> s, Matrix<const T> v, Matrix<T> out,
                         const At& at) const {
    const RowSteps<T> by(call, s);
    const Lease<T> x(call.scratch, s.rows, s.cols), weights(call.scratch, v.rows, v.cols),
        more(call.scratch, out.rows, out.cols);
    set_zero(*weights);
    add_rows<T>([&](auto i) { return 1 / (2 * by.steps[i]); }, by.lengths, v, *weights);
    for (const double sign : {1.0, -1.0}) {
      at(by.moved(sign, *x), *weights, *more);
      add<T>(sign, *more, out);
    }
  }

  /// Row i c + l <- the gradient J + H d of output l at sample i.
  template <class T>
  Matrix<T> gradients(const Call<T>& call, Matrix<const T> x, Matrix<T> room,
                      std::int64_t c) const {
    const Matrix<const T> d = *call.d;
    const Lease<T> more(call.scratch, call.w0.rows, 1), v(call.scratch, 1, c),
        f(call.scratch, 1, c);
    room.rows = x.rows * c;
    for (std::int64_t i = 0; i < room.rows; ++i) {
      host_.stop_if_cancelled();
      set_zero(*v);
      (*v)(0, i % c) = 1;
      Matrix<T> row(room.row(i), room.cols, 1), hessian = *more;
      const Matrix<const T> sample = part(x, i / c, 1);
      child_.vjp<T>(call.w0, sample, *f, *v, &row, nullptr);
      child_.hvp<T>(call.w0, sample, *v, &d, nullptr, &hessian, nullptr);
      add<T>(1, hessian, row);
    }
    return room;
  }

  /// At most count rows from `first` on.
  template <class T>
  static Matrix<T> part(Matrix<T> m, std::int64_t first, std::int64_t count) {
    m.data = m.row(first);
    m.rows = std::min(count, m.rows - first);
    return m;
  }
  template <class T>
  static void set_zero(Matrix<T> m) {
    for (std::int64_t i = 0; i < m.rows; ++i) std::fill_n(m.row(i), m.cols, T(0));
  }
  /// to += factor m
  template <class T>
  static void add(double factor, Matrix<const T> m, Matrix<T> to) {
    const T scale = static_cast<T>(factor);
    for (std::int64_t i = 0; i < m.rows; ++i)
      for (std::int64_t j = 0; j < m.cols; ++j) to(i, j) += scale * m(i, j);
  }
  /// Row i of to += factor(i) row i of m, where lengths[i] is not 0
  template <class T, class Factor>
  static void add_rows(const Factor& factor, const std::vector<double>& lengths, Matrix<const T> m,
                       Matrix<T> to) {
    for (std::int64_t i = 0; i < m.rows; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (lengths[at] == 0) continue;
      const T scale = static_cast<T>(factor(at));
      for (std::int64_t j = 0; j < m.cols; ++j) to(i, j) += scale * m(i, j);
    }
  }
  template <class T>
  static std::vector<double> row_norms(Matrix<const T> m) {
    std::vector<double> out;
    for (std::int64_t i = 0; i < m.rows; ++i) out.push_back(norm<T>(part(m, i, 1)));
    return out;
  }
  template <class T>
  static double norm(Matrix<const T> m) {
    double sum = 0;
    for (std::int64_t i = 0; i < m.rows; ++i)
      for (std::int64_t j = 0; j < m.cols; ++j)
        sum += static_cast<double>(m(i, j)) * static_cast<double>(m(i, j));
    return std::sqrt(sum);
  }

  Host host_;
  NestedModel child_;
  Table start_;
  std::vector<float> single_start_;
  std::vector<Part> parts_;
};

}  // namespace onager::plugins
