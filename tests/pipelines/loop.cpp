// SPDX-License-Identifier: MIT
//
// What the [loop] table asks for beyond a number of rounds: validation samples, the best round,
// an early end, features to start with, and fresh samples in each round.
#include "../catch.hpp"
#include "../support.hpp"

#include "base/error.hpp"
#include "pipeline/kernel_machine.hpp"
#include "pipeline/run.hpp"
#include "results/metrics.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

using namespace onager;
using test::Scratch;

namespace {

/// A polynomial of leap 3 with noise: after some rounds the features fit the noise.
std::string pipeline(const std::string& loop, const std::string& more = "") {
  return fmt::format(R"(seed = 1
[dataset]
use = "sparse_polynomial"
terms = ["x1", "x2 x3", "x4 x5 x6"]
dimension = 12
train_samples = 400
test_samples = 100
noise = 0.5
[[feature_map]]
use = "agop"
[kernel]
use = "gaussian"
bandwidth = 3.5
[optimizer]
use = "cholesky"
ridge = 1e-3
[loop]
{}
{})",
                     loop, more);
}

const std::string snapshots = "[[diagnostic]]\nuse = \"snapshots\"\n";

host::RunOutcome run(const std::string& toml, const test::fs::path& folder) {
  const host::Plan plan = test::plan_of(toml);
  host::RunRequest request;
  request.folder = folder;
  request.threads = 2;
  return host::run_pipeline(plan, request);
}

std::string failure(const std::string& toml) {
  const Scratch scratch;
  try {
    const auto outcome = run(toml, scratch.path() / "run");
    return outcome.exit_status == static_cast<int>(host::Category::config) ? outcome.message
                                                                           : "another status";
  } catch (const host::Error& error) {
    return error.what();
  }
}

nlohmann::json summary_of(const test::fs::path& folder) {
  return nlohmann::json::parse(test::read(folder / "summary.json"));
}

std::int64_t best_of(const host::Metrics& metrics, const char* column) {
  const auto rounds = metrics.rounds();
  return *std::min_element(rounds.begin(), rounds.end(), [&](auto a, auto b) {
    return metrics.at(a, column) < metrics.at(b, column);
  });
}

/// A machine that has loaded its data, and what it lives on.
struct Machine {
  explicit Machine(const std::string& toml)
      : plan(test::plan_of(toml)), threads(2), machine(plan, [&](const std::string&) {
          host::Environment environment;
          environment.seed = plan.seed;
          environment.threads = &threads;
          environment.emit.scalar = [](const std::string&, double) {};
          return environment;
        }) {
    machine.load(times);
  }
  void fit(std::int64_t round) {
    machine.fit_and_measure(
        round, [&](const std::string& name, double value) { measured[name] = value; }, times);
  }
  const host::Data<double>& data() const { return machine.data(); }

  host::Plan plan;
  host::ThreadPool threads;
  host::KernelMachine<double> machine;
  host::PhaseTimes times;
  std::map<std::string, double> measured;
};

std::multiset<std::vector<double>> columns_of(const arma::mat& m) {
  std::multiset<std::vector<double>> out;
  for (arma::uword i = 0; i < m.n_cols; ++i)
    out.insert(arma::conv_to<std::vector<double>>::from(arma::vec(m.col(i))));
  return out;
}

}  // namespace

TEST_CASE("validation holds a part of the training samples out, another for another seed") {
  const Machine all(pipeline("rounds = 1")), part(pipeline("validation = 0.29")),
      again(pipeline("validation = 0.29"));
  REQUIRE(part.data().shape.validation_samples == 116);
  REQUIRE(part.data().shape.train_samples == 284);
  REQUIRE(part.data().train.x.n_cols == 284);
  REQUIRE(part.data().unseen.x.n_cols == 216);
  const auto &train = part.data().train, &unseen = part.data().unseen;
  const arma::mat joined =
      arma::join_rows(arma::join_cols(train.x, train.y),
                      arma::join_cols(unseen.x.head_cols(116), unseen.y.head_cols(116)));
  CHECK(columns_of(joined) == columns_of(arma::join_cols(all.data().train.x, all.data().train.y)));
  CHECK(arma::approx_equal(unseen.x.tail_cols(100), all.data().unseen.x, "absdiff", 0));
  CHECK(arma::approx_equal(train.x, again.data().train.x, "absdiff", 0));

  // the order of the samples stays, so that another part shows in the first ones
  std::string other = pipeline("validation = 0.29");
  other.replace(other.find("seed = 1"), 8, "seed = 2");
  const Machine elsewhere(other);
  CHECK_FALSE(arma::approx_equal(arma::sum(train.x, 0), arma::sum(elsewhere.data().train.x, 0),
                                 "absdiff", 0));
}

TEST_CASE("the validation error is that of the samples that were held out") {
  Machine machine(pipeline("validation = 0.25"));
  machine.fit(0);
  const arma::mat error = machine.machine.unseen_prediction() - machine.data().unseen.y;
  CHECK(machine.measured.at("validation_mse") ==
        Approx(arma::mean(arma::vectorise(arma::square(error.head_cols(100))))).epsilon(1e-12));
  CHECK(machine.measured.at("test_mse") ==
        Approx(arma::mean(arma::vectorise(arma::square(error.tail_cols(100))))).epsilon(1e-12));
  CHECK(machine.measured.count("validation_accuracy") == 0);
}

TEST_CASE("with validation samples a run keeps its best round and says which") {
  const Scratch scratch;
  const auto folder = scratch.path() / "run";
  const auto outcome = run(pipeline("rounds = 8\nvalidation = 0.2", snapshots), folder);
  REQUIRE(outcome.status == host::RunStatus::finished);
  REQUIRE(outcome.metrics.rounds().size() == 8);
  const auto best = best_of(outcome.metrics, "validation_mse");
  REQUIRE(best > 0);
  REQUIRE(best < 7);
  const auto summary = summary_of(folder);
  CHECK(summary.at("kept_round") == best);
  CHECK(summary.at("rounds_done") == 8);
  CHECK(summary.at("validation_samples") == 80);
  CHECK(summary.at("train_samples") == 320);
  for (const char* column : {"validation_mse", "test_mse", "train_mse"})
    CHECK(summary.at("metrics").at(column) == outcome.metrics.at(best, column));
  const auto array = [&](const std::string& name) {
    return test::read(folder / "arrays" / (name + ".npy"));
  };
  CHECK(array("feature_matrix") == array(fmt::format("feature_matrix.round_{:03}", best)));
  CHECK(array("feature_matrix") != array("feature_matrix.round_007"));

  const auto all = run(pipeline("rounds = 8", snapshots), scratch.path() / "all");
  CHECK(summary_of(scratch.path() / "all").at("kept_round") == 7);
  CHECK(test::read(scratch.path() / "all/arrays/feature_matrix.npy") ==
        test::read(scratch.path() / "all/arrays/feature_matrix.round_007.npy"));
}

TEST_CASE("what components emit in the best round is kept too") {
  const auto path_of_ridges = [](std::string toml) {
    toml.replace(toml.find("seed = 1"), 8, "seed = 2");
    const std::string before = "use = \"cholesky\"\nridge = 1e-3\n";
    return toml.replace(toml.find(before), before.size(), "use = \"ridge_path\"\n");
  };
  const Scratch scratch;
  const auto folder = scratch.path() / "run", shorter = scratch.path() / "shorter";
  run(path_of_ridges(pipeline("rounds = 8\nvalidation = 0.2")), folder);
  const std::int64_t best = summary_of(folder).at("kept_round");
  REQUIRE(best > 0);
  REQUIRE(best < 7);
  run(path_of_ridges(pipeline(fmt::format("rounds = {}\nvalidation = 0.2", best + 1))), shorter);
  REQUIRE(summary_of(shorter).at("kept_round") == best);
  for (const char* name : {"feature_matrix", "ridge_path"}) {
    CAPTURE(name);
    const std::string file = fmt::format("arrays/{}.npy", name);
    CHECK(test::read(folder / file) == test::read(shorter / file));
  }
}

TEST_CASE("patience ends a run that no longer gets better, and changes nothing before") {
  const Scratch scratch;
  const auto whole = run(pipeline("rounds = 12\nvalidation = 0.2"), scratch.path() / "whole");
  const auto patient =
      run(pipeline("rounds = 12\nvalidation = 0.2\npatience = 3"), scratch.path() / "patient");
  REQUIRE(patient.status == host::RunStatus::finished);
  const auto best = best_of(patient.metrics, "validation_mse");
  CHECK(patient.metrics.rounds().back() == best + 3);
  REQUIRE(patient.metrics.rounds().back() < 11);
  for (const auto round : patient.metrics.rounds())
    for (const char* column : {"train_mse", "validation_mse", "test_mse"})
      CHECK(patient.metrics.at(round, column) == whole.metrics.at(round, column));
  const auto summary = summary_of(scratch.path() / "patient");
  CHECK(summary.at("kept_round") == best);
  CHECK(summary.at("rounds_done") == best + 4);
  CHECK(summary.at("rounds_planned") == 12);
  CHECK_FALSE(test::fs::exists(scratch.path() / "patient/checkpoint"));
  CHECK_THAT(test::read(scratch.path() / "patient/report.html"),
             ContainsSubstring(
                 fmt::format("round {} was kept, the best on the validation samples", best)));
}

TEST_CASE("a run that starts with another's features goes on where that one ended") {
  const std::string map = GENERATE("use = \"agop\"", "use = \"coordinate_reweighting\"");
  CAPTURE(map);
  const auto with_map = [&](std::string toml) {
    return toml.replace(toml.find("use = \"agop\""), 12, map);
  };
  const Scratch scratch;
  const auto whole = run(with_map(pipeline("rounds = 6")), scratch.path() / "whole");
  run(with_map(pipeline("rounds = 4")), scratch.path() / "first");
  const auto file = (scratch.path() / "first/arrays/feature_matrix.npy").string();
  const auto second = run(with_map(pipeline(fmt::format("rounds = 3\nstart = \"{}\"", file))),
                          scratch.path() / "second");
  REQUIRE(second.status == host::RunStatus::finished);
  for (const int round : {0, 1, 2})
    CHECK(second.metrics.at(round, "test_mse") == whole.metrics.at(round + 3, "test_mse"));
}

TEST_CASE("weights start a full feature matrix as its diagonal") {
  const Scratch scratch;
  std::string reweighted = pipeline("rounds = 3");
  reweighted.replace(reweighted.find("use = \"agop\""), 12, "use = \"coordinate_reweighting\"");
  const auto first = run(reweighted, scratch.path() / "first");
  const auto file = (scratch.path() / "first/arrays/weights.npy").string();
  const auto second =
      run(pipeline(fmt::format("rounds = 1\nstart = \"{}\"", file)), scratch.path() / "second");
  REQUIRE(second.status == host::RunStatus::finished);
  // sqrt(w) x by one product, or by one factor a feature
  CHECK(second.metrics.at(0, "test_mse") == Approx(first.metrics.at(2, "test_mse")).epsilon(1e-9));
}

TEST_CASE("fresh samples are another draw in each round, the validation samples stay") {
  Machine machine(pipeline("rounds = 3\nvalidation = 0.25\nfresh_samples = true"));
  std::multiset<std::vector<double>> seen;
  const arma::mat unseen = machine.data().unseen.x;
  for (int round = 0; round < 3; ++round) {
    machine.fit(round);
    const arma::mat& x = machine.data().train.x;
    REQUIRE(x.n_cols == 300);
    CHECK(seen.insert({arma::accu(x)}) != seen.end());
    CHECK(arma::approx_equal(machine.data().unseen.x, unseen, "absdiff", 0));
    machine.machine.learn(round, machine.times);
  }
  CHECK(std::set<std::vector<double>>(seen.begin(), seen.end()).size() == 3);
}

TEST_CASE("maps in front of the first that learns are fitted to fresh samples again") {
  std::string toml = pipeline("rounds = 2\nfresh_samples = true");
  toml.insert(toml.find("[[feature_map]]"), "[[feature_map]]\nuse = \"standardize\"\n");
  Machine machine(toml);
  machine.fit(0);
  const auto before = machine.machine.learned_arrays().at("mean").data;
  machine.machine.learn(0, machine.times);
  machine.fit(1);
  const auto after = machine.machine.learned_arrays().at("mean");
  CHECK(after.data != before);
  const arma::vec mean = arma::mean(machine.data().train.x, 1);
  CHECK(test::relative_error(host::copy_as<double>(after.view()).as_col(), mean) < 1e-12);
}

TEST_CASE("fresh samples without feature maps and diagnostics are fitted as they are drawn") {
  const Scratch scratch;
  const std::string kernel = GENERATE("gaussian", "quadratic");
  const auto plain = [&](const std::string& loop) {
    std::string toml = pipeline(loop);
    const auto from = toml.find("[[feature_map]]"), to = toml.find("[optimizer]");
    const std::string table =
        kernel == "gaussian" ? "use = \"gaussian\"\nbandwidth = 3.5\n" : "use = \"quadratic\"\n";
    return toml.replace(from, to - from, "[kernel]\n" + table);
  };
  const auto watched = run(plain("rounds = 3\nfresh_samples = true") +
                               "[[diagnostic]]\nuse = \"snapshots\"\nof = \"agop\"\n",
                           scratch.path() / "watched");
  const auto alone = run(plain("rounds = 3\nfresh_samples = true"), scratch.path() / "alone");
  REQUIRE(alone.status == host::RunStatus::finished);
  for (const int round : {0, 1, 2})
    CHECK(alone.metrics.at(round, "test_mse") == watched.metrics.at(round, "test_mse"));
  CHECK(alone.metrics.at(0, "test_mse") != alone.metrics.at(1, "test_mse"));
}

TEST_CASE("a loop that cannot be had is refused at its place in the file") {
  CHECK_THAT(failure(pipeline("rounds = 2\nvalidation = 0.001")),
             ContainsSubstring("validation = 0.001 of 400 training samples leaves 0 to validate") &&
                 ContainsSubstring(":19:14: "));
  CHECK_THAT(failure(R"([dataset]
use = "modular_arithmetic"
modulus = 7
[kernel]
use = "gaussian"
[optimizer]
use = "cholesky"
[loop]
fresh_samples = true
)"),
             ContainsSubstring(":9:17: ") && ContainsSubstring("draw its training samples anew") &&
                 ContainsSubstring("dataset 'modular_arithmetic'"));
  const Scratch scratch;
  const auto file = [&](const char* name, const arma::mat& columns) {
    return scratch.file(name, host::npy_bytes(host::NpyArray::copy_of(host::as_array(columns))))
        .string();
  };
  const auto start = [&](const std::string& path) {
    return failure(pipeline(fmt::format("start = \"{}\"", path)));
  };
  CHECK_THAT(start((scratch.path() / "none.npy").string()),
             ContainsSubstring(":18:9: ") && ContainsSubstring("none.npy"));
  arma::mat m = arma::eye(12, 12);
  m(0, 1) = 0.5;
  CHECK_THAT(start(file("skew.npy", m)), ContainsSubstring("a metric is symmetric, but elements"));
  CHECK_THAT(start(file("small.npy", arma::eye(5, 5))),
             ContainsSubstring("the feature matrix is of 5 features, the inputs have 12"));
  CHECK_THAT(start(file("wide.npy", arma::mat(3, 12, arma::fill::ones))),
             ContainsSubstring("12 x 3"));
  std::string fixed = pipeline(fmt::format("start = \"{}\"", file("m.npy", arma::eye(12, 12))));
  fixed.replace(fixed.find("use = \"agop\""), 12, "use = \"standardize\"");
  CHECK_THAT(failure(fixed), ContainsSubstring("none of this pipeline learns"));
  std::string twice = pipeline(fmt::format("start = \"{}\"", file("m.npy", arma::eye(12, 12))));
  twice.insert(twice.find("[kernel]"), "[[feature_map]]\nuse = \"agop\"\n");
  CHECK_THAT(failure(twice), ContainsSubstring("here several do"));
}
