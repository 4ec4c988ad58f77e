// SPDX-License-Identifier: MIT
#include "config/plan.hpp"

#include "base/text.hpp"
#include "config/components.hpp"
#include "config/document.hpp"
#include "config/figures.hpp"
#include "config/isolation.hpp"
#include "config/overrides.hpp"
#include "config/own_keys.hpp"
#include "config/own_tables.hpp"
#include "config/plan_tree.hpp"
#include "config/problems.hpp"
#include "config/sweep_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

onager_parameter seed_row() {
  return documented(integer_row("seed", 0, 0), "The run's random numbers are a function of it");
}

onager_parameter precision_row() {
  static const char* const choices[] = {"float64", "float32"};
  return documented(choice_row("precision", choices, 2), "Of all numbers that are computed with");
}

class PlanReader {
 public:
  PlanReader(const Node& root, const Scope& scope) : root_(root), scope_(scope) {}

  Plan read() {
    Plan plan;
    refuse_unknown_keys();
    plan.seed = static_cast<std::uint64_t>(own_value(&root_, seed_row(), scope_).integer);
    if (own_value(&root_, precision_row(), scope_).text == "float32")
      plan.precision = Precision::float32;
    plan.memory_limit = read_memory_limit();
    isolation_ = read_isolation(root_, {}, scope_);
    plan.dataset = one("dataset");
    plan.feature_maps = many("feature_map");
    if (root_.find("model") != nullptr) read_network(plan);
    else read_kernel_machine(plan);
    plan.diagnostics = many("diagnostic");
    return plan;
  }

 private:
  void read_kernel_machine(Plan& plan) {
    if (const Node* loss = root_.find("loss"))
      scope_.problems.add(loss->place.where(),
                          "[loss] belongs to a network pipeline, one with a [model]; this one has "
                          "none");
    plan.kernel = one("kernel");
    plan.optimizer = one("optimizer");
    plan.kernel_loop = read_kernel_loop(root_.find("loop"), scope_);
  }

  void read_network(Plan& plan) {
    if (const Node* kernel = root_.find("kernel"))
      scope_.problems.add(kernel->place.where(),
                          "a pipeline has a [kernel] or a [model], and this one has both");
    plan.model = one("model");
    plan.loss = one("loss");
    plan.optimizer = one("optimizer");
    plan.network_loop = read_network_loop(root_.find("loop"), scope_);
  }

  void refuse_unknown_keys() {
    const auto& known = top_level_names();
    for (const auto& child : root_.children) {
      if (std::find(known.begin(), known.end(), child.key) != known.end()) continue;
      const Where at = child.key_place.where();
      const std::string meant = did_you_mean(child.key, known);
      scope_.problems.add(at, fmt::format("a pipeline has no '{}'{}", child.key,
                                          meant.empty() ? "; it has " + joined(known) : meant));
    }
  }

  ComponentPlan one(const std::string& kind) {
    if (const Node* node = root_.find(kind)) return component(*node, kind, kind);
    scope_.problems.add({root_.place.where().file, 0, 0, ""},
                        fmt::format("the table [{}] is missing; add [{}] with use = \"ID\" "
                                    "(`onager list {}` shows what there is)",
                                    kind, kind, kind));
    return {};
  }

  ComponentPlan component(const Node& node, const std::string& kind, const std::string& path) {
    ComponentPlan plan = read_component(node, kind, path, scope_);
    if (node.kind == NodeKind::table) plan.isolation = read_isolation(node, isolation_, scope_);
    return plan;
  }

  std::vector<ComponentPlan> many(const std::string& kind) {
    std::vector<ComponentPlan> out;
    const Node* node = root_.find(kind);
    if (node == nullptr) return out;
    if (node->kind == NodeKind::array) {
      for (std::size_t i = 0; i < node->children.size(); ++i)
        out.push_back(component(node->children[i], kind, fmt::format("{}[{}]", kind, i)));
    } else {
      out.push_back(component(*node, kind, kind + "[0]"));
    }
    return out;
  }

  std::optional<MemoryLimit> read_memory_limit() {
    const Node* node = root_.find("memory_limit");
    if (node == nullptr) return std::nullopt;
    if (node->kind == NodeKind::integer && node->integer > 0)
      return MemoryLimit{std::to_string(node->integer), static_cast<std::uint64_t>(node->integer),
                         0};
    if (node->kind == NodeKind::string)
      if (const auto limit = memory_limit_from(node->text)) return limit;
    scope_.problems.add(node->place.where(), fmt::format("memory_limit must be {}, not {}",
                                                         memory_limit_forms, described(*node)));
    return std::nullopt;
  }

  const Node& root_;
  const Scope& scope_;
  Isolation isolation_;  // of the components that do not say it themselves
};

}  // namespace

const std::vector<std::string>& top_level_names() {
  static const std::vector<std::string> names{
      "seed",        "precision", "memory_limit", "isolation", "call_limit", "dataset",
      "feature_map", "kernel",    "model",        "loss",      "optimizer",  "loop",
      "diagnostic",  "sweep",     "figure",       "expect"};
  return names;
}

const std::vector<onager_parameter>& pipeline_rows() {
  static const std::vector<onager_parameter> rows{seed_row(), precision_row(), isolation_rows()[0],
                                                  isolation_rows()[1]};
  return rows;
}

Plan plan_of_tree(const Node& root, const Scope& scope) { return PlanReader(root, scope).read(); }

Plan read_plan(const std::filesystem::path& file, const std::vector<std::string>& overrides,
               const Registry& registry) {
  Node root = read_document(file);
  Problems problems;
  apply_overrides(root, overrides, problems);
  const Scope scope{registry, std::filesystem::absolute(file).parent_path(), problems};
  Plan plan = plan_of_tree(root, scope);
  plan.has_sweep = read_sweep_table(root, problems).has_value();
  plan.figures = read_figures(root, problems);
  plan.expectations = read_expectations(root, plan.figures, problems);
  if (plan.has_sweep) {
    plan.figures.clear();
    plan.expectations.clear();
  }
  problems.throw_if_any(file.string());
  plan.file = file;
  return plan;
}

}  // namespace onager::host
