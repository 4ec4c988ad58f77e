// SPDX-License-Identifier: MIT
#pragma once

#include "elementwise.hpp"
#include "layer.hpp"

namespace onager::plugins::network {

/// to += factor m, number by number
template <class T>
void add_scaled(const Host& host, double factor, Matrix<const T> m, const Target<T>& to) {
  const T scale = static_cast<T>(factor), keep = static_cast<T>(to.beta());
  elementwise(
      host, m.rows, m.cols,
      [&](std::int64_t n, const T* from, T* out) {
        if (keep == T(0))
          for (std::int64_t i = 0; i < n; ++i) out[i] = scale * from[i];
        else
          for (std::int64_t i = 0; i < n; ++i) out[i] += scale * from[i];
      },
      m, to.m);
}

/// y = sum_i factor_i a_i of inputs of one size; of one input: a multiple of it.
class Sum : public LayerOf<Sum> {
 public:
  Sum(std::int64_t size, std::vector<double> factors) : size_(size), factors_(std::move(factors)) {}

  std::int64_t size() const override { return size_; }

  template <class T>
  void forward(const Push<T>& p) const {
    for (int k = 0; k <= p.order; ++k)
      for (std::size_t i = 0; i < factors_.size(); ++i)
        if (p.inputs[i]->has(k))
          add_scaled<T>(p.host, factors_[i], (*p.inputs[i])[k], p.output.target(k));
  }
  template <class T>
  void backward(const Pull<T>& p) const {
    for (int k = 0; k <= p.order; ++k)
      for (std::size_t i = 0; i < factors_.size(); ++i)
        if (p.sums[i] && p.cotangent.has(k))
          add_scaled<T>(p.host, factors_[i], p.cotangent[k], p.sums[i]->target(k));
  }

 private:
  std::int64_t size_;
  std::vector<double> factors_;
};

/// y = (a_1, a_2, ..), the numbers of a sample one input after the other.
class Concatenate : public LayerOf<Concatenate> {
 public:
  explicit Concatenate(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {
    for (const std::int64_t size : sizes_) size_ += size;
  }

  std::int64_t size() const override { return size_; }

  template <class T>
  void forward(const Push<T>& p) const {
    for (int k = 0; k <= p.order; ++k) {
      bool some = false;
      for (const auto* input : p.inputs) some |= input->has(k);
      if (!some) continue;
      const Matrix<T> y = p.output.target(k).m;
      std::int64_t first = 0;
      for (std::size_t i = 0; i < sizes_.size(); first += sizes_[i++]) {
        const Target<T> to{columns(y, first, sizes_[i]), true};
        if (p.inputs[i]->has(k)) add_scaled<T>(p.host, 1, (*p.inputs[i])[k], to);
        else fill(to.m, T(0));
      }
    }
  }
  template <class T>
  void backward(const Pull<T>& p) const {
    for (int k = 0; k <= p.order; ++k) {
      std::int64_t first = 0;
      for (std::size_t i = 0; i < sizes_.size(); first += sizes_[i++])
        if (p.sums[i] && p.cotangent.has(k))
          add_scaled<T>(p.host, 1, columns(p.cotangent[k], first, sizes_[i]), p.sums[i]->target(k));
    }
  }

 private:
  template <class T>
  static Matrix<T> columns(Matrix<T> m, std::int64_t first, std::int64_t count) {
    m.data += first;
    m.cols = count;
    return m;
  }

  std::vector<std::int64_t> sizes_;
  std::int64_t size_ = 0;
};

}  // namespace onager::plugins::network
