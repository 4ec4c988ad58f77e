// SPDX-License-Identifier: MIT
//
// Catapults of the quadratic model of a two-layer network on one example (Zhu, Liu, Radhakrishnan,
// Belkin 2024), through whole runs.
#include "../catch.hpp"
#include "../support.hpp"

#include "pipeline/run.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace onager;
using test::Scratch;

namespace {

/// A run on the example x = 1.5, y = 0 with width 50 and a row a step.
host::Metrics train(const Scratch& scratch, const std::string& model, double steps_over_lambda,
                    int steps) {
  scratch.file("one.csv", "x,y\n1.5,0\n");
  const std::string network = "use = 'fully_connected', width = 50";
  const std::string wrapped = model == "network"
                                  ? "{ " + network + " }"
                                  : "{ use = '" + model + "', of = { " + network + " } }";
  const auto file = scratch.file(
      "p.toml",
      fmt::format("seed = 3\nmodel = {}\n[dataset]\nuse = 'csv'\npath = 'one.csv'\ntest_fraction = "
                  "0\ntask = 'regression'\n[loss]\nuse = 'half_sse'\n[optimizer]\nuse = "
                  "'gd'\nlearning_rate = '{}/lambda'\nsteps = {}\n[loop]\ndiverged_above = "
                  "1e20\n[[diagnostic]]\nuse = 'tangent_kernel'\n[[diagnostic]]\nuse = "
                  "'kernel_change_in_ball'\nradius = 2.0\n",
                  wrapped, steps_over_lambda, steps));
  host::RunRequest request;
  request.folder = scratch.path() / fmt::format("{}-{}", model, steps_over_lambda);
  const auto outcome = host::run_pipeline(host::read_plan(file, {}, test::built_in()), request);
  REQUIRE(outcome.status == host::RunStatus::finished);
  return outcome.metrics;
}

}  // namespace

TEST_CASE("the quadratic model of a two-layer network follows its closed recursion") {
  // With e = |x|² / (m d) and r = f - 0, a step of length eta turns (f, lambda) into
  //   f (1 - eta lambda + e eta² f²),   lambda - eta e f² (4 - eta lambda),
  // Zhu et al. 2024, section 3.1, for y = 0.
  const Scratch scratch;
  const double e = 1.5 * 1.5 / 50;
  for (const double rate : {1.5, 2.5, 3.5}) {
    const auto metrics = train(scratch, "quadratic_model", rate, 40);
    const double eta = metrics.at(1, "learning_rate");
    for (std::int64_t step = 0; step < 40; ++step) {
      CAPTURE(rate, step);
      const double f2 = 2 * metrics.at(step, "loss");
      const double lambda = metrics.at(step, "tangent_kernel.norm");
      const double factor = 1 - eta * lambda + e * eta * eta * f2;
      // f is a sum of terms of order one
      CHECK(std::sqrt(2 * metrics.at(step + 1, "loss")) ==
            Approx(std::fabs(factor) * std::sqrt(f2)).epsilon(1e-10).margin(1e-13));
      CHECK(metrics.at(step + 1, "tangent_kernel.norm") ==
            Approx(lambda - eta * e * f2 * (4 - eta * lambda)).epsilon(1e-10));
    }
  }
}

TEST_CASE("network, quadratic and linear model start alike and part at large steps") {
  const Scratch scratch;
  std::map<std::string, host::Metrics> small, large;
  for (const char* model : {"network", "quadratic_model", "linear_model"}) {
    small[model] = train(scratch, model, 1.0, 20);
    large[model] = train(scratch, model, 2.6, 300);
  }
  const double start = small["network"].at(0, "loss");
  for (auto& [model, metrics] : small) {
    CHECK(metrics.at(0, "loss") == Approx(start).epsilon(1e-12));
    CHECK(metrics.at(0, "tangent_kernel.norm") ==
          Approx(small["network"].at(0, "tangent_kernel.norm")).epsilon(1e-12));
  }
  for (const char* model : {"network", "quadratic_model"}) {
    auto& metrics = large[model];
    const auto last = metrics.rounds().back();
    CHECK(metrics.at(last, "peak_loss") > 2 * start);
    CHECK(metrics.at(last, "loss") < 1e-12);
    // it ends where the step is no longer too large
    CHECK(metrics.at(1, "learning_rate") * metrics.at(last, "tangent_kernel.norm") < 2);
  }
  auto& linear = large["linear_model"];
  CHECK(linear.at(linear.rounds().back(), "diverged") == 1);
  CHECK(linear.at(0, "tangent_kernel.norm") ==
        Approx(linear.at(10, "tangent_kernel.norm")).epsilon(1e-12));
}

TEST_CASE(
    "how far the kernel of the quadratic model changes within a ball is known in closed form") {
  // With e as above H² g = e g for the gradient g of f, |g|² = lambda, so that a step of length R
  // along H g, the gradient of the kernel, turns g into g (1 + R sqrt(e/lambda)); no other goes
  // further.
  const Scratch scratch;
  const double root = 1.5 / std::sqrt(50), radius = 2;
  const auto quadratic = train(scratch, "quadratic_model", 1.0, 1);
  const double lambda = quadratic.at(0, "tangent_kernel.norm");
  CHECK(quadratic.at(0, "kernel_change_in_ball") ==
        Approx(std::pow(1 + radius * root / std::sqrt(lambda), 2) - 1).epsilon(1e-10));
  CHECK(quadratic.at(0, "kernel_change_in_ball.slope") ==
        Approx(2 * root / std::sqrt(lambda)).epsilon(1e-10));
  const auto linear = train(scratch, "linear_model", 1.0, 1);
  for (const char* column :
       {"kernel_change_in_ball", "kernel_change_in_ball.slope", "kernel_change_in_ball.descent"})
    CHECK(linear.at(0, column) == 0);
}
