// SPDX-License-Identifier: MIT
#include "plugin/plan_message.hpp"

#include "base/error.hpp"
#include "plugin/registry.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include <cstring>

namespace onager::host {

namespace {

using Json = nlohmann::json;

Json where_message(const Where& where) {
  return Json::array({where.file, where.line, where.column, where.text});
}

Where where_from(const Json& message) {
  return {message.at(0), message.at(1), message.at(2), message.at(3)};
}

Json plan_json(const ComponentPlan& plan) {
  Json values = Json::array();
  for (const auto& value : plan.values) {
    Json children = Json::array();
    for (const auto& child : value.children) children.push_back(plan_json(child));
    values.push_back({value.parameter->name, value.is_default, where_message(value.where),
                      value.integer, value.real, value.text, value.integers, value.reals,
                      value.texts, std::move(children)});
  }
  return {{"file", plan.plugin->file.string()},
          {"origin", plan.plugin->origin},
          {"kind", plan.component->kind},
          {"id", plan.component->id},
          {"use", plan.use},
          {"path", plan.path},
          {"stream", plan.stream},
          {"where", where_message(plan.where)},
          {"every", plan.every},
          {"values", std::move(values)}};
}

const LoadedPlugin& plugin_of(const std::filesystem::path& file, const std::string& origin,
                              Registry& registry) {
  registry.add(file, origin);
  for (const auto& plugin : registry.plugins())
    if (plugin->file == file) return *plugin;
  throw Error(Category::plugin, fmt::format("{}: it is not what it was", file.string()));
}

const onager_component& component_of(const LoadedPlugin& plugin, const std::string& kind,
                                     const std::string& id) {
  for (std::uint32_t i = 0; i < plugin.descriptor->component_count; ++i) {
    const auto& component = *plugin.descriptor->components[i];
    if (component.kind == kind && component.id == id) return component;
  }
  throw Error(Category::plugin,
              fmt::format("{}: {} '{}' has gone from it", plugin.file.string(), kind, id));
}

const onager_parameter* parameter_of(const onager_component& component, const std::string& name) {
  const auto* row = reinterpret_cast<const char*>(component.parameters);
  for (std::uint32_t i = 0; i < component.parameter_count; ++i, row += component.parameter_stride) {
    const auto* parameter = reinterpret_cast<const onager_parameter*>(row);
    if (parameter->name == name) return parameter;
  }
  throw Error(Category::plugin,
              fmt::format("{} '{}' has no parameter '{}'", component.kind, component.id, name));
}

ComponentPlan plan_from(const Json& message, Registry& registry) {
  ComponentPlan plan;
  plan.plugin = &plugin_of(message.at("file").get<std::string>(), message.at("origin"), registry);
  plan.component = &component_of(*plan.plugin, message.at("kind"), message.at("id"));
  plan.use = message.at("use");
  plan.path = message.at("path");
  plan.stream = message.at("stream");
  plan.where = where_from(message.at("where"));
  plan.every = message.at("every");
  for (const auto& from : message.at("values")) {
    ParameterValue value;
    value.parameter = parameter_of(*plan.component, from.at(0));
    value.is_default = from.at(1);
    value.where = where_from(from.at(2));
    value.integer = from.at(3);
    value.real = from.at(4);
    value.text = from.at(5);
    value.integers = from.at(6).get<std::vector<std::int64_t>>();
    value.reals = from.at(7).get<std::vector<double>>();
    value.texts = from.at(8).get<std::vector<std::string>>();
    for (const auto& child : from.at(9)) value.children.push_back(plan_from(child, registry));
    plan.values.push_back(std::move(value));
  }
  return plan;
}

}  // namespace

std::string to_message(const ComponentPlan& plan) {
  // binary: numbers stay what they are, infinite ones too
  const auto bytes = Json::to_msgpack(plan_json(plan));
  return {bytes.begin(), bytes.end()};
}

ComponentPlan from_message(const std::string& message, Registry& registry) {
  return plan_from(Json::from_msgpack(message), registry);
}

}  // namespace onager::host
