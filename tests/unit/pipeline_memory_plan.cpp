// SPDX-License-Identifier: MIT
#include "pipeline/memory_plan.hpp"

#include "base/error.hpp"

#include "../catch.hpp"

using namespace onager::host;

namespace {

constexpr double gigabyte = 1e9;

/// 10,000 samples of 100 features: the kernel matrix is 800 MB.
MemoryShape regression() {
  MemoryShape shape;
  shape.train_samples = 10000;
  shape.unseen_samples = 1000;
  shape.features = 100;
  shape.outputs = 1;
  shape.shifts = true;
  return shape;
}

MemoryShape with_learned_map(MemoryShape shape) {
  shape.stages.push_back({shape.features, shape.features, true, true, false});
  shape.rounds = 2;
  return shape;
}

std::optional<double> stores_the_kernel(double) { return 8e8; }

double bytes_of(const MemoryPlan& plan, const std::string& phase, const std::string& item = "") {
  for (const auto& p : plan.phases) {
    if (p.name != phase) continue;
    if (item.empty()) return p.bytes;
    for (const auto& i : p.items)
      if (i.what == item) return i.bytes;
  }
  return 0;
}

}  // namespace

TEST_CASE("the peak of a kernel regression is the fit, with what the solver tells") {
  const MemoryPlan plan = plan_memory(regression(), 4 * gigabyte, stores_the_kernel);
  CHECK(plan.known());
  CHECK(plan.peak().name == "fit");
  CHECK(bytes_of(plan, "fit", "solver") == 8e8);
  CHECK(bytes_of(plan, "fit", "data") == 8.0 * 11000 * 101);
  CHECK(bytes_of(plan, "learn") == 0);
  CHECK_FALSE(plan.exceeded());
  CHECK_NOTHROW(require_memory(plan));
}

TEST_CASE("a solver is allowed what the rest of the fit leaves of the limit") {
  double allowed = -1;
  const auto streams = [&](double bytes) -> std::optional<double> {
    allowed = bytes;
    return bytes >= 8e8 ? 8e8 : 1e6;
  };
  const MemoryPlan roomy = plan_memory(regression(), 4 * gigabyte, streams);
  CHECK(allowed == 4 * gigabyte - (bytes_of(roomy, "fit") - 8e8));
  CHECK(roomy.solver_allowed == allowed);
  const MemoryPlan tight = plan_memory(regression(), 0.5 * gigabyte, streams);
  CHECK(bytes_of(tight, "fit", "solver") == 1e6);
  CHECK_FALSE(tight.exceeded());
  plan_memory(regression(), 1e6, streams);
  CHECK(allowed == 0);
}

TEST_CASE("a plan over its limit is refused with the phase, the amounts and what helps") {
  MemoryPlan plan = plan_memory(regression(), 0.5 * gigabyte, stores_the_kernel);
  plan.limit_source = "memory_limit = \"500 MB\"";
  plan.solver_reason = "its own advice";
  REQUIRE(plan.exceeded());
  try {
    require_memory(plan);
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.category() == Category::system);
    CHECK_THAT(error.what(), ContainsSubstring("the phase fit needs 8") &&
                                 ContainsSubstring("477 MiB allowed (memory_limit = \"500 MB\")") &&
                                 ContainsSubstring("solver 763 MiB") &&
                                 ContainsSubstring("fewer training samples") &&
                                 ContainsSubstring("its own advice"));
  }
}

TEST_CASE("a solver that tells nothing leaves the plan a lower bound, and says so") {
  const auto silent = [](double) { return std::optional<double>(); };
  const MemoryPlan plan = plan_memory(regression(), 4 * gigabyte, silent);
  CHECK_FALSE(plan.known());
  CHECK_FALSE(plan.exceeded());
  CHECK_THAT(memory_lines(plan).back(), ContainsSubstring("at least"));
  // what is known to be too much is refused all the same
  CHECK(plan_memory(regression(), 1e6, silent).exceeded());
}

TEST_CASE("samples are held once where nobody but the kernel reads them") {
  const auto held = [](const MemoryShape& shape) {
    return bytes_of(plan_memory(shape, 4 * gigabyte, stores_the_kernel), "predict");
  };
  const double features = 8.0 * 11000 * 100;
  MemoryShape shape = regression();
  const double once = held(shape);
  shape.diagnoses = true;
  CHECK(held(shape) == once + features);
  shape.diagnoses = false;
  shape.fresh_samples = true;  // drawn into the data's place
  CHECK(held(shape) == once + features);
  shape.shifts = false;  // the data itself will do
  CHECK(held(shape) == once);
  CHECK(held(with_learned_map(regression())) >= once + features);
}

TEST_CASE("a dataset that is asked for fresh samples stays with what it holds") {
  MemoryShape shape = regression();
  shape.dataset_bytes = gigabyte;
  const auto at = [&](const char* phase) {
    return bytes_of(plan_memory(shape, 40 * gigabyte, stores_the_kernel), phase,
                    "the dataset's own");
  };
  CHECK(at("load") == gigabyte);
  CHECK(at("fit") == 0);
  shape.fresh_samples = true;
  CHECK(at("load") == gigabyte);
  CHECK(at("fit") == gigabyte);
}

TEST_CASE("only maps that learn, in more than one round, have a phase for it") {
  const MemoryShape learned = with_learned_map(regression());
  const auto plan = [&](const MemoryShape& shape) {
    return plan_memory(shape, 40 * gigabyte, stores_the_kernel);
  };
  CHECK(bytes_of(plan(learned), "learn", "gradients") > 0);
  MemoryShape once = learned;
  once.rounds = 1;
  CHECK(bytes_of(plan(once), "learn") == 0);
  once.diagnoses = true;
  CHECK(bytes_of(plan(once), "diagnose", "gradients") > 0);
  once.differentiable = false;
  CHECK(bytes_of(plan(once), "diagnose") == 0);
}

TEST_CASE("half the precision is half the memory of what grows with the data") {
  MemoryShape shape = with_learned_map(regression());
  const auto wide = plan_memory(shape, 40 * gigabyte, stores_the_kernel);
  shape.number_size = 4;
  const auto narrow = plan_memory(shape, 40 * gigabyte, stores_the_kernel);
  CHECK(bytes_of(narrow, "fit", "data") * 2 == bytes_of(wide, "fit", "data"));
  CHECK(bytes_of(narrow, "fit", "samples for the kernel") * 2 ==
        bytes_of(wide, "fit", "samples for the kernel"));
}

TEST_CASE("what a dataset holds of its files counts until the data is loaded") {
  MemoryShape shape = regression();
  shape.dataset_bytes = 3 * gigabyte;
  const auto plan = plan_memory(shape, 2 * gigabyte, stores_the_kernel);
  CHECK(plan.peak().name == "load");
  CHECK(bytes_of(plan, "fit") < 2 * gigabyte);
}
