// SPDX-License-Identifier: MIT
#include "config/schema.hpp"

#include "config/expectations.hpp"
#include "config/figures.hpp"
#include "config/memory_limit.hpp"
#include "config/own_tables.hpp"
#include "config/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace onager::host {

namespace {

using Json = nlohmann::ordered_json;

/// Tables that may be repeated, [[NAME]]; a single one may be written [NAME].
bool is_repeated(const std::string& kind) { return kind == "feature_map" || kind == "diagnostic"; }

Json reference(const std::string& definition) { return {{"$ref", "#/definitions/" + definition}}; }

Json list_of(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }

/// Limits that are infinite say nothing.
void add_range(Json& out, const onager_parameter& p) {
  const bool whole = p.type == ONAGER_INTEGER || p.type == ONAGER_INTEGER_LIST;
  const auto add = [&](const char* limit, const char* exclusive, double real, std::int64_t integer,
                       std::int64_t none, bool open) {
    if (whole ? integer == none : !std::isfinite(real)) return;
    out[limit] = whole ? Json(integer) : Json(real);
    if (open) out[exclusive] = true;
  };
  add("minimum", "exclusiveMinimum", p.real_min, p.integer_min,
      std::numeric_limits<std::int64_t>::min(), p.flags & ONAGER_MIN_OPEN);
  add("maximum", "exclusiveMaximum", p.real_max, p.integer_max,
      std::numeric_limits<std::int64_t>::max(), p.flags & ONAGER_MAX_OPEN);
}

Json number_schema(const onager_parameter& p) {
  const bool whole = p.type == ONAGER_INTEGER || p.type == ONAGER_INTEGER_LIST;
  Json out = {{"type", whole ? "integer" : "number"}};
  add_range(out, p);
  return out;
}

Json type_schema(const onager_parameter& p) {
  switch (p.type) {
    case ONAGER_BOOLEAN: return {{"type", "boolean"}};
    case ONAGER_INTEGER:
    case ONAGER_REAL: return number_schema(p);
    case ONAGER_CHOICE:
      return {{"enum", std::vector<std::string>(p.choices, p.choices + p.choice_count)}};
    case ONAGER_EXPRESSION: return {{"type", {"number", "string"}}};
    case ONAGER_INTEGER_LIST:
    case ONAGER_REAL_LIST: return list_of(number_schema(p));
    case ONAGER_STRING_LIST: return list_of({{"type", "string"}});
    case ONAGER_COMPONENT: return reference(p.child_kind);
    case ONAGER_COMPONENT_LIST: return list_of(reference(p.child_kind));
    default: return {{"type", "string"}};
  }
}

Json default_json(const onager_parameter& p) {
  switch (p.type) {
    case ONAGER_BOOLEAN: return p.integer_default != 0;
    case ONAGER_INTEGER: return p.integer_default;
    case ONAGER_REAL: return std::isfinite(p.real_default) ? Json(p.real_default) : Json();
    case ONAGER_STRING:
    case ONAGER_CHOICE:
    case ONAGER_EXPRESSION: return p.text_default;
    default: return nullptr;
  }
}

Json parameter_schema(const onager_parameter& p) {
  Json out = type_schema(p);
  if (out.contains("$ref")) return out;  // its neighbours would not count
  std::string words = p.doc ? p.doc : "";
  if (p.unit && *p.unit) words += fmt::format(" (in {})", p.unit);
  if (!words.empty()) out["description"] = words;
  if (const Json value = default_json(p); !(p.flags & ONAGER_REQUIRED) && !value.is_null())
    out["default"] = value;
  return out;
}

/// A table with these keys and no others.
Json table_schema(const std::vector<const onager_parameter*>& rows, Json properties,
                  std::vector<std::string> required) {
  for (const auto* p : rows) {
    properties[p->name] = parameter_schema(*p);
    if (p->flags & ONAGER_REQUIRED) required.push_back(p->name);
  }
  Json out = {
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) out["required"] = required;
  return out;
}

/// `others`: keys that have no row.
Json own_table(const std::vector<onager_parameter>& rows, const Json& others = Json::object()) {
  std::vector<const onager_parameter*> all;
  for (const auto& row : rows) all.push_back(&row);
  return table_schema(all, others, {});
}

Json component_schema(const Registry& registry, const ComponentEntry& entry) {
  std::vector<std::string> ids = {registry.usable_id(entry)};
  if (ids.front() != entry.qualified_id()) ids.push_back(entry.qualified_id());
  Json own = {{"use", {{"enum", ids}, {"description", entry.component->summary}}}};
  if (entry.kind() == "diagnostic")
    own["every"] = {{"type", "integer"},
                    {"minimum", 1},
                    {"default", 1},
                    {"description", "Rounds or steps from one observation to the next"}};
  for (const auto& row : isolation_rows()) own[row.name] = parameter_schema(row);
  Json out = table_schema(parameters_of(*entry.component), own, {"use"});
  out["title"] = ids.front();
  out["description"] = entry.component->summary;
  return out;
}

/// One definition for each kind of component: any of its tables.
Json definitions(const Registry& registry) {
  Json out = Json::object();
  for (const auto& kind : component_kinds()) {
    Json any = Json::array();
    for (const auto& entry : registry.all())
      if (entry.kind() == kind) any.push_back(component_schema(registry, entry));
    // an empty list would be no schema: nothing fits where no component is found
    out[kind] = any.empty() ? Json{{"not", Json::object()}} : Json{{"oneOf", any}};
  }
  return out;
}

Json memory_limit_schema() {
  return {{"type", {"string", "integer"}},
          {"minimum", 1},
          {"description", fmt::format("What the run may hold: {}", memory_limit_forms)}};
}

/// One value or a list of them.
Json one_or_more() {
  const Json one = {{"type", {"string", "number"}}};
  return {{"anyOf", {one, {{"type", "array"}, {"items", one}, {"minItems", 1}}}}};
}

Json figure_schema() {
  Json others = {{"where", {{"type", "object"}}}};
  for (const char* key : {"y", "group", "x_lines", "y_lines"}) others[key] = one_or_more();
  Json out = own_table(figure_rows(), others);
  out["required"].push_back("y");
  return out;
}

/// The schema of a key at the top of the file.
Json top_level(const std::string& name) {
  for (const auto& row : pipeline_rows())
    if (name == row.name) return parameter_schema(row);
  const auto& kinds = component_kinds();
  if (std::find(kinds.begin(), kinds.end(), name) != kinds.end()) {
    if (!is_repeated(name)) return reference(name);
    return {{"anyOf", {list_of(reference(name)), reference(name)}}};
  }
  if (name == "memory_limit") return memory_limit_schema();
  if (name == "loop")
    return {{"anyOf", {own_table(kernel_loop_rows()), own_table(network_loop_rows())}}};
  if (name == "figure") return list_of(figure_schema());
  if (name == "expect")
    return list_of(own_table(expectation_rows(), {{"at", {{"type", {"string", "integer"}}}},
                                                  {"where", {{"type", "object"}}}}));
  if (name == "sweep")
    return {{"type", "object"},
            {"description",
             "Keys of the file, such as \"kernel.bandwidth\", to the values that they take"}};
  return Json::object();
}

}  // namespace

std::string pipeline_schema(const Registry& registry) {
  Json properties = Json::object();
  for (const auto& name : top_level_names()) properties[name] = top_level(name);
  const Json kernel_machine = {{"required", {"kernel"}}, {"not", {{"required", {"model"}}}}};
  const Json network = {{"required", {"model", "loss"}}, {"not", {{"required", {"kernel"}}}}};
  const Json schema = {{"$schema", "http://json-schema.org/draft-04/schema#"},
                       {"title", "Onager pipeline"},
                       {"type", "object"},
                       {"properties", properties},
                       {"required", {"dataset", "optimizer"}},
                       {"oneOf", {kernel_machine, network}},
                       {"additionalProperties", false},
                       {"definitions", definitions(registry)}};
  return schema.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace onager::host
