// SPDX-License-Identifier: MIT
//
// A registry of small components and a folder for pipeline files, for the tests of config/.
#pragma once

#include "../scratch.hpp"

#include "base/error.hpp"
#include "config/plan.hpp"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <onager/dataset.hpp>
#include <onager/diagnostic.hpp>
#include <onager/feature_map.hpp>
#include <onager/kernel.hpp>
#include <onager/loss.hpp>
#include <onager/model.hpp>
#include <onager/optimizer.hpp>
#include <string>
#include <vector>

namespace config_test {

using namespace onager::host;

struct Numbers {
  onager::Sizes describe() { return {onager::Task::regression, 1, 1, 1, 1}; }
  template <class T>
  void fill(onager::Split, std::int64_t, onager::Matrix<T>, onager::Matrix<T>) {}
};

struct Stretch {
  std::int64_t output_dimension(std::int64_t d) const { return d; }
  template <class T>
  void apply(onager::Matrix<const T>, onager::Matrix<T>) const {}
};

struct Flat {
  template <class T>
  onager::Radial<T> operator()(T) const {
    return {T(1), T(0)};
  }
};

struct Solver {
  template <class T>
  void solve(const onager::KernelOperator<T>&, onager::Matrix<const T>, onager::Matrix<T>) {}
};

struct Net {
  std::int64_t prepare(std::int64_t, std::int64_t) { return 1; }
  template <class T>
  void initialise(onager::Matrix<T>) const {}
  template <class T>
  void forward(onager::Matrix<const T>, onager::Matrix<const T>, onager::Matrix<T>) const {}
  template <class T>
  void vjp(onager::Matrix<const T>, onager::Matrix<const T>, onager::Matrix<T>,
           const onager::Cotangent&, onager::Matrix<const T>, onager::Matrix<T>*,
           onager::Matrix<T>*) const {}
};

struct Squares {
  template <class T>
  double evaluate(std::int64_t, onager::Matrix<const T>, onager::Matrix<const T>,
                  onager::Matrix<T>*) const {
    return 0;
  }
  template <class T>
  void curvature(std::int64_t, onager::Matrix<const T>, onager::Matrix<const T>,
                 onager::Matrix<const T>, onager::Matrix<T>) const {}
};

struct Walker {
  std::int64_t begin(const onager::Objective&) { return 1; }
  template <class T>
  onager::Step step(const onager::Objective&, std::int64_t, onager::Matrix<T>) {
    return {};
  }
};

struct Watcher {
  void observe(const onager::View&) {}
};

inline const Registry& registry() {
  using namespace onager;
  static const double inf = std::numeric_limits<double>::infinity();
  static const Plugin plugin{
      About{"org.test.one", "1.0.0", "MIT"},
      dataset<Numbers>(
          "numbers", "Numbers",
          {integer("modulus", 0, "The number of residues").required().at_least(2).at_most(1000),
           choice("operation", {"add", "subtract", "multiply"}, "add", "What is done"),
           real("fraction", 0.5, "Part that is trained on").above(0).below(1),
           path("train", "A file"), text("title", "none", "A title"),
           flag("shuffle", true, "Whether the order is random"),
           texts("labels", "Names of the outputs"), integers("sizes", "Sizes").at_least(1)}),
      feature_map<Stretch>(
          "stretch", "Stretches",
          {real("power", 1.0, "Exponent"), real("limit", inf, "Largest factor").above(0)}),
      radial_kernel<Flat>("flat", "A kernel", {real("bandwidth", 1.0, "Length scale").above(0)}),
      radial_kernel<Flat>("total", "Holds kernels",
                          {component_list("terms", "kernel", "The kernels"),
                           reals("weights", "One a term").at_least(0)}),
      radial_kernel<Flat>(
          "scaled", "Holds a kernel",
          {component("inner", "kernel", "The kernel"), real("factor", 1.0, "The factor")}),
      linear_solver<Solver>("direct", "A solver", {real("ridge", 0.0, "Ridge").at_least(0)}),
      linear_solver<Solver>("plain", "A solver without parameters"),
      model<Net>("net", "A network"),
      model<Net>("wrapped", "Holds a network", {component("of", "model", "The network")}),
      loss<Squares>("squares", "A loss"),
      step_optimizer<Walker>("walk", "Steps",
                             {expression("rate", "0.5", "Length of a step"),
                              integer("steps", 1, "How many").at_least(0)}),
      diagnostic<Watcher>("watch", "Watches", {integer("span", 1, "Rounds").at_least(1)})};
  static const Registry made = [] {
    Registry r;
    r.add(plugin.descriptor(), "test");
    return r;
  }();
  return made;
}

using Folder = onager::test::Scratch;

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

inline Plan plan_of(const std::string& content, const std::vector<std::string>& overrides = {},
                    const Folder& folder = Folder()) {
  const auto file = folder.path() / "p.toml";
  std::ofstream(file, std::ios::binary) << content;
  return read_plan(file, overrides, registry());
}

/// The message for a file, which it calls p.toml; "" when there is no error.
inline std::string error_of(const std::string& content,
                            const std::vector<std::string>& overrides = {}) {
  const Folder folder;
  try {
    plan_of(content, overrides, folder);
  } catch (const Error& error) {
    if (error.category() != Category::config) return "not a config error";
    return replaced(error.what(), folder.path().string() + "/", "");
  }
  return "";
}

inline const ParameterValue& value(const ComponentPlan& plan, const std::string& name) {
  for (const auto& v : plan.values)
    if (v.parameter->name == name) return v;
  throw std::runtime_error("no value " + name);
}

/// A pipeline with everything that is required, and `kernel` as its [kernel] table.
inline std::string pipeline(const std::string& kernel = "use = 'flat'\n") {
  return "[kernel]\n" + kernel +
         "[dataset]\nuse = 'numbers'\nmodulus = 7\n[optimizer]\nuse = 'direct'\n";
}

/// A network pipeline with everything that is required, its last table [loop] with that text.
inline std::string network_pipeline(const std::string& loop = "", const std::string& more = "") {
  return "[dataset]\nuse = 'numbers'\nmodulus = 7\n[model]\nuse = 'net'\n[loss]\nuse = "
         "'squares'\n[optimizer]\nuse = 'walk'\n" +
         more + "[loop]\n" + loop;
}

}  // namespace config_test
