// SPDX-License-Identifier: MIT
#include "linalg/predictor_gradient.hpp"

#include "linalg/blas.hpp"
#include "linalg/outer_product_plan.hpp"

#include <algorithm>

namespace onager::host {

namespace {

/// Columns of `out` <- factors(first_output + l, i) times sample i, output after output.
template <class T>
void scale_samples(ThreadPool& threads, const arma::Mat<T>& factors, std::int64_t first_output,
                   const T* samples, std::int64_t d, arma::Mat<T>& out) {
  const auto c = static_cast<std::int64_t>(factors.n_rows);
  const auto width = static_cast<std::int64_t>(out.n_rows);
  constexpr std::int64_t at_once = 64;
  const auto count = static_cast<std::int64_t>(out.n_cols);
  threads.run((count + at_once - 1) / at_once, [&](std::int64_t task, int) {
    for (std::int64_t i = task * at_once; i < std::min(count, (task + 1) * at_once); ++i)
      for (std::int64_t l = 0; l < width / d; ++l) {
        const T factor = factors.memptr()[i * c + first_output + l];
        const T* from = samples + i * d;
        T* row = out.memptr() + i * width + l * d;
        for (std::int64_t k = 0; k < d; ++k) row[k] = factor * from[k];
      }
  });
}

}  // namespace

template <class T>
arma::Mat<T> PredictorGradient<T>::weighted_centres(std::int64_t first_output,
                                                    std::int64_t count) const {
  arma::Mat<T> out(static_cast<arma::uword>(z_.dimension() * count), z_.columns.n_cols,
                   arma::fill::none);
  scale_samples(matrix_.threads(), alpha_, first_output, z_.columns.memptr(), z_.dimension(), out);
  return out;
}

template <class T>
arma::Mat<T> PredictorGradient<T>::gradients(std::int64_t first, std::int64_t rows,
                                             const KernelMatrix::GradientWeights<T>& weights,
                                             std::int64_t first_output,
                                             const arma::Mat<T>& centres) const {
  const std::int64_t m = z_.count(), d = x_.dimension();
  const auto width = static_cast<std::int64_t>(centres.n_rows);
  arma::Mat<T> out(centres.n_rows, static_cast<arma::uword>(rows), arma::fill::none);
  scale_samples(matrix_.threads(), weights.towards_x, first_output, x_.columns.memptr() + first * d,
                d, out);
  blas::gemm<T>(false, false, rows, width, m, T(1), weights.towards_z.data(), m, centres.memptr(),
                width, T(1), out.memptr(), width);
  if (!weights.blocks.empty()) add_block_kernels(first, weights, first_output, width / d, out);
  return out;
}

template <class T>
arma::Mat<T> PredictorGradient<T>::gradients(std::int64_t first_output, std::int64_t count) const {
  const auto layers = 1 + static_cast<std::int64_t>(matrix_.kernel().block_kernels());
  const auto plan =
      plan_outer_product({samples(), z_.count(), x_.dimension(), count, sizeof(T), false, layers},
                         OuterProductForm::by_output);
  const arma::Mat<T> centres = weighted_centres(first_output, count);
  arma::Mat<T> out(centres.n_rows, x_.columns.n_cols, arma::fill::none);
  KernelMatrix::GradientWeights<T> weights;
  for (std::int64_t first = 0; first < samples(); first += plan.rows) {
    const std::int64_t rows = std::min(plan.rows, samples() - first);
    matrix_.gradient_weights(x_, first, rows, z_, alpha_, weights);
    out.cols(static_cast<arma::uword>(first), static_cast<arma::uword>(first + rows - 1)) =
        gradients(first, rows, weights, first_output, centres);
  }
  return out;
}

template <class T>
void PredictorGradient<T>::add_block_kernels(std::int64_t first,
                                             const KernelMatrix::GradientWeights<T>& given,
                                             std::int64_t first_output, std::int64_t count,
                                             arma::Mat<T>& out) const {
  constexpr std::int64_t at_once = 128;
  const std::int64_t n = static_cast<std::int64_t>(out.n_cols), m = z_.count(), d = x_.dimension(),
                     c = outputs();
  struct Scratch {
    std::vector<T> weights, gradient;
  };
  std::vector<Scratch> scratch(static_cast<std::size_t>(matrix_.threads().threads()));
  matrix_.threads().run((n + at_once - 1) / at_once, [&](std::int64_t task, int worker) {
    auto& [weights, gradient] = scratch[static_cast<std::size_t>(worker)];
    const std::int64_t i0 = task * at_once, size = std::min(at_once, n - i0);
    weights.resize(static_cast<std::size_t>(size * m));
    gradient.resize(static_cast<std::size_t>(size * d));
    for (std::size_t b = 0; b < given.blocks.size(); ++b)
      for (std::int64_t l = 0; l < count; ++l) {
        for (std::int64_t i = 0; i < size; ++i)
          for (std::int64_t j = 0; j < m; ++j)
            weights[static_cast<std::size_t>(i * m + j)] =
                given.blocks[b].data()[(i0 + i) * m + j] *
                alpha_.memptr()[j * c + first_output + l];
        matrix_.kernel().block_gradient(b, x_.tile(z_, first + i0, size, 0, m), weights.data(),
                                        gradient.data());
        for (std::int64_t i = 0; i < size; ++i) {
          T* to = out.memptr() + (i0 + i) * d * count + l * d;
          for (std::int64_t k = 0; k < d; ++k)
            to[k] += gradient[static_cast<std::size_t>(i * d + k)];
        }
      }
  });
}

template class PredictorGradient<float>;
template class PredictorGradient<double>;

}  // namespace onager::host
