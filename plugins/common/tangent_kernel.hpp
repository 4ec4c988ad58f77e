// SPDX-License-Identifier: MIT
//
// The tangent kernel K_(ic+l, jc+k) = <grad_w f_l(x_i), grad_w f_k(x_j)> and the residuals of the
// first training samples.
#pragma once

#include "network_run.hpp"
#include "operator_spectrum.hpp"

namespace onager::plugins {

/// Tangent kernels of the first s training samples. Of all samples it is the host's, which
/// diagnostics share; of fewer it is computed here, the one at the start once.
class TangentKernels {
 public:
  /// samples: s, 0 for all.
  explicit TangentKernels(std::int64_t samples) : samples_(samples) {}

  std::int64_t samples(const Network& network) const { return sample_count(network, samples_); }

  /// At the present parameters, s c x s c. Borrowed until the next call.
  onager_array present(const View& view, const Network& network) {
    if (all(network)) return array_of(view, "tangent_kernel");
    present_ = at(view, network, array_of(view, "parameters"));
    return present_.view().array();
  }
  /// At the parameters the run started from.
  onager_array initial(const View& view, const Network& network) {
    if (all(network)) return array_of(view, "initial_tangent_kernel");
    if (initial_.empty()) initial_ = at(view, network, array_of(view, "initial_parameters"));
    return initial_.view().array();
  }
  /// At any parameters (p x 1).
  Table at(const View& view, const Network& network, const onager_array& w) const {
    return in_precision_of(network, [&](auto zero) {
      using T = decltype(zero);
      const std::int64_t count = samples(network), size = count * network.outputs();
      std::vector<T> values(static_cast<std::size_t>(size * size));
      const Matrix<const T> parameters(w);
      network.tangent_kernel<T>(
          &parameters, Matrix<const T>(rows_of(array_of(view, "network.inputs"), 0, count)),
          nullptr, Matrix<T>(values.data(), size, size));
      Table out(size, size);
      std::copy(values.begin(), values.end(), out.values.begin());
      return out;
    });
  }

  /// f(x_i) - y_i of these samples at the present parameters, s x c.
  Table residual(const View& view, const Network& network) const {
    const std::int64_t count = samples(network), c = network.outputs();
    const onager_array targets = rows_of(array_of(view, "train.targets"), 0, count);
    Table out = all(network) ? Table::copy_of(array_of(view, "train.predictions"))
                             : outputs(view, network, count);
    for (std::int64_t i = 0; i < count; ++i)
      for (std::int64_t l = 0; l < c; ++l) out(i, l) -= element(targets, i, l);
    return out;
  }

 private:
  bool all(const Network& network) const { return samples(network) == network.samples(); }

  static Table outputs(const View& view, const Network& network, std::int64_t count) {
    return in_precision_of(network, [&](auto zero) {
      using T = decltype(zero);
      std::vector<T> f(static_cast<std::size_t>(count * network.outputs()));
      network.forward<T>(nullptr,
                         Matrix<const T>(rows_of(array_of(view, "network.inputs"), 0, count)),
                         Matrix<T>(f.data(), count, network.outputs()));
      Table out(count, network.outputs());
      std::copy(f.begin(), f.end(), out.values.begin());
      return out;
    });
  }

  std::int64_t samples_;
  Table present_, initial_;
};

/// |K|_2 of a positive semi-definite matrix.
inline double spectral_norm(const Host& host, const Table& k) {
  return largest_of(host, k, 1).values[0];
}

}  // namespace onager::plugins
