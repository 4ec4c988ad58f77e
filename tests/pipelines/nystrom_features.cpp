// SPDX-License-Identifier: MIT
//
// A linear kernel on Nyström features of all training samples is the kernel itself: for the fit,
// and for the gradients from which a feature map before it learns.
#include "../catch.hpp"
#include "../support.hpp"

#include "pipeline/run.hpp"
#include "results/metrics.hpp"

#include <fmt/format.h>

using namespace onager;
using test::Scratch;

namespace {

host::RunOutcome run(const std::string& map_and_kernel, const test::fs::path& folder) {
  const host::Plan plan = test::plan_of(fmt::format(R"([dataset]
use = "sparse_polynomial"
terms = ["x1", "x1 x2"]
dimension = 12
distribution = "gaussian"
train_samples = 150
test_samples = 100
[[feature_map]]
use = "agop"
{}
[optimizer]
use = "cholesky"
ridge = 1e-3
[loop]
rounds = 3
)",
                                                    map_and_kernel));
  host::RunRequest request;
  request.folder = folder;
  request.threads = 2;
  auto outcome = host::run_pipeline(plan, request);
  REQUIRE(outcome.status == host::RunStatus::finished);
  return outcome;
}

std::string nystrom(int landmarks) {
  return fmt::format(R"([[feature_map]]
use = "nystrom_features"
landmarks = {}
kernel = {{ use = "gaussian", bandwidth = 3.0 }}
[kernel]
use = "inner_product"
coefficients = [0, 1])",
                     landmarks);
}

arma::mat learned(const test::fs::path& folder) {
  return host::copy_as<double>(host::read_npy(folder / "arrays/feature_matrix.npy").view());
}

}  // namespace

TEST_CASE("feature learning through Nyström features of all samples is that of the kernel") {
  const Scratch scratch;
  const auto kernel =
      run("[kernel]\nuse = \"gaussian\"\nbandwidth = 3.0", scratch.path() / "kernel");
  const auto features = run(nystrom(150), scratch.path() / "features");
  const auto few = run(nystrom(50), scratch.path() / "few");
  for (int round = 0; round < 3; ++round)
    CHECK(features.metrics.at(round, "test_mse") ==
          Approx(kernel.metrics.at(round, "test_mse")).epsilon(1e-6));
  CHECK(test::relative_error(learned(scratch.path() / "features"),
                             learned(scratch.path() / "kernel")) < 1e-6);
  CHECK(few.metrics.at(2, "test_mse") < few.metrics.at(0, "test_mse"));
}
