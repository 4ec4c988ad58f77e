// SPDX-License-Identifier: MIT
//
// Bandwidths in units of a distance and ridges from a path, end to end.
#include "../catch.hpp"
#include "../support.hpp"

#include "base/interrupt.hpp"
#include "pipeline/run.hpp"

#include <fmt/format.h>

using namespace onager;
using test::Scratch;

namespace {

std::string pipeline(const std::string& maps, const std::string& bandwidth,
                     const std::string& optimizer, int rounds) {
  return fmt::format(R"(seed = 2
[dataset]
use = "sparse_polynomial"
terms = ["x1 x2", "0.5 x3"]
dimension = 8
distribution = "gaussian"
noise = 0.2
train_samples = 150
test_samples = 50
{}
[kernel]
use = "laplace"
bandwidth = {}
[optimizer]
{}
[loop]
rounds = {}
)",
                     maps, bandwidth, optimizer, rounds);
}

host::RunOutcome run(const std::string& toml, const host::RunRequest& request) {
  return host::run_pipeline(test::plan_of(toml), request);
}

const std::string scale = "[[feature_map]]\nuse = \"distance_scale\"\n";
const std::string learning = "[[feature_map]]\nuse = \"agop\"\nnormalize = \"trace\"\n";

}  // namespace

TEST_CASE("a bandwidth behind distance_scale is in units of the median distance") {
  const Scratch scratch;
  host::RunRequest request;
  request.folder = scratch.path() / "scaled";
  const auto scaled = run(pipeline(scale, "0.7", "use = \"cholesky\"\nridge = 0.1", 1), request);
  REQUIRE(scaled.status == host::RunStatus::finished);
  const double s = scaled.metrics.at(0, "distance_scale");
  CHECK(s > 3);  // normal numbers in 8 dimensions: about 4
  CHECK(s < 5);
  request.folder = scratch.path() / "plain";
  const auto plain =
      run(pipeline("", fmt::format("{}", 0.7 * s), "use = \"cholesky\"\nridge = 0.1", 1), request);
  CHECK(scaled.metrics.at(0, "test_mse") == Approx(plain.metrics.at(0, "test_mse")).epsilon(1e-10));
}

TEST_CASE("features are learned through a unit of length, and the unit follows them") {
  const Scratch scratch;
  host::RunRequest request;
  request.folder = scratch.path() / "run";
  const auto outcome = run(pipeline(learning + scale, "1.0", "use = \"ridge_path\"", 4), request);
  REQUIRE(outcome.status == host::RunStatus::finished);
  const auto& m = outcome.metrics;
  CHECK(m.at(3, "test_mse") < 0.5 * m.at(0, "test_mse"));
  CHECK(m.at(3, "loo_mse") < 0.5 * m.at(0, "loo_mse"));
  CHECK(m.at(3, "distance_scale") != m.at(0, "distance_scale"));
  const auto path = host::read_npy(request.folder / "arrays/ridge_path.npy");
  CHECK(path.shape == std::vector<std::int64_t>{25, 3});
}

TEST_CASE("runs with a drawn unit of length and a ridge path resume to the same bytes") {
  const auto once = GENERATE(as<std::string>(), "true", "false");
  CAPTURE(once);
  const std::string toml = pipeline(learning + scale + "pairs = 500\nonce = " + once + "\n", "1.0",
                                    "use = \"ridge_path\"", 4);
  const Scratch scratch;
  host::RunRequest request;
  request.threads = 2;
  request.folder = scratch.path() / "whole";
  const auto whole = run(toml, request);

  request.folder = scratch.path() / "stopped";
  request.progress = [](const std::string&) { host::request_stop(); };
  const auto stopped = run(toml, request);
  host::clear_stop_request();
  REQUIRE(stopped.metrics.rounds().size() == 1);
  request.progress = nullptr;
  request.resume = host::Resume::yes;
  const auto resumed = run(toml, request);
  REQUIRE(resumed.metrics.rounds().size() == 4);
  for (const auto& column : whole.metrics.columns()) {
    if (column == "seconds") continue;
    for (std::int64_t round = 0; round < 4; ++round) {
      CAPTURE(column, round);
      CHECK(resumed.metrics.at(round, column) == whole.metrics.at(round, column));
    }
  }
  if (once == "true")
    CHECK(whole.metrics.at(3, "distance_scale") == whole.metrics.at(0, "distance_scale"));
}

TEST_CASE("a round with a ridge path can be benched") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline("", "1.0", "use = \"ridge_path\"", 1));
  const auto finished = test::onager("bench p.toml --repeat 1", scratch.path());
  CAPTURE(finished.err);
  CHECK(finished.status == 0);
}
