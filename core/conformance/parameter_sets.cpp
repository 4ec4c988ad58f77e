// SPDX-License-Identifier: MIT
#include "conformance/parameter_sets.hpp"

#include "config/components.hpp"
#include "config/parameters.hpp"
#include "config/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace onager::host::conformance {

namespace {

/// The suite's components of a kind.
std::vector<const ComponentEntry*> stand_ins(const Registry& registry, const std::string& kind) {
  std::vector<const ComponentEntry*> out;
  for (const auto& entry : registry.all())
    if (entry.kind() == kind && entry.id().rfind("stand_in_", 0) == 0) out.push_back(&entry);
  return out;
}

ComponentPlan with_defaults(const ComponentEntry& entry, const std::string& path) {
  ComponentPlan plan;
  plan.plugin = entry.plugin;
  plan.component = entry.component;
  plan.use = entry.id();
  plan.path = path;
  for (const auto* p : parameters_of(*entry.component))
    plan.values.push_back(default_value(*p, std::filesystem::current_path()));
  return plan;
}

/// A value for each parameter that has no default; nothing when one cannot be made up. `variant`
/// turns through the kernels to hold.
std::optional<ComponentPlan> base_plan(const ComponentEntry& entry, const Registry& registry,
                                       std::size_t variant) {
  ComponentPlan plan = with_defaults(entry, entry.kind());
  for (auto& value : plan.values) {
    const onager_parameter& p = *value.parameter;
    if ((p.flags & ONAGER_REQUIRED) == 0) continue;
    if (p.type != ONAGER_COMPONENT && p.type != ONAGER_COMPONENT_LIST) return std::nullopt;
    const auto held = stand_ins(registry, p.child_kind);
    if (held.empty()) return std::nullopt;
    const std::size_t count = p.type == ONAGER_COMPONENT ? 1 : 2;
    for (std::size_t i = 0; i < count; ++i)
      value.children.push_back(
          with_defaults(*held[(variant + i) % held.size()], plan.path + "." + p.name));
    value.is_default = false;
  }
  return plan;
}

/// A real number that the range takes and that is not the default.
double other_real(const onager_parameter& p) {
  const bool low = std::isfinite(p.real_min), high = std::isfinite(p.real_max);
  if (low && high) {
    const double third = p.real_min + (p.real_max - p.real_min) / 3;
    return third == p.real_default ? (p.real_min + p.real_max) / 2 : third;
  }
  const double moved = p.real_default * 1.7 + (p.real_default == 0 ? 0.3 : 0.0);
  return in_range(p, moved) ? moved : p.real_default;
}

bool allows(const onager_parameter& p, double v) {
  return p.type == ONAGER_REAL ? v != p.real_default && in_range(p, v)
                               : v != static_cast<double>(p.integer_default) &&
                                     in_range(p, static_cast<std::int64_t>(v));
}

/// Where a range ends: its closed ends, and 0 and a number below it where it has no lower end.
std::vector<double> ends(const onager_parameter& p) {
  std::vector<double> out;
  if (p.type == ONAGER_REAL) {
    if (std::isfinite(p.real_min)) out.push_back(p.real_min);
    else out = {0, -std::max(1.0, std::abs(p.real_default))};
    if (std::isfinite(p.real_max)) out.push_back(p.real_max);
  } else if (p.type == ONAGER_INTEGER) {
    // a large number may be as large a model or dataset
    if (p.integer_min > std::numeric_limits<std::int64_t>::min())
      out.push_back(static_cast<double>(p.integer_min));
    else out = {0, -1};
  }
  out.erase(std::remove_if(out.begin(), out.end(), [&](double v) { return !allows(p, v); }),
            out.end());
  return out;
}

class Variants {
 public:
  explicit Variants(const ComponentPlan& base) : base_(base) { all.push_back(base); }

  /// The base with one value changed.
  template <class Change>
  void add(std::size_t index, Change&& change) {
    ComponentPlan plan = base_;
    change(plan.values[index]);
    plan.values[index].is_default = false;
    all.push_back(std::move(plan));
  }

  void turn_through(std::size_t index) {
    const onager_parameter& p = *base_.values[index].parameter;
    if (p.type == ONAGER_BOOLEAN) add(index, [](ParameterValue& v) { v.integer = v.integer == 0; });
    for (const double end : ends(p))
      add(index, [&](ParameterValue& v) {
        v.real = end;
        v.integer = static_cast<std::int64_t>(end);
      });
    for (std::uint32_t c = 0; p.type == ONAGER_CHOICE && c < p.choice_count; ++c)
      if (base_.values[index].text != p.choices[c])
        add(index, [&](ParameterValue& v) { v.text = p.choices[c]; });
  }

  void move_reals() {
    ComponentPlan plan = base_;
    bool moved = false;
    for (auto& value : plan.values) {
      if (value.parameter->type != ONAGER_REAL) continue;
      const double other = other_real(*value.parameter);
      if (other == value.real) continue;
      value.real = other;
      value.is_default = false;
      moved = true;
    }
    if (moved) all.push_back(std::move(plan));
  }

  std::vector<ComponentPlan> all;

 private:
  const ComponentPlan& base_;
};

/// The component's tables at or below a node. `kind`: of the table, "" where a component holds it.
void collect(const Node& node, const std::string& kind, const ComponentEntry& entry,
             const Scope& scope, std::vector<ComponentPlan>& out) {
  if (node.kind == NodeKind::array)
    for (const auto& element : node.children) collect(element, kind, entry, scope, out);
  if (node.kind != NodeKind::table) return;
  const Node* use = node.find("use");
  const auto* meant = use ? scope.registry.find(entry.kind(), use->text) : nullptr;
  if (meant && meant->component == entry.component && (kind.empty() || kind == entry.kind()))
    out.push_back(read_component(node, entry.kind(), entry.kind(), scope));
  for (const auto& child : node.children) collect(child, "", entry, scope, out);
}

}  // namespace

std::vector<ComponentPlan> made_up_parameters(const ComponentEntry& entry,
                                              const Registry& registry) {
  const auto base = base_plan(entry, registry, 0);
  if (!base) return {};
  Variants variants(*base);
  variants.move_reals();
  for (std::size_t i = 0; i < base->values.size(); ++i) variants.turn_through(i);
  const bool holds_others =
      std::any_of(base->values.begin(), base->values.end(),
                  [](const ParameterValue& v) { return !v.children.empty(); });
  if (holds_others)
    for (const std::size_t variant : {1U, 2U})
      variants.all.push_back(*base_plan(entry, registry, variant));
  return std::move(variants.all);
}

std::vector<EitherSign> numbers_of_either_sign(const ComponentPlan& plan) {
  std::vector<EitherSign> out;
  for (std::size_t i = 0; i < plan.values.size(); ++i) {
    const onager_parameter& p = *plan.values[i].parameter;
    if (p.type != ONAGER_REAL && p.type != ONAGER_INTEGER) continue;
    const bool real = p.type == ONAGER_REAL;
    const double size = std::max(1.0, std::abs(p.real_default));
    const double small = real ? 0.37 * size : 2, large = real ? 0.83 * size : 3;
    const auto allowed = [&](double v) {
      return real ? in_range(p, v) : in_range(p, static_cast<std::int64_t>(v));
    };
    if (!allowed(small) || !allowed(large) || !allowed(-small) || !allowed(-large)) continue;
    EitherSign both;
    const auto set = [&](double v, ComponentPlan& with, std::string& text) {
      with = plan;
      with.values[i].real = v;
      with.values[i].integer = static_cast<std::int64_t>(v);
      with.values[i].is_default = false;
      text = fmt::format("{} = {}", p.name, to_toml(with.values[i]));
    };
    set(small, both.with_small, both.small);
    set(large, both.with_large, both.large);
    set(-small, both.with_minus_small, both.minus_small);
    set(-large, both.with_minus_large, both.minus_large);
    out.push_back(std::move(both));
  }
  return out;
}

std::vector<ComponentPlan> parameters_of_file(const std::filesystem::path& file,
                                              const ComponentEntry& entry,
                                              const Registry& registry) {
  const Node document = read_document(file);
  Problems problems;
  const Scope scope{registry, std::filesystem::absolute(file).parent_path(), problems};
  std::vector<ComponentPlan> out;
  for (const auto& table : document.children) collect(table, table.key, entry, scope, out);
  problems.throw_if_any(file.string());
  return out;
}

std::string end_of_a_range(const ComponentPlan& plan) {
  std::string out;
  for (const auto& value : plan.values) {
    if (value.is_default) continue;
    const onager_parameter& p = *value.parameter;
    const double v = p.type == ONAGER_REAL ? value.real : static_cast<double>(value.integer);
    const auto all = ends(p);
    if (!out.empty() || std::find(all.begin(), all.end(), v) == all.end()) return "";
    out = fmt::format("{} = {}", p.name, to_toml(value));
  }
  return out;
}

std::string parameters_text(const ComponentPlan& plan) {
  std::string out;
  for (const auto& value : plan.values) {
    if (value.is_default) continue;
    out += (out.empty() ? "" : ", ") + std::string(value.parameter->name) + " = " + to_toml(value);
  }
  return out;
}

}  // namespace onager::host::conformance
