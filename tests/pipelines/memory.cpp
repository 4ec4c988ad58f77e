// SPDX-License-Identifier: MIT
//
// Memory is planned before a run, and the run keeps to the plan.
#include "../catch.hpp"
#include "../support.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

using Json = nlohmann::json;

constexpr double mebibyte = 1024.0 * 1024;

struct Pipeline {
  std::string name;
  std::int64_t train, test, dimension;
  std::string kernel = "use = 'laplace'\nbandwidth = 10.0\n";
  std::string maps = "";
  std::string more = "";  // after the optimizer
  std::string solver = "use = 'stored_or_streamed'\nmay_stream = false\n";

  std::string toml() const {
    return fmt::format(
        "[dataset]\nuse = 'sparse_polynomial'\nterms = ['x1 x2']\ndimension = {}\n"
        "train_samples = {}\ntest_samples = {}\ndistribution = 'gaussian'\n{}[kernel]\n{}"
        "[optimizer]\n{}{}",
        dimension, train, test, maps, kernel, solver, more);
  }
};

const std::string learned = "[[feature_map]]\nuse = 'agop'\n";
const std::string two_rounds = "[loop]\nrounds = 2\n";

/// The program with the solver of tests/plugins, on two threads where it runs something.
Finished run(const Scratch& scratch, const Pipeline& pipeline, const std::string& more = "") {
  scratch.file("p.toml", pipeline.toml());
  return test::onager("run p.toml --quiet --threads 2 --out out --plugin-path " +
                          std::string(ONAGER_TEST_PLUGIN_DIR) + " " + more,
                      scratch.path());
}

Finished check(const Scratch& scratch, const Pipeline& pipeline, const std::string& more = "") {
  scratch.file("p.toml", pipeline.toml());
  return test::onager(
      "check p.toml --plugin-path " + std::string(ONAGER_TEST_PLUGIN_DIR) + " " + more,
      scratch.path());
}

Json summary(const Scratch& scratch) {
  return Json::parse(test::read(scratch.path() / "out/summary.json"));
}

}  // namespace

// The fixed amount: the program takes less than the plan's share for it on most machines.
TEST_CASE("the measured peak is at most the planned one, and at least half of it") {
  const std::string quadratic = "use = 'polynomial'\ndegree = 2\n";
  const Pipeline cases[] = {
      {"kernel regression", 6000, 1000, 50},
      {"wide data", 4000, 2000, 1000},
      {"wide data, dot kernel", 4000, 2000, 1000, quadratic},
      {"random features", 5000, 2000, 50, "use = 'laplace'\nbandwidth = 10.0\n",
       "[[feature_map]]\nuse = 'random_fourier'\nfeatures = 1500\n"},
      {"learned features", 6000, 500, 40, "use = 'laplace'\nbandwidth = 10.0\n", learned,
       two_rounds},
      {"learned features, dot kernel", 6000, 500, 40, quadratic, learned, two_rounds},
      {"learned features, watched", 4000, 500, 700, "use = 'laplace'\nbandwidth = 10.0\n", learned,
       two_rounds + "[[diagnostic]]\nuse = 'feature_alignment'\n"}};
  constexpr double base = 16 * mebibyte;
  for (const auto& pipeline : cases)
    for (const char* precision : {"float64", "float32"}) {
      const Scratch scratch;
      const Finished f = run(scratch, pipeline, std::string("--set precision=") + precision);
      CAPTURE(pipeline.name, precision, f.err);
      REQUIRE(f.status == 0);
      const Json s = summary(scratch);
      const double measured = s.at("peak_memory_bytes"), planned = s.at("planned_memory_bytes");
      CAPTURE(measured / mebibyte, planned / mebibyte);
      CHECK(measured <= planned + base);
      CHECK(measured + base >= planned / 2);
    }
}

TEST_CASE("every solver that tells what it takes keeps to it") {
  int told = 0;
  for (const char* id : {"stored_or_streamed", "cholesky", "cg", "nystrom", "eigenpro"}) {
    const Scratch scratch;
    const Pipeline pipeline{id,
                            5000,
                            100,
                            30,
                            "use = 'laplace'\nbandwidth = 10.0\n",
                            "",
                            "",
                            fmt::format("use = '{}'\n", id)};
    const Finished f = run(scratch, pipeline);
    CAPTURE(id, f.err);
    REQUIRE(f.status == 0);
    const Json s = summary(scratch);
    if (s.at("planned_memory_bytes").is_null()) continue;
    ++told;
    const double measured = s.at("peak_memory_bytes"), planned = s.at("planned_memory_bytes");
    CAPTURE(measured / mebibyte, planned / mebibyte);
    CHECK(measured <= planned + 16 * mebibyte);
  }
  CHECK(told > 0);
}

TEST_CASE("a kernel regression holds its samples once") {
  // 72 MB of samples; with 18 MB of facts and the program a second copy would pass the bound
  const Scratch scratch;
  const Pipeline pipeline{"streamed",
                          6000,
                          0,
                          1500,
                          "use = 'laplace'\nbandwidth = 50.0\n",
                          "",
                          "",
                          "use = 'stored_or_streamed'\n"};
  const Finished f = run(scratch, pipeline, "--set memory_limit=300MB");
  CAPTURE(f.err);
  REQUIRE(f.status == 0);
  CHECK(summary(scratch).at("metrics").at("stored") == 0);
  CHECK(summary(scratch).at("peak_memory_bytes").get<double>() < 165e6);
}

TEST_CASE("a run whose plan exceeds its limit is refused before anything is computed") {
  const Scratch scratch;
  const Pipeline pipeline{"too large", 20000, 1000, 50};
  const Finished f = run(scratch, pipeline, "--set 'memory_limit=100 MB'");
  CHECK(f.status == 5);
  CHECK_THAT(f.err, ContainsSubstring("the phase fit needs 3.0 GiB of memory") &&
                        ContainsSubstring("95 MiB allowed (memory_limit = \"100 MB\")") &&
                        ContainsSubstring("solver 3.0 GiB") &&
                        ContainsSubstring("fewer training samples"));
  const Json s = summary(scratch);
  CHECK(s.at("status") == "failed");
  CHECK(s.at("rounds_done") == 0);
  CHECK(s.at("peak_memory_bytes").get<double>() < 50 * mebibyte);  // not even the data
  CHECK(s.at("planned_memory_bytes").get<double>() > 3.2e9);
  CHECK(s.at("memory_limit_bytes") == 100000000);
  CHECK(s.at("seconds").at("by_phase").size() == 1);  // load, where the plan is made
  // the folder is free for a run that fits
  CHECK(run(scratch, {"small", 100, 10, 5}).status == 0);
}

TEST_CASE("the limit chooses whether a solver stores the kernel matrix") {
  const Pipeline pipeline{"either",
                          3000,
                          100,
                          20,
                          "use = 'laplace'\nbandwidth = 10.0\n",
                          "",
                          "",
                          "use = 'stored_or_streamed'\n"};
  for (const bool stored : {true, false}) {
    const Scratch scratch;
    const std::string limit = std::string("--set memory_limit=") + (stored ? "200MB" : "100MB");
    const Finished f = run(scratch, pipeline, limit);
    CAPTURE(stored, f.err);
    REQUIRE(f.status == 0);
    const Json s = summary(scratch), metrics = s.at("metrics");
    CHECK(metrics.at("stored") == (stored ? 1 : 0));
    // what the solver was allowed and what the rest of the fit holds make the limit
    const double rest =
        s.at("memory_limit_bytes").get<double>() - metrics.at("allowed_bytes").get<double>();
    CHECK(rest > 0);
    CHECK(rest < 80e6);
    const double planned = s.at("planned_memory_bytes");
    if (stored) CHECK(planned == rest + 8.0 * 3000 * 3000);
    else CHECK(planned < 100e6);
  }
}

TEST_CASE("check prints the memory of every phase, as comments and as JSON") {
  const Scratch scratch;
  const Pipeline pipeline{"printed", 3000,      100, 20, "use = 'laplace'\nbandwidth = 10.0\n",
                          learned,   two_rounds};
  const Finished text = check(scratch, pipeline, "--set 'memory_limit=4 GiB'");
  CHECK(text.status == 0);
  CHECK_THAT(text.out, ContainsSubstring("memory_limit = \"4 GiB\"\n") &&
                           ContainsSubstring("\n# memory\n#   load ") &&
                           ContainsSubstring("\n#   learn ") && ContainsSubstring("\n#   peak ") &&
                           ContainsSubstring(", of 4.0 GiB allowed (memory_limit = \"4 GiB\")\n"));
  scratch.file("q.toml", text.out);  // still a pipeline file
  CHECK(test::onager("check q.toml --plugin-path " + std::string(ONAGER_TEST_PLUGIN_DIR),
                     scratch.path())
            .out == text.out);

  const Finished json = check(scratch, pipeline, "--json --set memory_limit=50MB");
  CHECK(json.status == 0);
  const Json memory = Json::parse(json.out).at("memory");
  CHECK(memory.at("known") == true);
  CHECK(memory.at("fits") == false);
  CHECK(memory.at("limit_bytes") == 50000000);
  CHECK(memory.at("unknown").empty());
  double peak = 0;
  for (const auto& phase : memory.at("phases")) {
    double sum = 0;
    for (const auto& item : phase.at("items")) sum += item.get<double>();
    CHECK(std::abs(sum - phase.at("bytes").get<double>()) < 100);
    peak = std::max(peak, phase.at("bytes").get<double>());
  }
  CHECK(memory.at("peak_bytes") == peak);
}

TEST_CASE("check says why memory is not known, and refuses what a component refuses") {
  const Scratch scratch;
  const std::string rest = "[kernel]\nuse = 'gaussian'\n[optimizer]\nuse = 'cholesky'\n";
  scratch.file("away.toml", "[dataset]\nuse = 'csv'\ntrain = 'elsewhere.csv'\n" + rest);
  const Finished away = test::onager("check away.toml", scratch.path());
  CHECK(away.status == 0);
  CHECK_THAT(away.out, ContainsSubstring("[dataset]") && ContainsSubstring("# memory\n") &&
                           ContainsSubstring("#   not known:\n") &&
                           ContainsSubstring("elsewhere.csv: cannot be opened"));
  const Finished json = test::onager("check away.toml --json", scratch.path());
  CHECK(Json::parse(json.out).at("memory").at("known") == false);

  scratch.file("both.toml", "[dataset]\nuse = 'csv'\ntrain = 'a.csv'\npath = 'b.csv'\n" + rest);
  const Finished both = test::onager("check both.toml", scratch.path());
  CHECK(both.status == 2);
  CHECK_THAT(both.err, ContainsSubstring("both.toml:") && ContainsSubstring("give either path"));
}

TEST_CASE("a network's run holds no more after many steps than after a few") {
  const Scratch scratch;
  scratch.file("p.toml",
               "[dataset]\nuse = 'sparse_polynomial'\nterms = ['x1 x2']\ndimension = 20\n"
               "distribution = 'gaussian'\ntrain_samples = 300\ntest_samples = 100\n"
               "[model]\nuse = 'fully_connected'\nwidths = [512]\n[loss]\nuse = 'mse'\n"
               "[optimizer]\nuse = 'gd'\nlearning_rate = '3.0/lambda'\nsteps = 80\n"
               "[loop]\nevery = 1\n[[diagnostic]]\nuse = 'catapult'\n");
  const auto peak = [&](int steps) {
    const auto done = test::onager(fmt::format("run p.toml --quiet --threads 1 --out out{0} --set "
                                               "optimizer.steps={0}",
                                               steps),
                                   scratch.path());
    INFO(done.err);
    REQUIRE(done.status == 0);
    const auto text = test::read(scratch.path() / fmt::format("out{}/summary.json", steps));
    return Json::parse(text).at("peak_memory_bytes").get<double>();
  };
  const double few = peak(8), many = peak(80);
  CAPTURE(few, many);
  CHECK(many < 1.2 * few);
}
