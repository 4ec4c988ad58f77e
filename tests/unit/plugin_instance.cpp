// SPDX-License-Identifier: MIT
#include "catch.hpp"
#include "plugin/instance.hpp"
#include "plugin_support.hpp"

#include <onager/kernel.hpp>

#include <vector>

using namespace plugin_test;

namespace {

std::vector<std::string> events;

/// Keeps what it was given, and notes when it comes and goes.
struct Leaf {
  std::string label;
  explicit Leaf(const onager::Config& c) : label(c.text("label")) { events.push_back("+" + label); }
  ~Leaf() { events.push_back("-" + label); }
  Leaf(const Leaf&) = delete;
  template <class T>
  onager::Radial<T> operator()(T) const {
    return {T(1), T(0)};
  }
};

struct Given {
  bool flag, flag_is_default, weights_are_default;
  std::int64_t count;
  double scale;
  std::string choice, path;
  std::vector<std::int64_t> sizes;
  std::vector<double> weights;
  std::vector<std::string> names;
  std::size_t children;
} given;

struct Holder {
  std::vector<onager_child> list;
  explicit Holder(const onager::Config& c) : list(c.children("terms")) {
    given = {c.flag("flag"),     c.is_default("flag"), c.is_default("weights"),
             c.integer("count"), c.real("scale"),      c.choice("choice"),
             c.path("path"),     c.integers("sizes"),  c.reals("weights"),
             c.texts("names"),   list.size()};
    events.push_back("+holder");
  }
  ~Holder() { events.push_back("-holder"); }
  Holder(const Holder&) = delete;
  const std::vector<onager_child>& children() const { return list; }
  template <class T>
  T operator()(const T* values, std::int64_t, T*) const {
    return values[0];
  }
};

const Registry& registry() {
  using namespace onager;
  static const Plugin plugin{
      About{"org.test.instance", "1.0.0", "MIT"},
      radial_kernel<Leaf>("leaf", "A kernel", {text("label", "leaf", "Its name")}),
      composite_kernel<Holder>(
          "holder", "A kernel of kernels",
          {onager::flag("flag", true, "A flag"), integer("count", 3, "A count"),
           real("scale", 2.5, "A scale"), choice("choice", {"near", "far"}, "far", "A choice"),
           onager::path("path", "A file"), integers("sizes", "Sizes"), reals("weights", "Weights"),
           texts("names", "Names"), component_list("terms", "kernel", "Kernels")})};
  static const Registry made = [] {
    Registry r;
    r.add(plugin.descriptor(), "test");
    return r;
  }();
  return made;
}

ComponentPlan leaf(const std::string& label) {
  auto plan = default_plan(registry(), "kernel", "leaf");
  value(plan, "label").text = label;
  return plan;
}

}  // namespace

TEST_CASE("children are created before the component that holds them and destroyed after it") {
  auto plan = default_plan(registry(), "kernel", "holder");
  value(plan, "terms").children = {leaf("a"), leaf("b")};
  Environment environment;
  events.clear();
  { const Instance instance(plan, environment); }
  CHECK(events == std::vector<std::string>{"+a", "+b", "+holder", "-holder", "-b", "-a"});
}

TEST_CASE("a component gets every value of its plan, and which of them are defaults") {
  auto plan = default_plan(registry(), "kernel", "holder");
  value(plan, "terms").children = {leaf("a"), leaf("b")};
  value(plan, "count").integer = -7;
  value(plan, "path").text = "/data/train.bin";
  value(plan, "sizes").integers = {1, 2, 3};
  value(plan, "weights").reals = {0.5, 0.25};
  value(plan, "weights").is_default = false;
  value(plan, "names").texts = {"x", "", "y"};
  Environment environment;
  const Instance instance(plan, environment);
  CHECK(given.flag);
  CHECK(given.flag_is_default);
  CHECK_FALSE(given.weights_are_default);
  CHECK(given.count == -7);
  CHECK(given.scale == 2.5);
  CHECK(given.choice == "far");
  CHECK(given.path == "/data/train.bin");
  CHECK(given.sizes == std::vector<std::int64_t>{1, 2, 3});
  CHECK(given.weights == std::vector<double>{0.5, 0.25});
  CHECK(given.names == std::vector<std::string>{"x", "", "y"});
  CHECK(given.children == 2);
}

TEST_CASE("an instance names its component and plugin, and answers an unknown interface by none") {
  Environment environment;
  const Instance instance(leaf("a"), environment);
  CHECK(instance.name() == "kernel 'leaf' (org.test.instance 1.0.0)");
  CHECK(instance.interface<onager_radial_kernel>(ONAGER_KERNEL_RADIAL) != nullptr);
  CHECK(instance.interface<onager_dot_kernel>(ONAGER_KERNEL_DOT) == nullptr);
}

TEST_CASE("statuses become errors with their exit status") {
  Environment environment;
  const Instance instance(leaf("a"), environment);
  const auto status_of = [&](onager_status status) {
    return error_of([&] { instance.check("apply", status); }).substr(0, 3);
  };
  CHECK(error_of([&] { instance.check("apply", ONAGER_OK); }) == "no error");
  CHECK(status_of(ONAGER_INVALID) == "2: ");
  CHECK(status_of(ONAGER_NO_MEMORY) == "5: ");
  CHECK(status_of(ONAGER_NUMERICAL) == "4: ");
  CHECK(status_of(ONAGER_IO) == "5: ");
  CHECK(status_of(ONAGER_CANCELLED) == "130");
}
