// SPDX-License-Identifier: MIT
//
// A solver that tells what memory it takes, and what it was allowed.
#include <onager/buffer.hpp>
#include <onager/optimizer.hpp>

#include <algorithm>

namespace {

using onager::KernelOperator;
using onager::Matrix;

/// (K + ridge I) alpha = y by Cholesky where K may be stored, else alpha = y / ridge after one look
/// at K y.
class StoredOrStreamed {
 public:
  StoredOrStreamed(const onager::Config& c, const onager::Host& host)
      : host_(host), ridge_(c.real("ridge")), may_stream_(c.flag("may_stream")) {}

  double numbers(std::int64_t n, std::int64_t c, double allowed) const {
    return stores(n, allowed) ? square(n) : static_cast<double>(n * c);
  }

  template <class T>
  void solve(const KernelOperator<T>& kernel, Matrix<const T> targets, Matrix<T> solution) {
    const std::int64_t n = kernel.size();
    const auto allowed = static_cast<double>(kernel.memory());
    const bool stored = stores(n, allowed / sizeof(T));
    host_.emit("allowed_bytes", allowed);
    host_.emit("stored", stored ? 1 : 0);
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j < targets.cols; ++j) solution(i, j) = targets(i, j);
    if (!stored) {
      const onager::Buffer<T> memory(host_, n * targets.cols);
      const Matrix<T> product(memory.data(), n, targets.cols);
      kernel.product(targets, product);
      for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = 0; j < targets.cols; ++j)
          solution(i, j) -= static_cast<T>(1e-6) * product(i, j);
      return;
    }
    const onager::Buffer<T> memory(host_, n * n);
    Matrix<T> k(memory.data(), n, n);
    kernel.fill(ONAGER_LOWER, k);
    for (std::int64_t i = 0; i < n; ++i) k(i, i) += static_cast<T>(ridge_);
    if (host_.cholesky<T>(k) != 0)
      throw onager::Error(ONAGER_NUMERICAL, "not positive definite; set ridge higher");
    host_.cholesky_solve<T>(k, solution);
  }

 private:
  static double square(std::int64_t n) { return static_cast<double>(n) * static_cast<double>(n); }
  bool stores(std::int64_t n, double allowed) const { return !may_stream_ || square(n) <= allowed; }

  onager::Host host_;
  double ridge_;
  bool may_stream_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.test_memory", "1.0.0", "MIT",
              onager::linear_solver<StoredOrStreamed>(
                  "stored_or_streamed", "Stores the kernel matrix where it fits",
                  {onager::real("ridge", 1.0, "Added to the diagonal").above(0),
                   onager::flag("may_stream", true, "Whether it can do without")}))
