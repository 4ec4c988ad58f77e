// SPDX-License-Identifier: MIT
//
// Diagnostics and what datasets know, in whole runs.
#include "../catch.hpp"
#include "../support.hpp"

#include "linalg/arrays.hpp"
#include "pipeline/run.hpp"
#include "results/metrics.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace onager;
using test::Scratch;

namespace {

host::RunOutcome run(const std::string& dataset, const std::string& rest,
                     const test::fs::path& folder, int rounds = 4) {
  const host::Plan plan = test::plan_of(fmt::format(
      "[dataset]\n{}\n[optimizer]\nuse = 'cholesky'\nridge = 1e-3\n[loop]\nrounds = {}\n{}",
      dataset, rounds, rest));
  host::RunRequest request;
  request.folder = folder;
  request.threads = 2;
  return host::run_pipeline(plan, request);
}

const std::string machine =
    "[[feature_map]]\nuse = 'agop'\n[kernel]\nuse = 'gaussian'\nbandwidth = 2.5\n";

std::string diagnostics(std::initializer_list<const char*> lines) {
  std::string out;
  for (const char* one : lines) out += std::string("[[diagnostic]]\nuse = ") + one + "\n";
  return out;
}

}  // namespace

TEST_CASE("two tasks have accuracies of their own beside that of both") {
  const Scratch scratch;
  const auto outcome =
      run("use = 'modular_arithmetic'\nmodulus = 11\noperation = 'add'\n"
          "second_operation = 'a2_plus_b2'\ntrain_fraction = 0.8",
          machine + diagnostics({"'task_accuracy'"}), scratch.path() / "run", 6);
  REQUIRE(outcome.status == host::RunStatus::finished);
  const host::Metrics& m = outcome.metrics;
  for (const auto round : m.rounds())
    for (const std::string split : {"train", "test"}) {
      const double both = m.at(round, split + "_accuracy"),
                   first = m.at(round, split + "_accuracy.task_1"),
                   second = m.at(round, split + "_accuracy.task_2");
      CHECK(both >= std::min(first, second) - 1e-12);
      CHECK(both <= std::max(first, second) + 1e-12);
    }
  CHECK(m.at(0, "train_accuracy.task_1") == 1);
}

TEST_CASE("a spectrum is that of the coupling block, its share what deviation leaves") {
  const std::string operation = GENERATE("add", "multiply");
  const Scratch scratch;
  const auto outcome =
      run("use = 'modular_arithmetic'\nmodulus = 13\noperation = '" + operation + "'",
          machine + diagnostics({"'fourier_spectrum'", "'circulant_deviation'"}),
          scratch.path() / "run");
  REQUIRE(outcome.status == host::RunStatus::finished);
  const host::Metrics& m = outcome.metrics;
  CHECK(std::isnan(m.at(0, "fourier_share")));  // the identity couples nothing
  const double share = m.at(3, "fourier_share"), deviation = m.at(3, "circulant_deviation");
  // the mean of the block lies on the line as well
  CHECK(share <= 1 - deviation + 1e-12);
  CHECK(share > 0.9 * (1 - deviation));
  const auto spectrum = host::read_npy(scratch.path() / "run/arrays/fourier_spectrum.npy");
  const std::int64_t q = operation == "add" ? 13 : 12;
  CHECK(spectrum.shape == std::vector<std::int64_t>{q, q});
  // the block as it was compared with a circulant: rows of b, columns of a, in circulant order
  const auto array = [&](const char* name) {
    return host::copy_as<double>(
        host::read_npy(scratch.path() / "run/arrays" / (std::string(name) + ".npy")).view());
  };
  const arma::mat block = array("coupling_block"), matrix = array("feature_matrix");
  REQUIRE(block.n_rows == static_cast<arma::uword>(q));
  const arma::uword power = operation == "add" ? 3 : 8;  // place 3 holds 3, or 2^3 modulo 13
  CHECK(block(0, 3) == Approx(matrix(operation == "add" ? 0 : 1, 13 + power)));
  CHECK(block(3, 0) == Approx(matrix(power, 13 + (operation == "add" ? 0 : 1))));
}

TEST_CASE("snapshots are the matrices of every k-th round and of the last") {
  const Scratch scratch;
  const auto outcome = run("use = 'modular_arithmetic'\nmodulus = 7",
                           machine + diagnostics({"'snapshots'\nevery = 2",
                                                  "'snapshots'\nof = 'agop'\ndiagonal = true"}),
                           scratch.path() / "run");
  REQUIRE(outcome.status == host::RunStatus::finished);
  const auto arrays = scratch.path() / "run/arrays";
  CHECK(test::fs::exists(arrays / "feature_matrix.round_000.npy"));
  CHECK_FALSE(test::fs::exists(arrays / "feature_matrix.round_001.npy"));
  CHECK(test::fs::exists(arrays / "feature_matrix.round_002.npy"));
  CHECK(test::read(arrays / "feature_matrix.round_003.npy") ==
        test::read(arrays / "feature_matrix.npy"));
  CHECK(host::read_npy(arrays / "agop.round_001.npy").shape == std::vector<std::int64_t>{14});
  const std::string report = test::read(scratch.path() / "run/report.html");
  CHECK_THAT(report, ContainsSubstring("data-name=\"round 3\">"));
}

TEST_CASE("the support of a staircase is recovered and its leap told") {
  const Scratch scratch;
  const auto outcome =
      run("use = 'sparse_polynomial'\nterms = ['x1', 'x1 x2', 'x1 x2 x3']\ndimension = 20\n"
          "train_samples = 500\ntest_samples = 100",
          "[[feature_map]]\nuse = 'agop'\npower = 1\ndiagonal = true\ncenter = false\n"
          "normalize = 'trace'\n[kernel]\nuse = 'laplace'\nbandwidth = 4.5\n" +
              diagnostics({"'support_recovery'", "'effective_rank'",
                           "'support_recovery'\nsupport = [7]\nof = 'agop'"}),
          scratch.path() / "run");
  REQUIRE(outcome.status == host::RunStatus::finished);
  const host::Metrics& m = outcome.metrics;
  CHECK(m.at(3, "leap") == 1);
  CHECK(m.at(0, "support_ratio") == 1);
  CHECK(m.at(0, "support_in_top") == 0);
  CHECK(m.at(3, "support_ratio") > 1);
  CHECK(m.at(3, "support_in_top") == 3);
  CHECK(m.at(3, "support_recovered_in") >= 1);
  CHECK(m.at(0, "effective_rank") == Approx(20));
  CHECK(m.at(3, "effective_rank") < 4);
  CHECK(m.at(3, "support_in_top.2") == 0);
  CHECK(m.at(3, "support_ratio.2") < 0.01);
}

TEST_CASE("features of hidden directions align with the exact matrix, power with power") {
  const Scratch scratch;
  const auto outcome =
      run("use = 'multi_index'\nterms = ['z1', 'z1 z2']\ndimension = 10\ntrain_samples = 600\n"
          "test_samples = 100",
          "[[feature_map]]\nuse = 'agop'\ncenter = false\n[kernel]\nuse = 'gaussian'\n"
          "bandwidth = 4\n" +
              diagnostics({"'feature_alignment'\nreference = 'egop'\npower = 0.5",
                           "'feature_alignment'\nreference = 'egop'"}),
          scratch.path() / "run");
  REQUIRE(outcome.status == host::RunStatus::finished);
  const host::Metrics& m = outcome.metrics;
  CHECK(m.at(0, "feature_alignment") < 0.6);
  CHECK(m.at(3, "feature_alignment") > 0.97);
  // E grad grad' is diag(2, 1) in z: the cosine of diag(2, 1) with its root is not 1
  CHECK(m.at(3, "feature_alignment.2") < m.at(3, "feature_alignment"));
}

TEST_CASE("what a dataset cannot do or does not know is told with what would do") {
  const auto failure = [](const std::string& dataset, const std::string& rest) {
    const Scratch scratch;
    try {
      return run(dataset, rest, scratch.path() / "run", 1).message;
    } catch (const std::exception& error) {
      return std::string(error.what());
    }
  };
  CHECK_THAT(failure("use = 'modular_arithmetic'\nmodulus = 60\noperation = 'a2_plus_b'\n"
                     "second_operation = 'divide'",
                     machine),
             ContainsSubstring("second_operation = \"divide\" needs; the nearest prime is 59"));
  CHECK_THAT(failure("use = 'modular_arithmetic'\nmodulus = 5\nsecond_operation = 'add'", machine),
             ContainsSubstring("is the first operation too"));
  CHECK_THAT(failure("use = 'modular_arithmetic'\nmodulus = 5\noperation = 'a3_plus_ab'",
                     machine + diagnostics({"'fourier_spectrum'"})),
             ContainsSubstring("set order = \"natural\" and a direction"));
  CHECK_THAT(failure("use = 'modular_arithmetic'\nmodulus = 5",
                     machine + diagnostics({"'task_accuracy'"})),
             ContainsSubstring("its groups are a, b"));
  CHECK_THAT(failure("use = 'modular_arithmetic'\nmodulus = 5",
                     machine + diagnostics({"'support_recovery'"})),
             ContainsSubstring("give them as support = [0, 2]"));
  CHECK_THAT(failure("use = 'multi_index'\ndimension = 4\nterms = ['x1']", machine),
             ContainsSubstring("a number or a variable such as z1"));
  CHECK_THAT(failure("use = 'modular_arithmetic'\nmodulus = 5",
                     machine + diagnostics({"'feature_alignment'\npower = 0.5"})),
             ContainsSubstring("power raises a reference"));
}
