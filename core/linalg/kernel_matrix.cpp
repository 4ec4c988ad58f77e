// SPDX-License-Identifier: MIT
#include "linalg/kernel_matrix.hpp"

#include "linalg/blas.hpp"

#include <algorithm>

namespace onager::host {

namespace {

// Rows and columns of a tile: in float64 its values are 512 KiB, so that the pass after the gemm
// finds them in cache, and the gemm packs each of its operands for many rows of the other.
constexpr std::int64_t tile_rows = 128;
constexpr std::int64_t tile_columns = 512;

std::int64_t tiles(std::int64_t n, std::int64_t size) { return (n + size - 1) / size; }

template <class T>
using Workspaces = std::vector<KernelExpression::Workspace<T>>;

template <class T>
Workspaces<T> workspaces(const ThreadPool& threads) {
  return Workspaces<T>(static_cast<std::size_t>(threads.threads()));
}

}  // namespace

template <class T>
TileInput<T> KernelSamples<T>::tile(const KernelSamples& other, std::int64_t x0, std::int64_t m,
                                    std::int64_t z0, std::int64_t n) const {
  const std::int64_t d = dimension();
  return {columns.memptr() + x0 * d, other.columns.memptr() + z0 * d, m, n, d,
          norms.memptr() + x0,       other.norms.memptr() + z0};
}

template <class T>
KernelSamples<T> KernelSamples<T>::gathered(const std::int64_t* indices, std::int64_t count) const {
  KernelSamples some;
  some.columns.set_size(columns.n_rows, static_cast<arma::uword>(count));
  some.norms.set_size(static_cast<arma::uword>(count));
  for (arma::uword to = 0; to < some.norms.n_elem; ++to) {
    const auto from = static_cast<arma::uword>(indices[to]);
    some.columns.col(to) = columns.col(from);
    some.norms(to) = norms(from);
  }
  return some;
}

template <class T>
KernelSamples<T> kernel_samples(arma::Mat<T> columns, const arma::Col<T>& shift) {
  KernelSamples<T> out;
  out.columns = std::move(columns);
  if (!shift.is_empty()) out.columns.each_col() -= shift;
  out.norms.set_size(out.columns.n_cols);
  for (arma::uword i = 0; i < out.columns.n_cols; ++i)
    out.norms(i) = arma::dot(out.columns.col(i), out.columns.col(i));
  return out;
}

template <class T>
arma::Col<T> kernel_shift(const KernelExpression& kernel, const arma::Mat<T>& columns) {
  if (!kernel.translation_invariant()) return {};
  return arma::mean(columns, 1);
}

template <class T>
void KernelMatrix::fill(const KernelSamples<T>& x, const KernelSamples<T>& z, T* k,
                        std::int64_t ld) const {
  const std::int64_t n = x.count(), m = z.count(), across = tiles(m, tile_columns);
  auto work = workspaces<T>(threads_);
  threads_.run(tiles(n, tile_rows) * across, [&](std::int64_t task, int worker) {
    const std::int64_t i = task / across * tile_rows, j = task % across * tile_columns;
    TileOutput<T> out;
    out.k = k + i * ld + j;
    out.ld = ld;
    kernel_.evaluate(x.tile(z, i, std::min(tile_rows, n - i), j, std::min(tile_columns, m - j)),
                     out, work[static_cast<std::size_t>(worker)]);
  });
}

template <class T>
void KernelMatrix::fill_symmetric(const KernelSamples<T>& x, Part part, T* k,
                                  std::int64_t ld) const {
  const std::int64_t n = x.count();
  struct Tile {
    std::int64_t i, j;
  };
  std::vector<Tile> list;
  for (std::int64_t i = 0; i < n; i += tile_rows)
    for (std::int64_t j = 0; j < std::min(i + tile_rows, n); j += tile_columns)
      list.push_back({i, j});

  auto work = workspaces<T>(threads_);
  threads_.run(static_cast<std::int64_t>(list.size()), [&](std::int64_t task, int worker) {
    const auto [i, j] = list[static_cast<std::size_t>(task)];
    const std::int64_t m = std::min(tile_rows, n - i);
    const std::int64_t columns = std::min({tile_columns, n - j, i + m - j});
    TileOutput<T> out;
    out.k = k + i * ld + j;
    out.ld = ld;
    kernel_.evaluate(x.tile(x, i, m, j, columns), out, work[static_cast<std::size_t>(worker)]);
  });
  if (part == Part::lower) return;

  // each task owns a stripe of columns of the upper part, and reads rows of the lower one
  constexpr std::int64_t stripe = 64;
  threads_.run(tiles(n, stripe), [&](std::int64_t task, int) {
    const std::int64_t first = task * stripe, last = std::min(first + stripe, n);
    for (std::int64_t i0 = 0; i0 < last; i0 += stripe)
      for (std::int64_t j = first; j < last; ++j)
        for (std::int64_t i = i0; i < std::min(i0 + stripe, j); ++i) k[i * ld + j] = k[j * ld + i];
  });
}

template <class T>
arma::Mat<T> KernelMatrix::product(const KernelSamples<T>& x, const KernelSamples<T>& z,
                                   const arma::Mat<T>& v) const {
  const auto c = static_cast<std::int64_t>(v.n_rows);
  arma::Mat<T> result(v.n_rows, x.columns.n_cols, arma::fill::zeros);
  add_product(x, z, c, v.memptr(), c, result.memptr(), c);
  return result;
}

template <class T>
void KernelMatrix::add_product(const KernelSamples<T>& x, const KernelSamples<T>& z, std::int64_t c,
                               const T* v, std::int64_t ldv, T* sum, std::int64_t ldo) const {
  const std::int64_t n = x.count(), m = z.count();
  auto work = workspaces<T>(threads_);
  std::vector<std::vector<T>> values(work.size());
  threads_.run(tiles(n, tile_rows), [&](std::int64_t task, int worker) {
    const std::int64_t i = task * tile_rows, rows = std::min(tile_rows, n - i);
    auto& tile = values[static_cast<std::size_t>(worker)];
    tile.resize(static_cast<std::size_t>(tile_rows * tile_columns));
    for (std::int64_t j = 0; j < m; j += tile_columns) {
      const std::int64_t columns = std::min(tile_columns, m - j);
      TileOutput<T> out;
      out.k = tile.data();
      out.ld = columns;
      kernel_.evaluate(x.tile(z, i, rows, j, columns), out, work[static_cast<std::size_t>(worker)]);
      blas::gemm<T>(false, false, rows, c, columns, T(1), tile.data(), columns, v + j * ldv, ldv,
                    T(1), sum + i * ldo, ldo);
    }
  });
}

std::int64_t KernelMatrix::tile_numbers(std::size_t block_kernels) {
  return tile_rows * tile_columns * static_cast<std::int64_t>(2 + block_kernels);
}

template <class T>
void KernelMatrix::gradient_weights(const KernelSamples<T>& x, std::int64_t first, std::int64_t n,
                                    const KernelSamples<T>& z, const arma::Mat<T>& alpha,
                                    GradientWeights<T>& weights) const {
  const std::int64_t m = z.count(), c = static_cast<std::int64_t>(alpha.n_rows);
  if (weights.capacity < n * m) {
    weights.towards_z = Numbers<T>(n * m);
    weights.blocks.clear();
    for (std::size_t b = 0; b < kernel_.block_kernels(); ++b) weights.blocks.emplace_back(n * m);
    weights.capacity = n * m;
  }
  weights.towards_x.set_size(alpha.n_rows, static_cast<arma::uword>(n));

  const bool invariant = kernel_.translation_invariant();
  auto work = workspaces<T>(threads_);
  std::vector<std::vector<T>> towards_x(work.size());
  threads_.run(tiles(n, tile_rows), [&](std::int64_t task, int worker) {
    const std::int64_t i = task * tile_rows, rows = std::min(tile_rows, n - i);
    auto& tile = towards_x[static_cast<std::size_t>(worker)];
    if (!invariant) tile.resize(static_cast<std::size_t>(tile_rows * m));
    T* towards_z = weights.towards_z.data() + i * m;
    for (std::int64_t j = 0; j < m; j += tile_columns) {
      const std::int64_t columns = std::min(tile_columns, m - j);
      TileOutput<T> out;
      out.ld = m;
      out.towards_z = towards_z + j;
      if (!invariant) out.towards_x = tile.data() + j;
      for (auto& block : weights.blocks) out.block_weights.push_back(block.data() + i * m + j);
      kernel_.evaluate(x.tile(z, first + i, rows, j, columns), out,
                       work[static_cast<std::size_t>(worker)]);
    }
    blas::gemm<T>(false, false, rows, c, m, invariant ? T(-1) : T(1),
                  invariant ? towards_z : tile.data(), m, alpha.memptr(), c, T(0),
                  weights.towards_x.memptr() + i * c, c);
  });
}

#define ONAGER_INSTANTIATE(T)                                                                     \
  template struct KernelSamples<T>;                                                               \
  template KernelSamples<T> kernel_samples(arma::Mat<T>, const arma::Col<T>&);                    \
  template arma::Col<T> kernel_shift(const KernelExpression&, const arma::Mat<T>&);               \
  template void KernelMatrix::fill(const KernelSamples<T>&, const KernelSamples<T>&, T*,          \
                                   std::int64_t) const;                                           \
  template void KernelMatrix::fill_symmetric(const KernelSamples<T>&, Part, T*, std::int64_t)     \
      const;                                                                                      \
  template arma::Mat<T> KernelMatrix::product(const KernelSamples<T>&, const KernelSamples<T>&,   \
                                              const arma::Mat<T>&) const;                         \
  template void KernelMatrix::add_product(const KernelSamples<T>&, const KernelSamples<T>&,       \
                                          std::int64_t, const T*, std::int64_t, T*, std::int64_t) \
      const;                                                                                      \
  template void KernelMatrix::gradient_weights(const KernelSamples<T>&, std::int64_t,             \
                                               std::int64_t, const KernelSamples<T>&,             \
                                               const arma::Mat<T>&, GradientWeights<T>&) const;
ONAGER_INSTANTIATE(float)
ONAGER_INSTANTIATE(double)
#undef ONAGER_INSTANTIATE

}  // namespace onager::host
