// SPDX-License-Identifier: MIT
#pragma once

#include "base/memory.hpp"
#include "base/threads.hpp"
#include "linalg/kernel_expression.hpp"

#include <armadillo>
#include <cstdint>
#include <vector>

namespace onager::host {

/// Samples as a kernel wants them: columns of a d x n matrix with their squared norms.
template <class T>
struct KernelSamples {
  arma::Mat<T> columns;
  arma::Col<T> norms;

  std::int64_t count() const { return static_cast<std::int64_t>(columns.n_cols); }
  std::int64_t dimension() const { return static_cast<std::int64_t>(columns.n_rows); }
  /// Samples [x0, x0 + m) of this against [z0, z0 + n) of `other`.
  TileInput<T> tile(const KernelSamples& other, std::int64_t x0, std::int64_t m, std::int64_t z0,
                    std::int64_t n) const;
  /// A copy of some, in the order of the list.
  KernelSamples gathered(const std::int64_t* indices, std::int64_t count) const;
};

/// Samples minus `shift` (d numbers, may be empty for none). Where a kernel is invariant to
/// translation, shifting by the mean makes the squared distances more exact.
/// `columns` given away are shifted in place, without a copy.
template <class T>
KernelSamples<T> kernel_samples(arma::Mat<T> columns, const arma::Col<T>& shift);

/// The mean of the columns when the kernel is invariant to translation, else nothing.
template <class T>
arma::Col<T> kernel_shift(const KernelExpression& kernel, const arma::Mat<T>& columns);

/// Kernel matrices by tiles over the run's threads: a tile is one single-threaded gemm and one pass
/// over it in cache. Results do not depend on the number of threads.
class KernelMatrix {
 public:
  KernelMatrix(const KernelExpression& kernel, ThreadPool& threads)
      : kernel_(kernel), threads_(threads) {}

  /// K (rows of x against rows of z), row-major with leading dimension ld.
  /// 2 n m d flops and one elementwise pass.
  template <class T>
  void fill(const KernelSamples<T>& x, const KernelSamples<T>& z, T* k, std::int64_t ld) const;

  enum class Part { lower, full };
  /// The symmetric matrix of x against itself: n² d flops; with Part::full the upper part is
  /// copied.
  template <class T>
  void fill_symmetric(const KernelSamples<T>& x, Part part, T* k, std::int64_t ld) const;

  /// out (c x rows of x) <- v K(z, x): one column of c numbers a sample of x, for v (c x rows of
  /// z). K is never stored. 2 n m (d + c) flops.
  template <class T>
  arma::Mat<T> product(const KernelSamples<T>& x, const KernelSamples<T>& z,
                       const arma::Mat<T>& v) const;
  /// out += that, row-major: v (rows of z x c) and out (rows of x x c) with leading dimensions.
  /// Adding up parts of z that begin at multiples of a tile gives the same bytes as z at once.
  template <class T>
  void add_product(const KernelSamples<T>& x, const KernelSamples<T>& z, std::int64_t c, const T* v,
                   std::int64_t ldv, T* out, std::int64_t ldo) const;

  /// Numbers of scratch memory that one thread takes for a tile's values and inner products.
  static std::int64_t tile_numbers(std::size_t block_kernels);

  /// What the gradients at a block of samples are made of, for all its pairs; see TileOutput. The
  /// memory is kept from one block to the next.
  template <class T>
  struct GradientWeights {
    Numbers<T> towards_z;            // rows x m, row-major, m = samples of z
    arma::Mat<T> towards_x;          // c x rows: already multiplied with the coefficients
    std::vector<Numbers<T>> blocks;  // each rows x m
    std::int64_t capacity = 0;       // numbers that towards_z and blocks have room for
  };
  /// For samples first .. first + rows - 1 of x. alpha: c x samples of z. 2 rows m (d + c) flops.
  template <class T>
  void gradient_weights(const KernelSamples<T>& x, std::int64_t first, std::int64_t rows,
                        const KernelSamples<T>& z, const arma::Mat<T>& alpha,
                        GradientWeights<T>& weights) const;

  const KernelExpression& kernel() const { return kernel_; }
  ThreadPool& threads() const { return threads_; }

 private:
  const KernelExpression& kernel_;
  ThreadPool& threads_;
};

}  // namespace onager::host
