// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "examples.hpp"

#include "config/parameters.hpp"
#include "plugin/interfaces.hpp"

#include <map>

using namespace onager;
using test::Example;

TEST_CASE("every component that needs parameters has an example of them") {
  for (const auto& entry : test::everything().all()) {
    CAPTURE(entry.qualified_id());
    if (test::needs_parameters(entry)) CHECK_FALSE(test::listed_parameters(entry).empty());
  }
}

TEST_CASE("every plugin of the build loads without a remark") {
  REQUIRE_FALSE(test::built_in().all().empty());
  for (const auto& problem : test::built_in().problems()) FAIL_CHECK(problem.message);
}

TEST_CASE("a component can be created and destroyed a hundred times") {
  for (const auto& example : test::examples()) {
    CAPTURE(example.label());
    const auto plan = test::plan_of(example);
    host::Environment environment;
    for (int i = 0; i < 100; ++i) {
      const host::Instance instance(plan, environment);
      REQUIRE(instance.get() != nullptr);
    }
  }
}

TEST_CASE("instances of a component are apart from each other") {
  for (const auto& example : test::examples()) {
    CAPTURE(example.label());
    if (example.entry->plugin->descriptor == test::foreign_kernels()) continue;  // have no state
    const auto plan = test::plan_of(example);
    host::Environment environment;
    const host::Instance one(plan, environment), other(plan, environment);
    CHECK(one.get() != other.get());
  }
}

// Some choices want another parameter too: one of the component's examples must go with each.
TEST_CASE("every choice that a component lists can be chosen") {
  for (const auto& entry : test::everything().all()) {
    std::map<std::string, bool> accepted;
    std::string reasons;
    for (const auto& example : test::examples(entry.kind())) {
      if (example.entry != &entry) continue;
      const auto plan = test::plan_of(example);
      for (std::size_t v = 0; v < plan.values.size(); ++v) {
        const onager_parameter& parameter = *plan.values[v].parameter;
        if (parameter.type != ONAGER_CHOICE) continue;
        for (std::uint32_t c = 0; c < parameter.choice_count; ++c) {
          auto chosen = plan;
          chosen.values[v].text = parameter.choices[c];
          chosen.values[v].is_default = false;
          bool& any = accepted[parameter.name + std::string(" = ") + parameter.choices[c]];
          try {
            host::Environment environment;
            const host::Instance instance(chosen, environment);
            any = true;
          } catch (const host::Error& error) {
            reasons += std::string(error.what()) + "\n";
          }
        }
      }
    }
    for (const auto& [choice, any] : accepted) {
      CAPTURE(entry.qualified_id(), choice, reasons);
      CHECK(any);
    }
  }
}

TEST_CASE("a component accepts its own defaults written out") {
  for (const auto& example : test::examples()) {
    CAPTURE(example.label());
    const std::string written = host::to_toml(test::pipeline_of(example));
    CAPTURE(written);
    const test::Scratch scratch;
    const auto again = host::read_plan(scratch.file("again.toml", written), {}, test::everything());
    CHECK(host::to_toml(again) == written);
  }
}

TEST_CASE("a component offers without an instance what each of its instances offers") {
  for (const auto& example : test::examples()) {
    const auto plan = test::plan_of(example);
    host::Environment environment;
    const host::Instance instance(plan, environment);
    const onager_component& component = *example.entry->component;
    int offered = 0;
    for (const auto& known : host::known_interfaces()) {
      CAPTURE(example.label(), known.id);
      const void* of_all = component.interface(nullptr, known.id);
      CHECK(of_all == component.interface(instance.get(), known.id));
      offered += of_all != nullptr;
    }
    CAPTURE(example.label());
    CHECK(offered > 0);
    CHECK(component.interface(nullptr, "onager.unheard_of/1") == nullptr);
    CHECK(component.interface(instance.get(), "") == nullptr);
  }
}

TEST_CASE("a component says in a sentence what it and each of its parameters is") {
  for (const auto& entry : test::everything().all()) {
    CAPTURE(entry.qualified_id());
    CHECK(std::string(entry.component->summary).size() > 3);
    for (const auto* parameter : host::parameters_of(*entry.component)) {
      CAPTURE(parameter->name);
      CHECK(std::string(parameter->doc).size() > 3);
    }
  }
}
