// SPDX-License-Identifier: MIT
#include "linalg/predictor_gradient.hpp"

#include "linalg/blas.hpp"

#include <algorithm>

namespace onager::host {

template <class T>
PredictorGradient<T>::PredictorGradient(const KernelMatrix& matrix, const KernelSamples<T>& x,
                                        const KernelSamples<T>& z, const arma::Mat<T>& alpha)
    : matrix_(matrix),
      x_(x),
      z_(z),
      alpha_(alpha),
      weights_(matrix.gradient_weights(x, z, alpha)) {}

template <class T>
std::int64_t PredictorGradient<T>::outputs_at_once() const {
  constexpr std::int64_t limit = 256 << 20;  // bytes of one chunk
  const std::int64_t one =
      std::max(x_.count(), z_.count()) * x_.dimension() * static_cast<std::int64_t>(sizeof(T));
  return std::clamp<std::int64_t>(limit / std::max<std::int64_t>(one, 1), 1, outputs());
}

template <class T>
arma::Mat<T> PredictorGradient<T>::gradients(std::int64_t first, std::int64_t count) const {
  const std::int64_t n = x_.count(), m = z_.count(), d = x_.dimension(), c = outputs();
  const std::int64_t width = d * count;

  // row j: alpha_lj z_j for each output of the chunk
  arma::Mat<T> weighted(static_cast<arma::uword>(width), static_cast<arma::uword>(m));
  arma::Mat<T> out(static_cast<arma::uword>(width), static_cast<arma::uword>(n));
  const auto scale = [&](const arma::Mat<T>& factors, const arma::Mat<T>& samples, arma::Mat<T>& to,
                         std::int64_t i) {
    const T* from = samples.memptr() + i * d;
    for (std::int64_t l = 0; l < count; ++l) {
      const T factor = factors.memptr()[i * c + first + l];
      T* row = to.memptr() + i * width + l * d;
      for (std::int64_t k = 0; k < d; ++k) row[k] = factor * from[k];
    }
  };
  matrix_.threads().run(m, [&](std::int64_t j, int) { scale(alpha_, z_.columns, weighted, j); });
  matrix_.threads().run(
      n, [&](std::int64_t i, int) { scale(weights_.towards_x, x_.columns, out, i); });
  blas::gemm<T>(false, false, n, width, m, T(1), weights_.towards_z.data(), m, weighted.memptr(),
                width, T(1), out.memptr(), width);
  if (!weights_.blocks.empty()) add_block_kernels(first, count, out);
  return out;
}

template <class T>
void PredictorGradient<T>::add_block_kernels(std::int64_t first, std::int64_t count,
                                             arma::Mat<T>& out) const {
  constexpr std::int64_t rows = 128;
  const std::int64_t n = x_.count(), m = z_.count(), d = x_.dimension(), c = outputs();
  struct Scratch {
    std::vector<T> weights, gradient;
  };
  std::vector<Scratch> scratch(static_cast<std::size_t>(matrix_.threads().threads()));
  matrix_.threads().run((n + rows - 1) / rows, [&](std::int64_t task, int worker) {
    auto& [weights, gradient] = scratch[static_cast<std::size_t>(worker)];
    const std::int64_t i0 = task * rows, size = std::min(rows, n - i0);
    weights.resize(static_cast<std::size_t>(size * m));
    gradient.resize(static_cast<std::size_t>(size * d));
    for (std::size_t b = 0; b < weights_.blocks.size(); ++b)
      for (std::int64_t l = 0; l < count; ++l) {
        for (std::int64_t i = 0; i < size; ++i)
          for (std::int64_t j = 0; j < m; ++j)
            weights[static_cast<std::size_t>(i * m + j)] =
                weights_.blocks[b].data()[(i0 + i) * m + j] * alpha_.memptr()[j * c + first + l];
        matrix_.kernel().block_gradient(b, x_.tile(z_, i0, size, 0, m), weights.data(),
                                        gradient.data());
        for (std::int64_t i = 0; i < size; ++i) {
          T* to = out.memptr() + (i0 + i) * d * count + l * d;
          for (std::int64_t k = 0; k < d; ++k)
            to[k] += gradient[static_cast<std::size_t>(i * d + k)];
        }
      }
  });
}

template <class T>
arma::Mat<T> average_gradient_outer_product(
    const PredictorGradient<T>& predictor, OuterProduct form, Centering centering,
    const std::function<arma::Mat<T>(arma::Mat<T>, std::int64_t count)>& pull_back) {
  const std::int64_t n = predictor.samples(), step = predictor.outputs_at_once();
  arma::Mat<T> result;
  for (std::int64_t first = 0; first < predictor.outputs(); first += step) {
    const std::int64_t count = std::min(step, predictor.outputs() - first);
    arma::Mat<T> chunk = predictor.gradients(first, count);
    if (pull_back) chunk = pull_back(std::move(chunk), count);
    const std::int64_t e = static_cast<std::int64_t>(chunk.n_rows) / count;
    const auto ue = static_cast<arma::uword>(e);
    if (centering == Centering::mean) {
      const arma::Col<T> mean = arma::mean(chunk, 1);
      chunk.each_col() -= mean;
    }
    if (result.is_empty()) result.zeros(ue, form == OuterProduct::full ? ue : 1);
    if (form == OuterProduct::full) {
      blas::syrk_lower<T>(e, n * count, T(1) / static_cast<T>(n), chunk.memptr(), e, T(1),
                          result.memptr(), e);
    } else {
      chunk.reshape(ue, static_cast<arma::uword>(n * count));
      result += arma::sum(arma::square(chunk), 1) / static_cast<T>(n);
    }
  }
  // row-major lower is Armadillo's upper
  if (form == OuterProduct::full) result = arma::symmatu(result);
  return result;
}

#define ONAGER_INSTANTIATE(T)                               \
  template class PredictorGradient<T>;                      \
  template arma::Mat<T> average_gradient_outer_product(     \
      const PredictorGradient<T>&, OuterProduct, Centering, \
      const std::function<arma::Mat<T>(arma::Mat<T>, std::int64_t)>&);
ONAGER_INSTANTIATE(float)
ONAGER_INSTANTIATE(double)
#undef ONAGER_INSTANTIATE

}  // namespace onager::host
