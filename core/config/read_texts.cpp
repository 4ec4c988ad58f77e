// SPDX-License-Identifier: MIT
#include "config/read_texts.hpp"

#include "config/key_path.hpp"

namespace onager::host {

namespace {

/// The components of a plan, not those within them.
std::vector<const ComponentPlan*> components_of(const Plan& plan) {
  std::vector<const ComponentPlan*> all{&plan.dataset, &plan.kernel, &plan.model, &plan.loss,
                                        &plan.optimizer};
  for (const auto& map : plan.feature_maps) all.push_back(&map);
  for (const auto& diagnostic : plan.diagnostics) all.push_back(&diagnostic);
  return all;
}

/// The value of a component's parameter, or of one of a component within it.
const ParameterValue* find_value(const ComponentPlan& component, const std::string& path) {
  for (const auto& value : component.values) {
    if (component.path + "." + value.parameter->name == path) return &value;
    for (const auto& child : value.children)
      if (const auto* found = find_value(child, path)) return found;
  }
  return nullptr;
}

}  // namespace

const ParameterValue* find_value(const Plan& plan, const std::string& path) {
  for (const auto* component : components_of(plan))
    if (const auto* found = find_value(*component, path)) return found;
  return nullptr;
}

void ReadTexts::add(const Plan& plan) {
  for (const auto* component : components_of(plan)) add(*component);
  add(plan.kernel_loop.where.start, plan.kernel_loop.start);
  add(plan.network_loop.where.start, plan.network_loop.start);
}

Node ReadTexts::swept(const Node& value, const std::string& column) {
  Node read = in(value);
  const auto before = cells_of(value, column), after = cells_of(read, column);
  for (std::size_t i = 0; i < before.size(); ++i)
    if (before[i].text != after[i].text) swept_[{before[i].column, before[i].text}] = after[i].text;
  return read;
}

void ReadTexts::add_conditions(const Node& conditions) {
  if (conditions.kind == NodeKind::array)
    for (const auto& one : conditions.children) add_conditions(one);
  else
    for (const auto& one : conditions.children) add_condition(one, one.key);
}

void ReadTexts::add_condition(const Node& value, const std::string& column) {
  if (value.kind == NodeKind::string) {
    const auto read =
        swept_.find({canonical(parse_key_path(column, PathEnd::of_text)), value.text});
    if (read != swept_.end()) add(value.place.where(), read->second);
  }
  for (const auto& child : value.children)
    add_condition(child, value.kind == NodeKind::table ? column + "." + child.key : column);
}

Node ReadTexts::in(Node tree) const {
  const auto found = texts_.find(key_of(tree.place.where()));
  if (found != texts_.end() && tree.kind != NodeKind::table && tree.kind != NodeKind::array) {
    tree.kind = NodeKind::string;
    tree.text = found->second;
  }
  for (auto& child : tree.children) child = in(std::move(child));
  return tree;
}

void ReadTexts::add(const Where& where, const std::string& text) {
  if (where.line > 0) texts_[key_of(where)] = text;
}

void ReadTexts::add(const ComponentPlan& component) {
  for (const auto& value : component.values) {
    const auto type = value.parameter->type;
    if (type == ONAGER_PATH || type == ONAGER_STRING || type == ONAGER_CHOICE)
      add(value.where, value.text);
    for (const auto& child : value.children) add(child);
  }
}

}  // namespace onager::host
