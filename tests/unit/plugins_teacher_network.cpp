// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "plugins_dataset.hpp"

#include "../../plugins/datasets/teacher_network/two_layer_network.hpp"

#include <cmath>
#include <random>

using namespace onager;
using onager::plugins::Distribution;
using onager::plugins::TwoLayerNetwork;
using tests::Dataset;

namespace {

Table normal_table(std::int64_t rows, std::int64_t cols, unsigned seed) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal;
  Table out(rows, cols);
  for (double& v : out.values) v = normal(engine);
  return out;
}

TwoLayerNetwork network(const char* activation, std::int64_t d, std::int64_t m, std::int64_t c) {
  return {plugins::network::Activation(activation), normal_table(m, d, 1), normal_table(c, m, 2)};
}

}  // namespace

TEST_CASE("the teacher's targets are its formula at the inputs, with the weights it tells") {
  const Dataset data(
      "use = 'teacher_network'\ndimension = 5\nwidth = 7\noutputs = 3\nactivation = 'tanh'\n"
      "train_samples = 40\ntest_samples = 300");
  CHECK(data.info.task == ONAGER_REGRESSION);
  REQUIRE(data.info.outputs == 3);
  const arma::mat w = data.fact("hidden_weights").t(), a = data.fact("output_weights").t();
  REQUIRE(w.n_rows == 7);
  REQUIRE(a.n_cols == 7);
  for (const auto split : {ONAGER_TRAIN, ONAGER_TEST}) {
    const auto samples = data.samples(split);
    const arma::mat y = a * arma::tanh(w * samples.x / std::sqrt(5.0)) / std::sqrt(7.0);
    // sums of 5 and 7 terms, and a tanh of its own
    CHECK(arma::abs(samples.y - y).max() < 1e-13);
  }
  CHECK(data.fact("egop").empty());
}

TEST_CASE("the teacher's noise is on training targets only, another for every output") {
  const std::string lines =
      "use = 'teacher_network'\ndimension = 4\noutputs = 2\ntrain_samples = 4000\n"
      "test_samples = 10\n";
  const Dataset clean(lines), noisy(lines + "noise = 0.5");
  const auto a = clean.samples(ONAGER_TRAIN), b = noisy.samples(ONAGER_TRAIN);
  CHECK(arma::approx_equal(a.x, b.x, "absdiff", 0));
  CHECK(
      arma::approx_equal(clean.samples(ONAGER_TEST).y, noisy.samples(ONAGER_TEST).y, "absdiff", 0));
  const arma::mat noise = (b.y - a.y).t();
  // standard errors of 4000 draws: of a deviation 0.5/sqrt 8000, of a correlation 1/sqrt 4000
  CHECK(arma::stddev(noise.col(0)) == Approx(0.5).margin(5 * 0.5 / std::sqrt(8000.0)));
  CHECK(arma::stddev(noise.col(1)) == Approx(0.5).margin(5 * 0.5 / std::sqrt(8000.0)));
  CHECK(std::abs(arma::as_scalar(arma::cor(noise.col(0), noise.col(1)))) < 5 / std::sqrt(4000.0));
}

TEST_CASE("the teacher's inputs have the law that is asked for") {
  const auto inputs = [](const std::string& law) {
    return Dataset("use = 'teacher_network'\ndimension = 6\ndistribution = '" + law + "'")
        .samples(ONAGER_TRAIN)
        .x;
  };
  CHECK(arma::abs(arma::sum(arma::square(inputs("sphere"))) - 6).max() < 1e-13);
  CHECK(arma::all(arma::vectorise(arma::abs(inputs("hypercube"))) == 1));
  const arma::mat x = inputs("gaussian");
  // the variance of 6000 draws has a standard error of sqrt(2/6000)
  CHECK(arma::var(arma::vectorise(x)) == Approx(1).margin(5 * std::sqrt(2 / 6000.0)));
}

TEST_CASE("the teacher's expected gradient outer product is the mean over many inputs") {
  constexpr std::int64_t d = 3, m = 4, c = 2;
  constexpr int draws = 20000;
  const auto f = network("relu", d, m, c);
  const Table egop = expected_gradient_outer_product(f, Distribution::gaussian);
  std::mt19937_64 engine(3);
  std::normal_distribution<double> normal;
  arma::mat mean(d, d), squares(d, d);
  for (int draw = 0; draw < draws; ++draw) {
    arma::vec x(d);
    for (double& v : x) v = normal(engine);
    arma::mat gradients(d, c);
    for (std::int64_t k = 0; k < m; ++k) {
      double z = 0;
      for (std::int64_t j = 0; j < d; ++j) z += f.hidden(k, j) * x(static_cast<arma::uword>(j));
      if (z <= 0) continue;
      for (std::int64_t j = 0; j < d; ++j)
        for (std::int64_t l = 0; l < c; ++l)
          gradients(static_cast<arma::uword>(j), static_cast<arma::uword>(l)) +=
              f.output(l, k) * f.hidden(k, j) / std::sqrt(static_cast<double>(m * d));
    }
    const arma::mat g = gradients * gradients.t();
    mean += g / draws;
    squares += g % g / draws;
  }
  for (std::int64_t i = 0; i < d; ++i)
    for (std::int64_t j = 0; j < d; ++j) {
      const auto a = static_cast<arma::uword>(i), b = static_cast<arma::uword>(j);
      CAPTURE(i, j);
      const double error = std::sqrt((squares(a, b) - mean(a, b) * mean(a, b)) / draws);
      CHECK(std::abs(egop(i, j) - mean(a, b)) < 5 * error);
    }
}

TEST_CASE("the expected gradient outer product of a linear teacher is its matrix squared") {
  const auto f = network("identity", 3, 4, 2);
  const arma::mat w = arma::mat(f.hidden.values.data(), 3, 4).t();
  const arma::mat a = arma::mat(f.output.values.data(), 4, 2).t();
  const arma::mat map = a * w / std::sqrt(12.0);
  for (const auto law : {Distribution::gaussian, Distribution::hypercube, Distribution::sphere}) {
    const Table egop = expected_gradient_outer_product(f, law);
    const arma::mat found(egop.values.data(), 3, 3);
    CHECK(test::relative_error(found, map.t() * map) < 1e-14);
  }
}

TEST_CASE("no expected gradient outer product is claimed where no formula is known") {
  CHECK(expected_gradient_outer_product(network("relu", 3, 4, 1), Distribution::hypercube).empty());
  CHECK(expected_gradient_outer_product(network("erf", 3, 4, 1), Distribution::gaussian).empty());
}
