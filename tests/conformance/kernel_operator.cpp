// SPDX-License-Identifier: MIT
//
// What solvers get of the kernel matrix: the same bytes however they list the samples.
#include "pipeline/kernel_operator.hpp"

#include "../catch.hpp"
#include "../support.hpp"
#include "examples.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <vector>

using namespace onager;

namespace {

using Indices = std::vector<std::int64_t>;

/// More samples than are copied at once.
struct System {
  test::Kernel kernel = test::kernel_of("use = 'laplace'\nbandwidth = 2.0");
  host::ThreadPool threads{2};
  host::KernelMatrix matrix{*kernel.expression, threads};
  host::KernelSamples<double> samples = host::kernel_samples<double>(
      test::normal_numbers(3, host::KernelOperator<double>::gathered_samples + 700, 5), {});
  host::KernelOperator<double> view{matrix, samples, 1};

  arma::mat part_product(const Indices& rows, const Indices& cols, const arma::mat& v) const {
    arma::mat out(v.n_rows, rows.size());
    out.fill(arma::datum::nan);
    const auto from = host::as_array(v);
    auto to = host::as_array(out);
    REQUIRE(view.abi().part_product(&view.abi(), static_cast<std::int64_t>(rows.size()),
                                    rows.data(), static_cast<std::int64_t>(cols.size()),
                                    cols.data(), &from, &to) == ONAGER_OK);
    return out;
  }
  host::KernelSamples<double> gathered(const Indices& list) const {
    arma::mat some(samples.columns.n_rows, list.size());
    for (std::size_t i = 0; i < list.size(); ++i)
      some.col(i) = samples.columns.col(static_cast<arma::uword>(list[i]));
    return host::kernel_samples<double>(std::move(some), {});
  }
};

bool same_bytes(const arma::mat& a, const arma::mat& b) {
  return a.n_rows == b.n_rows && a.n_cols == b.n_cols &&
         std::memcmp(a.memptr(), b.memptr(), a.n_elem * sizeof(double)) == 0;
}

Indices range(std::int64_t first, std::int64_t count) {
  Indices out(static_cast<std::size_t>(count));
  std::iota(out.begin(), out.end(), first);
  return out;
}

}  // namespace

TEST_CASE("a product with listed samples has the bytes of one with all of them gathered") {
  const System system;
  const std::int64_t n = system.samples.count();
  Indices scattered = range(0, n);
  std::reverse(scattered.begin(), scattered.end());
  const Indices few = {7, 3, n - 1, 3}, consecutive = range(100, 300);
  for (const auto& rows : {few, consecutive, scattered})
    for (const auto& cols : {few, consecutive, scattered}) {
      if (rows.size() > 1000 && cols.size() > 1000) continue;  // the cost, not the case
      CAPTURE(rows.size(), cols.size());
      const arma::mat v = test::normal_numbers(2, static_cast<arma::uword>(cols.size()), 6);
      const arma::mat whole =
          system.matrix.product(system.gathered(rows), system.gathered(cols), v);
      CHECK(same_bytes(system.part_product(rows, cols, v), whole));
    }
}

TEST_CASE("a block of listed samples has the bytes of one of all of them gathered") {
  const System system;
  Indices scattered = range(0, system.samples.count());
  std::reverse(scattered.begin(), scattered.end());
  const Indices few = {7, 3, 8800, 3};
  for (const auto& [rows, cols] : {std::pair{scattered, few}, std::pair{few, scattered}}) {
    arma::mat block(cols.size(), rows.size()), whole(cols.size(), rows.size());
    auto to = host::as_array(block);
    REQUIRE(system.view.abi().block(&system.view.abi(), static_cast<std::int64_t>(rows.size()),
                                    rows.data(), static_cast<std::int64_t>(cols.size()),
                                    cols.data(), &to) == ONAGER_OK);
    system.matrix.fill(system.gathered(rows), system.gathered(cols), whole.memptr(),
                       static_cast<std::int64_t>(cols.size()));
    CHECK(same_bytes(block, whole));
  }
}

TEST_CASE("a product with no samples is zero") {
  const System system;
  const arma::mat out = system.part_product({5, 2}, {}, arma::mat(2, 0));
  CHECK(same_bytes(out, arma::mat(2, 2, arma::fill::zeros)));
}
