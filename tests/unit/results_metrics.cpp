// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "base/error.hpp"
#include "results/metrics.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <random>

using namespace onager::host;

TEST_CASE("metrics come in the order they were first set, with seconds last") {
  Metrics metrics;
  metrics.set(0, "train_mse", 0.5);
  metrics.set(0, "seconds", 1.25);
  metrics.set(1, "test_mse", 2);
  CHECK(metrics.columns() == std::vector<std::string>{"train_mse", "test_mse", "seconds"});
  CHECK(metrics.to_csv() == "round,train_mse,test_mse,seconds\n0,0.5,,1.25\n1,,2,\n");
  CHECK(std::isnan(metrics.at(0, "test_mse")));
  CHECK(std::isnan(metrics.at(7, "train_mse")));
}

TEST_CASE("a metric set twice keeps the later value") {
  Metrics metrics;
  metrics.set(3, "x", 1);
  metrics.set(3, "x", 2);
  CHECK(metrics.to_csv() == "round,x\n3,2\n");
}

TEST_CASE("metrics read back as the same doubles and write as the same bytes") {
  Metrics metrics;
  const std::uint64_t seed = 20240917;
  INFO("seed " << seed);
  std::mt19937_64 bits(seed);
  const double special[] = {0.0,
                            -0.0,
                            0.1,
                            std::numeric_limits<double>::denorm_min(),
                            std::numeric_limits<double>::max(),
                            std::numeric_limits<double>::infinity(),
                            -std::numeric_limits<double>::infinity(),
                            std::nan("")};
  for (std::int64_t round = 0; round < 200; ++round) {
    double value = 0;
    do {
      const std::uint64_t pattern = bits();
      static_assert(sizeof pattern == sizeof value, "a double has 64 bits");
      std::memcpy(&value, &pattern, sizeof value);
    } while (!std::isfinite(value));
    metrics.set(round, "random", round < 8 ? special[round] : value);
    if (round % 3 == 0) metrics.set(round, "sometimes", static_cast<double>(round) / 3);
  }
  const std::string csv = metrics.to_csv();
  const Metrics back = Metrics::from_csv(csv, "metrics.csv");
  CHECK(back.to_csv() == csv);
  for (const auto round : metrics.rounds()) {
    const double a = metrics.at(round, "random"), b = back.at(round, "random");
    CAPTURE(round, a, b);
    CHECK(((a == b && std::signbit(a) == std::signbit(b)) || (std::isnan(a) && std::isnan(b))));
  }
}

TEST_CASE("a NaN is written without a sign") {
  Metrics metrics;
  metrics.set(0, "x", -std::nan(""));
  CHECK(metrics.to_csv() == "round,x\n0,nan\n");
}

TEST_CASE("a damaged metrics.csv is refused with file and line") {
  const auto error_of = [](const std::string& text) -> std::string {
    try {
      Metrics::from_csv(text, "runs/a/metrics.csv");
    } catch (const Error& error) {
      CHECK(error.category() == Category::config);
      return error.what();
    }
    return "accepted";
  };
  CHECK_THAT(error_of(""), ContainsSubstring("the file is empty"));
  CHECK(error_of("epoch,x\n") ==
        "runs/a/metrics.csv:1: the first column is 'epoch'; expected 'round' or 'step'");
  CHECK(error_of("round,x,x\n") == "runs/a/metrics.csv:1: column 'x' stands there twice");
  CHECK(error_of("round,,x\n") == "runs/a/metrics.csv:1: column 2 has no name");
  CHECK(error_of("round,x\n0,1\n1\n") ==
        "runs/a/metrics.csv:3: 1 cells; expected 2 as in the first line");
  CHECK(error_of("round,x\n0,1\n0,2\n") == "runs/a/metrics.csv:3: round 0 stands there twice");
  CHECK(error_of("round,x\n0.5,1\n") == "runs/a/metrics.csv:2: round '0.5' is not a whole number");
  CHECK(error_of("round,x\n0,1e\n") == "runs/a/metrics.csv:2: x = '1e' is not a number");
}

TEST_CASE("line ends of other systems and a missing last one are read") {
  const Metrics metrics = Metrics::from_csv("round,x\r\n0,1.5\r\n1,2.5", "metrics.csv");
  CHECK(metrics.at(0, "x") == 1.5);
  CHECK(metrics.at(1, "x") == 2.5);
}

TEST_CASE("rows that count steps keep their name") {
  Metrics metrics;
  metrics.count("step");
  metrics.set(50, "loss", 0.5);
  CHECK(metrics.to_csv() == "step,loss\n50,0.5\n");
  const Metrics again = Metrics::from_csv(metrics.to_csv(), "metrics.csv");
  CHECK(again.unit() == "step");
  CHECK(again.to_csv() == metrics.to_csv());
}
