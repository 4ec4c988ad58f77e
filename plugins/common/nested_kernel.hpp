// SPDX-License-Identifier: MIT
//
// A kernel that another component holds as a parameter, evaluated by that component.
#pragma once

#include <onager/buffer.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace onager::plugins {

/// A kernel component of any form, and what it is made of. All in double, which every kernel takes.
///
/// For a block of n x m pairs: 2 n m d flops for the inner products, one pass a component of it,
/// and as much again for the gradient; n m numbers a component.
class NestedKernel {
 public:
  NestedKernel(const onager_child& kernel, const Host& host)
      : host_(host), id_(kernel.component->id), instance_(kernel.instance) {
    find(kernel, ONAGER_KERNEL_RADIAL, radial_);
    find(kernel, ONAGER_KERNEL_DOT, dot_);
    find(kernel, ONAGER_KERNEL_COMPOSITE, composite_);
    find(kernel, ONAGER_KERNEL_BLOCK, block_);
    if (!radial_ && !dot_ && !composite_ && !block_)
      throw Error(ONAGER_UNSUPPORTED,
                  std::string("kernel ") + id_ + " has no interface that is known here");
    if (!composite_) return;
    const onager_child* list = nullptr;
    const std::int64_t count = composite_->children(instance_, &list);
    for (std::int64_t i = 0; i < count; ++i) children_.emplace_back(list[i], host);
  }

  const char* id() const { return id_; }

  /// out (n x m) <- k(x_i, z_j) for x: n x d, z: m x d. No array has gaps between its rows.
  void values(Matrix<const double> x, Matrix<const double> z, Matrix<double> out) const {
    values(Pairs(host_, x, z), out);
  }

  /// out (n x d) <- sum_j weights_ij grad_1 k(x_i, z_j); a coincident pair of a radial kernel
  /// counts 0
  void gradient(Matrix<const double> x, Matrix<const double> z, Matrix<const double> weights,
                Matrix<double> out) const {
    const Pairs pairs(host_, x, z);
    Gradient sum{Plane(host_, pairs), std::vector<double>(static_cast<std::size_t>(x.rows)), out};
    std::fill_n(sum.towards_z.data(), pairs.count(), 0.0);
    std::fill_n(out.data, x.rows * x.cols, 0.0);
    add_gradient(pairs, weights.data, sum);
    host_.gemm<double>(1, sum.towards_z.matrix(), false, z, false, 1, out);
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t f = 0; f < x.cols; ++f)
        out(i, f) += sum.towards_x[static_cast<std::size_t>(i)] * x(i, f);
  }

 private:
  /// A block of n x m pairs with what profiles see of them.
  struct Pairs {
    Pairs(const Host& host, Matrix<const double> rows, Matrix<const double> columns)
        : x(rows), z(columns), s_memory(host, count()), r2_memory(host, count()) {
      host.gemm<double>(1, x, false, z, true, 0, Matrix<double>(s(), n(), m()));
      for (std::int64_t i = 0; i < n(); ++i) a.push_back(squares(x.row(i), nullptr, x.cols));
      for (std::int64_t j = 0; j < m(); ++j) b.push_back(squares(z.row(j), nullptr, z.cols));
      for (std::int64_t i = 0; i < n(); ++i)
        for (std::int64_t j = 0; j < m(); ++j) {
          const double sum = a[static_cast<std::size_t>(i)] + b[static_cast<std::size_t>(j)];
          const double distance = sum - 2 * s()[i * m() + j];
          // where the difference cancels, and to be exactly 0 for coincident samples
          r2()[i * m() + j] =
              distance < 1e-6 * sum ? squares(x.row(i), z.row(j), x.cols) : distance;
        }
    }
    std::int64_t n() const { return x.rows; }
    std::int64_t m() const { return z.rows; }
    std::int64_t count() const { return x.rows * z.rows; }
    double* s() const { return s_memory.data(); }
    double* r2() const { return r2_memory.data(); }

    Matrix<const double> x, z;
    Buffer<double> s_memory, r2_memory;
    std::vector<double> a, b;  // |x_i|², |z_j|²

   private:
    static double squares(const double* x, const double* z, std::int64_t d) {
      double sum = 0;
      for (std::int64_t f = 0; f < d; ++f) {
        const double v = z ? x[f] - z[f] : x[f];
        sum += v * v;
      }
      return sum;
    }
  };

  /// A number for each pair.
  class Plane {
   public:
    Plane(const Host& host, const Pairs& pairs)
        : memory_(host, pairs.count()), rows_(pairs.n()), cols_(pairs.m()) {}
    double* data() const { return memory_.data(); }
    Matrix<const double> matrix() const { return {memory_.data(), rows_, cols_}; }

   private:
    Buffer<double> memory_;
    std::int64_t rows_, cols_;
  };
  using Planes = std::deque<Plane>;

  /// The gradient of pair (i, j) is towards_z_ij z_j + towards_x_i x_i, plus what needs the data.
  struct Gradient {
    Plane towards_z;
    std::vector<double> towards_x;
    Matrix<double> from_data;
  };

  template <class Table>
  static void find(const onager_child& kernel, const char* name, const Table*& table) {
    table = static_cast<const Table*>(kernel.component->interface(kernel.instance, name));
    if (table && table->struct_size < sizeof(Table)) table = nullptr;
  }

  void values(const Pairs& pairs, Matrix<double> out) const {
    if (radial_) {
      Host::check(radial_->evaluate_f64(instance_, pairs.count(), pairs.r2(), out.data, nullptr));
    } else if (dot_) {
      evaluate_dot(pairs, out.data, nullptr, nullptr);
    } else if (block_) {
      const auto x = pairs.x.array(), z = pairs.z.array();
      auto to = out.array();
      Host::check(block_->block(instance_, &x, &z, &to));
    } else {
      Planes memory;
      const auto at = child_values(pairs, memory);
      Host::check(composite_->combine_f64(instance_, pairs.count(), at.data(), out.data, nullptr));
    }
  }

  /// Adds sum_j weights_ij grad_1 k(x_i, z_j); weights: n m numbers.
  void add_gradient(const Pairs& pairs, const double* weights, Gradient& sum) const {
    const std::int64_t n = pairs.n(), m = pairs.m();
    if (radial_) {
      const Plane slope(host_, pairs);
      differentiable(
          radial_->evaluate_f64(instance_, pairs.count(), pairs.r2(), nullptr, slope.data()));
      for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = i * m; j < (i + 1) * m; ++j) {
          const double along = pairs.r2()[j] > 0 ? 2 * weights[j] * slope.data()[j] : 0.0;
          sum.towards_z.data()[j] -= along;
          sum.towards_x[static_cast<std::size_t>(i)] += along;
        }
    } else if (dot_) {
      const Plane slope_s(host_, pairs), slope_a(host_, pairs);
      evaluate_dot(pairs, nullptr, slope_s.data(), slope_a.data());
      for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = i * m; j < (i + 1) * m; ++j) {
          sum.towards_z.data()[j] += weights[j] * slope_s.data()[j];
          sum.towards_x[static_cast<std::size_t>(i)] += 2 * weights[j] * slope_a.data()[j];
        }
    } else if (block_) {
      if (!block_->gradient) differentiable(ONAGER_UNSUPPORTED);
      const Buffer<double> memory(host_, n * pairs.x.cols);
      const auto x = pairs.x.array(), z = pairs.z.array(),
                 w = Matrix<const double>(weights, n, m).array();
      auto to = Matrix<double>(memory.data(), n, pairs.x.cols).array();
      Host::check(block_->gradient(instance_, &x, &z, &w, &to));
      for (std::int64_t i = 0; i < n * pairs.x.cols; ++i) sum.from_data.data[i] += memory.data()[i];
    } else {
      Planes memory, slope_memory;
      const auto at = child_values(pairs, memory);
      std::vector<double*> slopes;
      for (std::size_t c = 0; c < children_.size(); ++c)
        slopes.push_back(slope_memory.emplace_back(host_, pairs).data());
      differentiable(
          composite_->combine_f64(instance_, pairs.count(), at.data(), nullptr, slopes.data()));
      for (std::size_t c = 0; c < children_.size(); ++c) {
        for (std::int64_t j = 0; j < pairs.count(); ++j) slopes[c][j] *= weights[j];
        children_[c].add_gradient(pairs, slopes[c], sum);
      }
    }
  }

  void evaluate_dot(const Pairs& pairs, double* k, double* slope_s, double* slope_a) const {
    const std::int64_t m = pairs.m();
    std::vector<double> a(static_cast<std::size_t>(m));
    for (std::int64_t i = 0; i < pairs.n(); ++i) {
      std::fill(a.begin(), a.end(), pairs.a[static_cast<std::size_t>(i)]);
      const std::int64_t at = i * m;
      differentiable(dot_->evaluate_f64(instance_, m, pairs.s() + at, a.data(), pairs.b.data(),
                                        k ? k + at : nullptr, slope_s ? slope_s + at : nullptr,
                                        slope_a ? slope_a + at : nullptr));
    }
  }

  std::vector<const double*> child_values(const Pairs& pairs, Planes& memory) const {
    std::vector<const double*> out;
    for (const NestedKernel& child : children_) {
      const Plane& plane = memory.emplace_back(host_, pairs);
      child.values(pairs, Matrix<double>(plane.data(), pairs.n(), pairs.m()));
      out.push_back(plane.data());
    }
    return out;
  }

  void differentiable(onager_status status) const {
    if (status == ONAGER_UNSUPPORTED)
      throw Error(status, std::string("kernel ") + id_ +
                              " has no derivative, so no gradient passes through it");
    Host::check(status);
  }

  Host host_;
  const char* id_;
  void* instance_;
  const onager_radial_kernel* radial_ = nullptr;
  const onager_dot_kernel* dot_ = nullptr;
  const onager_composite_kernel* composite_ = nullptr;
  const onager_block_kernel* block_ = nullptr;
  std::vector<NestedKernel> children_;
};

}  // namespace onager::plugins
