// SPDX-License-Identifier: MIT
#include "linalg/model_functions.hpp"

#include "linalg/arrays.hpp"

#include <armadillo>

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::host {

namespace {

constexpr double jacobian_bytes = 256e6;  // of one block of rows

template <class Work>
void with_precision(const onager_array& w, Work&& work) {
  if (w.dtype == ONAGER_FLOAT32) work(float{});
  else work(double{});
}

/// Sum of squares of an array's numbers.
template <class T>
double squares(const onager_array& a) {
  double sum = 0;
  for (std::int64_t i = 0; i < a.rows; ++i) {
    const T* row = static_cast<const T*>(a.data) + i * a.row_stride;
    for (std::int64_t j = 0; j < a.cols; ++j) sum += static_cast<double>(row[j]) * row[j];
  }
  return sum;
}

double root_mean_square(double sum, const onager_array& a) {
  return std::sqrt(sum / std::max<double>(1, static_cast<double>(a.rows * a.cols)));
}

/// A point moved along a direction: w + h u and x + h s.
template <class T>
class Moved {
 public:
  Moved(const onager_array& w, const onager_array& x, const onager_array* u, const onager_array* s)
      : w_(w), x_(x), u_(u), s_(s) {
    if (u) moved_w_ = copy_as<T>(w);
    if (s) moved_x_ = copy_as<T>(x);
  }

  /// The step whose rounding and truncation errors are of one size for a difference of that order.
  double step(double power) const {
    double at = 0, along = 0;
    const auto count = [&](const onager_array& from, const onager_array* direction) {
      if (!direction) return;
      at = std::max(at, root_mean_square(squares<T>(from), from));
      along = std::max(along, root_mean_square(squares<T>(*direction), *direction));
    };
    count(w_, u_);
    count(x_, s_);
    if (along == 0) return 1;
    return std::pow(static_cast<double>(std::numeric_limits<T>::epsilon()), power) * (1 + at) /
           along;
  }

  void to(double h) {
    if (u_) move(w_, *u_, h, moved_w_);
    if (s_) move(x_, *s_, h, moved_x_);
  }
  onager_array w() const { return u_ ? as_array(moved_w_) : w_; }
  onager_array x() const { return s_ ? as_array(moved_x_) : x_; }

 private:
  static void move(const onager_array& from, const onager_array& along, double h,
                   arma::Mat<T>& out) {
    T* to = out.memptr();
    for (std::int64_t i = 0; i < from.rows; ++i) {
      const T* a = static_cast<const T*>(from.data) + i * from.row_stride;
      const T* b = static_cast<const T*>(along.data) + i * along.row_stride;
      for (std::int64_t j = 0; j < from.cols; ++j, ++to) *to = a[j] + static_cast<T>(h) * b[j];
    }
  }

  const onager_array &w_, &x_;
  const onager_array *u_, *s_;
  arma::Mat<T> moved_w_, moved_x_;
};

/// out <- (out - other) * scale
template <class T>
void difference(onager_array& out, const arma::Mat<T>& other, double scale) {
  const T* from = other.memptr();
  for (std::int64_t i = 0; i < out.rows; ++i) {
    T* row = static_cast<T*>(out.data) + i * out.row_stride;
    for (std::int64_t j = 0; j < out.cols; ++j, ++from)
      row[j] = static_cast<T>((static_cast<double>(row[j]) - *from) * scale);
  }
}

/// A matrix of an array's shape, its rows as columns.
template <class T>
arma::Mat<T> like(const onager_array& a) {
  return arma::Mat<T>(static_cast<arma::uword>(a.cols), static_cast<arma::uword>(a.rows));
}

onager_array row_of(const onager_array& a, std::int64_t i) {
  onager_array out = a;
  const std::int64_t size = a.dtype == ONAGER_FLOAT32 ? 4 : 8;
  out.data = static_cast<char*>(a.data) + i * a.row_stride * size;
  out.rows = 1;
  return out;
}

template <class T>
const T* table_of(const onager_child& child, const char* id) {
  return static_cast<const T*>(child.component->interface(child.instance, id));
}

}  // namespace

ModelFunctions::ModelFunctions(const onager_child& child, Call call)
    : instance_(child.instance),
      call_(std::move(call)),
      model_(table_of<onager_model>(child, ONAGER_MODEL)),
      tangent_(table_of<onager_model_tangent>(child, ONAGER_MODEL_TANGENT)),
      kernel_(table_of<onager_model_tangent_kernel>(child, ONAGER_MODEL_TANGENT_KERNEL)) {}

void ModelFunctions::forward(const onager_array& w, const onager_array& x,
                             onager_array& out) const {
  call_("forward", [&] { return model_->forward(instance_, &w, &x, &out); });
}

void ModelFunctions::vjp(const onager_array& w, const onager_array& x, onager_array& f,
                         onager_cotangent cotangent, void* argument, const onager_array& v,
                         onager_array* w_out, onager_array* x_out) const {
  call_("vjp",
        [&] { return model_->vjp(instance_, &w, &x, &f, cotangent, argument, &v, w_out, x_out); });
}

void ModelFunctions::jvp(const onager_array& w, const onager_array& x, const onager_array* u,
                         const onager_array* s, onager_array& out) const {
  if (tangent_) return call_("jvp", [&] { return tangent_->jvp(instance_, &w, &x, u, s, &out); });
  with_precision(w, [&](auto zero) {
    using T = decltype(zero);
    Moved<T> point(w, x, u, s);
    const double h = point.step(1.0 / 3);
    arma::Mat<T> below = like<T>(out);
    auto below_array = as_array(below);
    point.to(-h);
    forward(point.w(), point.x(), below_array);
    point.to(h);
    forward(point.w(), point.x(), out);
    difference<T>(out, below, 0.5 / h);
  });
}

void ModelFunctions::hvp(const onager_array& w, const onager_array& x, const onager_array& v,
                         const onager_array* u, const onager_array* s, onager_array* w_out,
                         onager_array* x_out) const {
  if (tangent_)
    return call_("hvp", [&] { return tangent_->hvp(instance_, &w, &x, &v, u, s, w_out, x_out); });
  with_precision(w, [&](auto zero) {
    using T = decltype(zero);
    Moved<T> point(w, x, u, s);
    const double h = point.step(1.0 / 3);
    arma::Mat<T> f = like<T>(v), below_w, below_x;
    onager_array f_array = as_array(f), below_w_array, below_x_array;
    if (w_out) {
      below_w = like<T>(*w_out);
      below_w_array = as_array(below_w);
    }
    if (x_out) {
      below_x = like<T>(*x_out);
      below_x_array = as_array(below_x);
    }
    point.to(-h);
    vjp(point.w(), point.x(), f_array, nullptr, nullptr, v, w_out ? &below_w_array : nullptr,
        x_out ? &below_x_array : nullptr);
    point.to(h);
    vjp(point.w(), point.x(), f_array, nullptr, nullptr, v, w_out, x_out);
    if (w_out) difference<T>(*w_out, below_w, 0.5 / h);
    if (x_out) difference<T>(*x_out, below_x, 0.5 / h);
  });
}

void ModelFunctions::second(const onager_array& w, const onager_array& x, const onager_array* u,
                            const onager_array* s, onager_array& out) const {
  if (tangent_)
    return call_("second", [&] { return tangent_->second(instance_, &w, &x, u, s, &out); });
  with_precision(w, [&](auto zero) {
    using T = decltype(zero);
    Moved<T> point(w, x, u, s);
    const double h = point.step(0.25);
    arma::Mat<T> at = like<T>(out), below = like<T>(out);
    auto at_array = as_array(at), below_array = as_array(below);
    forward(w, x, at_array);
    point.to(-h);
    forward(point.w(), point.x(), below_array);
    point.to(h);
    forward(point.w(), point.x(), out);
    at = 2 * at - below;
    difference<T>(out, at, 1 / (h * h));
  });
}

void ModelFunctions::tangent_kernel(const onager_array& w, const onager_array& x,
                                    const onager_array* z, onager_array& out) const {
  if (kernel_)
    return call_("tangent_kernel", [&] { return kernel_->block(instance_, &w, &x, z, &out); });
  tangent_kernel_by_jacobian(w, x, z, out);
}

void ModelFunctions::tangent_kernel_by_jacobian(const onager_array& w, const onager_array& x,
                                                const onager_array* z, onager_array& out) const {
  with_precision(w, [&](auto zero) {
    using T = decltype(zero);
    const onager_array& columns = z ? *z : x;
    const std::int64_t p = w.rows, c = x.rows > 0 ? out.rows / x.rows : 1;
    const auto step = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(jacobian_bytes / static_cast<double>(sizeof(T)) /
                                     static_cast<double>(p * c)));
    // p x (count c), the gradients of samples first .. first + count - 1
    const auto jacobian = [&](const onager_array& samples, std::int64_t first, std::int64_t count) {
      arma::Mat<T> j(static_cast<arma::uword>(p), static_cast<arma::uword>(count * c));
      arma::Mat<T> f(static_cast<arma::uword>(c), 1), v(static_cast<arma::uword>(c), 1);
      auto f_array = as_array(f);
      for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t l = 0; l < c; ++l) {
          v.zeros();
          v(static_cast<arma::uword>(l)) = 1;
          onager_array gradient{sizeof(onager_array),
                                dtype_of<T>(),
                                j.colptr(static_cast<arma::uword>(i * c + l)),
                                p,
                                1,
                                1,
                                1};
          vjp(w, row_of(samples, first + i), f_array, nullptr, nullptr, as_array(v), &gradient,
              nullptr);
        }
      return j;
    };
    for (std::int64_t a = 0; a < x.rows; a += step) {
      const std::int64_t rows = std::min(step, x.rows - a);
      const arma::Mat<T> ja = jacobian(x, a, rows);
      for (std::int64_t b = z ? 0 : a; b < columns.rows; b += step) {
        const std::int64_t cols = std::min(step, columns.rows - b);
        const bool same = !z && a == b;
        const arma::Mat<T> k =
            same ? arma::Mat<T>(ja.t() * ja) : arma::Mat<T>(ja.t() * jacobian(columns, b, cols));
        for (std::int64_t i = 0; i < rows * c; ++i)
          for (std::int64_t j = 0; j < cols * c; ++j) {
            const T value = k(static_cast<arma::uword>(i), static_cast<arma::uword>(j));
            T* data = static_cast<T*>(out.data);
            data[(a * c + i) * out.row_stride + b * c + j] = value;
            if (!z) data[(b * c + j) * out.row_stride + a * c + i] = value;
          }
      }
    }
  });
}

}  // namespace onager::host
