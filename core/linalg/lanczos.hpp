// SPDX-License-Identifier: MIT
#pragma once

#include <armadillo>
#include <cstdint>
#include <functional>

namespace onager::host {

enum class SpectrumEnd { largest, smallest, magnitude };

/// out <- A v of a symmetric operator.
using SymmetricProduct = std::function<void(const double* v, double* out)>;

struct Eigenpairs {
  arma::vec values;   // outermost first
  arma::mat vectors;  // a column each; empty where they were not asked for
  std::int64_t products = 0;
  bool converged = false;
};

struct SpectrumRequest {
  SpectrumEnd end = SpectrumEnd::largest;
  std::int64_t count = 1;
  double tolerance = 1e-10;            // of a residual, relative to its eigenvalue
  std::int64_t most_products = 10000;  // roughly: a restart is not cut short
  bool vectors = false;
  std::int64_t kept = 0;  // vectors of memory, more than count; 0: max(20, 2 count + 1)
};

/// Outermost eigenvalues of a symmetric operator of `size` that is known by its products:
/// implicitly restarted Lanczos (Sorensen 1992; Spectra), which looks whether it has converged each
/// time that its memory is full. A small operator is formed and decomposed instead. Starts from a
/// fixed vector, so that the same operator gives the same numbers. 1 <= count <= size.
Eigenpairs extreme_eigenpairs(std::int64_t size, const SymmetricProduct& product,
                              const SpectrumRequest& request);

}  // namespace onager::host
