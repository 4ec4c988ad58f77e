// SPDX-License-Identifier: MIT
//
// The network that diagnostics observe in the conformance suite is one that a run could have.
#include "../catch.hpp"

#include "conformance/network_stand_in.hpp"

#include <algorithm>
#include <map>

using namespace onager;
using host::conformance::NetworkStandIn;

namespace {

constexpr std::int64_t samples = 6, features = 7, outputs = 3;

Table inputs() {
  Table x(samples, features);
  for (std::size_t k = 0; k < x.values.size(); ++k)
    x.values[k] = std::sin(static_cast<double>(1 + k * k));
  return x;
}

Table targets() {
  Table y(samples, outputs);
  for (std::int64_t i = 0; i < samples; ++i) y(i, i % outputs) = 1;
  return y;
}

double mean_square(const Table& f, const Table& y) {
  double sum = 0;
  for (std::size_t k = 0; k < f.values.size(); ++k)
    sum += (f.values[k] - y.values[k]) * (f.values[k] - y.values[k]);
  return sum / static_cast<double>(f.values.size());
}

double loss_of(const onager_network& network, const Table& w) {
  const auto at = w.view().array();
  double loss = 0;
  REQUIRE(network.objective->evaluate(network.objective, &at, samples, nullptr, &loss, nullptr) ==
          ONAGER_OK);
  return loss;
}

}  // namespace

TEST_CASE("loss, gradient, predictions and tangent kernel of the suite's network agree") {
  const NetworkStandIn<double> network(inputs(), targets(), 4);
  std::map<std::string, Table> arrays;
  for (auto& [name, table] : network.arrays()) arrays[name] = table;
  const Table &w = arrays.at("parameters"), &gradient = arrays.at("loss_gradient");
  const double loss = loss_of(network.abi(), w);
  CHECK_THAT(loss, Catch::Matchers::WithinRel(mean_square(network.predictions(inputs()), targets()),
                                              1e-12));
  for (std::size_t k = 0; k < w.values.size(); ++k) {
    constexpr double h = 1e-6;
    Table up = w, down = w;
    up.values[k] += h;
    down.values[k] -= h;
    const double slope = (loss_of(network.abi(), up) - loss_of(network.abi(), down)) / (2 * h);
    CHECK_THAT(gradient.values[k], Catch::Matchers::WithinAbs(slope, 1e-8));
  }
  CHECK(arrays.at("tangent_kernel").rows == samples * outputs);
  CHECK(arrays.at("network.inputs").values == inputs().values);
}

TEST_CASE("the suite's network takes steps on all samples and on some, and its loss has a spike") {
  std::vector<double> losses;
  for (std::int64_t steps = 0; steps <= 5; ++steps) {
    const NetworkStandIn<double> network(inputs(), targets(), steps);
    losses.push_back(mean_square(network.predictions(inputs()), targets()));
    const onager_step* last = network.abi().last;
    CHECK((last == nullptr) == (steps == 0));
    if (last) CHECK((last->samples != nullptr) == (steps % 2 == 0));
  }
  const auto highest = std::max_element(losses.begin(), losses.end());
  CHECK(highest - losses.begin() == 3);
  CHECK(losses[3] > 10 * losses[2]);
  CHECK(losses[5] < 2 * losses[2]);
}
