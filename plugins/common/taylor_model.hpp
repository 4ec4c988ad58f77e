// SPDX-License-Identifier: MIT
//
// The Taylor polynomial of any model in its parameters, as a model.
#pragma once

#include "network/scratch.hpp"

#include <onager/model.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

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
/// second ones; those that would need fourth derivatives are refused.
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
    const Lease<T> ignored(call.scratch, x.rows, f.cols);
    child_.vjp<T>(call.w0, x, *ignored, v, w_out, x_out);
    const bool in_w = w_out && Degree == 2;
    if (!in_w && !x_out) return;
    const Lease<T> to_w(call.scratch, in_w ? w.rows : 0, 1),
        to_x(call.scratch, x_out ? x.rows : 0, x.cols);
    Matrix<T> more_w = *to_w, more_x = *to_x;
    const Matrix<const T> d = *call.d;
    child_.hvp<T>(call.w0, x, v, &d, nullptr, in_w ? &more_w : nullptr, x_out ? &more_x : nullptr);
    if (in_w) add<T>(1, more_w, *w_out);
    if (x_out) add<T>(1, more_x, *x_out);
    if (x_out && Degree == 2)
      difference<T>(call, &d, nullptr, 0.5, *x_out,
                    [&](Matrix<const T> at, Matrix<const T>, Matrix<T> out) {
                      child_.hvp<T>(at, x, v, &d, nullptr, nullptr, &out);
                    });
  }

  template <class T>
  void jvp(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u, const Matrix<const T>* s,
           Matrix<T> out) const {
    const Call<T> call(*this, w, x);
    child_.jvp<T>(call.w0, x, u, s, out);
    if (Degree == 2 || s) add_mixed<T>(call, x, Degree == 2 ? u : nullptr, s, out);
    const Matrix<const T> d = *call.d;
    if (Degree == 2 && s)
      difference<T>(call, nullptr, s, 0.5, out,
                    [&](Matrix<const T>, Matrix<const T> at, Matrix<T> to) {
                      child_.second<T>(call.w0, at, &d, nullptr, to);
                    });
  }

  template <class T>
  void hvp(Matrix<const T> w, Matrix<const T> x, Matrix<const T> v, const Matrix<const T>* u,
           const Matrix<const T>* s, Matrix<T>* w_out, Matrix<T>* x_out) const {
    if (Degree == 2 && x_out) refuse("a derivative of input gradients");
    const Call<T> call(*this, w, x);
    const Matrix<const T> d = *call.d;
    if (w_out) child_.hvp<T>(call.w0, x, v, Degree == 2 ? u : nullptr, s, w_out, nullptr);
    if (x_out) child_.hvp<T>(call.w0, x, v, u, s, nullptr, x_out);
    // what of H[v] d, or of the input gradient of v'J d, changes with the inputs
    if (w_out && s && Degree == 2)
      difference<T>(call, nullptr, s, 1, *w_out,
                    [&](Matrix<const T>, Matrix<const T> at, Matrix<T> to) {
                      child_.hvp<T>(call.w0, at, v, &d, nullptr, &to, nullptr);
                    });
    if (x_out && s)
      difference<T>(call, nullptr, s, 1, *x_out,
                    [&](Matrix<const T>, Matrix<const T> at, Matrix<T> to) {
                      child_.hvp<T>(call.w0, at, v, &d, nullptr, nullptr, &to);
                    });
  }

  template <class T>
  void second(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u,
              const Matrix<const T>* s, Matrix<T> out) const {
    if (Degree == 2 && s) refuse("a second derivative along inputs");
    const Call<T> call(*this, w, x);
    if (Degree == 2) return child_.second<T>(call.w0, x, u, nullptr, out);
    set_zero(out);
    if (!s) return;
    // of J(x) d along (u, s): 2 Q((u, 0), (0, s)) and what is of second order in s
    child_.second<T>(call.w0, x, u, s, out);
    const Lease<T> along_u(call.scratch, out.rows, out.cols);
    child_.second<T>(call.w0, x, u, nullptr, *along_u);
    add<T>(-1, *along_u, out);
    difference<T>(call, nullptr, s, 1, out, [&](Matrix<const T>, Matrix<const T> at, Matrix<T> to) {
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
    if constexpr (sizeof(T) == sizeof(float)) return {single_start_.data(), start_.rows, 1};
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

  /// out += Q((d, 0), (u, s)), with d scaled to the size of (u, s) so that the two terms of its
  /// difference are about as large as it is.
  template <class T>
  void add_mixed(const Call<T>& call, Matrix<const T> x, const Matrix<const T>* u,
                 const Matrix<const T>* s, Matrix<T> out) const {
    const double along = std::hypot(u ? norm<T>(*u) : 0, s ? norm<T>(*s) : 0);
    if (call.size == 0 || along == 0) return;
    const double scale = along / call.size;
    const Lease<T> direction(call.scratch, call.w0.rows, 1), more(call.scratch, out.rows, out.cols);
    for (const double sign : {1.0, -1.0}) {
      set_zero(*direction);
      if (u) add<T>(1, *u, *direction);
      add<T>(sign * scale, *call.d, *direction);
      const Matrix<const T> moved = *direction;
      child_.second<T>(call.w0, x, &moved, s, *more);
      add<T>(sign / (4 * scale), *more, out);
    }
  }

  /// out += factor d/de of what `at` writes at (w0 + e u, x + e s), by a central difference.
  template <class T, class At>
  void difference(const Call<T>& call, const Matrix<const T>* u, const Matrix<const T>* s,
                  double factor, Matrix<T> out, const At& at) const {
    const double along = std::hypot(u ? norm<T>(*u) : 0, s ? norm<T>(*s) : 0);
    if (along == 0) return;
    const double size = 1 + std::hypot(u ? norm<T>(call.w0) : 0, s ? norm<T>(call.x) : 0);
    const double h =
        std::cbrt(static_cast<double>(std::numeric_limits<T>::epsilon())) * size / along;
    const Lease<T> w(call.scratch, call.w0.rows, 1), x(call.scratch, call.x.rows, call.x.cols),
        more(call.scratch, out.rows, out.cols);
    for (const double step : {h, -h}) {
      set_zero(*w), set_zero(*x);
      add<T>(1, call.w0, *w), add<T>(1, call.x, *x);
      if (u) add<T>(step, *u, *w);
      if (s) add<T>(step, *s, *x);
      at(*w, *x, *more);
      add<T>(factor / (2 * step), *more, out);
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
