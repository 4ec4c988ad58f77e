// SPDX-License-Identifier: MIT
//
// What holds for any optimizer that goes step by step.
#include "../catch.hpp"
#include "../linear_problem.hpp"
#include "examples.hpp"

using namespace onager;
using test::LinearProblem;
using test::Minimiser;
using Parameters = std::vector<std::pair<std::string, std::string>>;

namespace {

std::vector<const host::ComponentEntry*> step_optimizers() {
  std::vector<const host::ComponentEntry*> out;
  for (const auto& entry : test::built_in().all())
    if (entry.kind() == "optimizer" &&
        entry.component->interface(nullptr, ONAGER_OPTIMIZER_STEP) != nullptr)
      out.push_back(&entry);
  return out;
}

/// Batches, where the optimizer has them, and a stage with a relative rate that begins in step 3.
Parameters staged(const host::ComponentEntry& entry) {
  Parameters out{{"learning_rate", "0.05"}, {"schedule", "3: 0.3/lambda"}, {"steps", "12"}};
  for (const auto* p : host::parameters_of(*entry.component))
    if (std::string(p->name) == "batch_size") out.emplace_back("batch_size", "4");
  return out;
}

template <class T>
LinearProblem<T> problem() {
  return LinearProblem<T>("mse", test::normal_numbers(3, 14, 31), test::normal_numbers(2, 14, 32));
}

}  // namespace

TEMPLATE_TEST_CASE("an optimizer goes on from its state bit for bit", "", double, float) {
  const LinearProblem<TestType> on = problem<TestType>();
  const arma::mat start = test::normal_numbers(6, 1, 33);
  REQUIRE_FALSE(step_optimizers().empty());
  for (const auto* entry : step_optimizers())
    for (const std::int64_t stopped : {1, 6}) {
      CAPTURE(entry->id(), stopped);
      const Parameters given = staged(*entry);
      Minimiser<TestType> whole(on, entry->id(), given), first(on, entry->id(), given),
          second(on, entry->id(), given);
      const std::int64_t steps = whole.begin();
      const arma::mat straight = whole.run(0, steps, start);
      first.begin();
      const arma::mat half = first.run(0, stopped, start);
      second.restore(first.state());
      CHECK(second.begin() == steps);
      CHECK(arma::all(arma::vectorise(second.run(stopped, steps, half) == straight)));
      const auto expected = whole.state(), got = second.state();
      REQUIRE(got.size() == expected.size());
      for (std::size_t i = 0; i < got.size(); ++i) {
        CHECK(got[i].name == expected[i].name);
        CHECK(arma::all(arma::vectorise(got[i].value == expected[i].value)));
      }
      CHECK(first.warnings().empty());
    }
}

TEST_CASE("an optimizer takes the same steps with any number of threads") {
  const LinearProblem<double> on("mse", test::normal_numbers(20000, 3, 34),
                                 test::normal_numbers(2, 3, 35));
  const arma::mat start = test::normal_numbers(40000, 1, 36);
  host::ThreadPool threads(3);
  for (const auto* entry : step_optimizers()) {
    CAPTURE(entry->id());
    const Parameters given{{"learning_rate", "1e-4"}, {"steps", "2"}};
    Minimiser<double> alone(on, entry->id(), given), together(on, entry->id(), given, &threads);
    alone.begin();
    together.begin();
    CHECK(arma::all(arma::vectorise(alone.run(0, 2, start) == together.run(0, 2, start))));
  }
}

TEST_CASE("an optimizer brings the loss down") {
  const LinearProblem<double> on = problem<double>();
  const arma::mat start = test::normal_numbers(6, 1, 37);
  for (const auto* entry : step_optimizers()) {
    CAPTURE(entry->id());
    Minimiser<double> minimiser(on, entry->id(), {{"epochs", "200"}});
    const std::int64_t steps = minimiser.begin();
    CHECK(on.loss(minimiser.run(0, steps, start)) < on.loss(start));
  }
}
