// SPDX-License-Identifier: MIT
#include "config/components.hpp"

#include "base/text.hpp"
#include "config/isolation.hpp"
#include "config/parameters.hpp"

#include <fmt/format.h>

namespace onager::host {

namespace {

std::string list_hint(const std::string& kind) {
  return fmt::format("`onager list {}` shows what there is", kind);
}

/// What was not found, and the nearest id, the kind that has it, or where to look.
std::string unknown_component(const std::string& kind, const std::string& use,
                              const Registry& registry) {
  std::vector<std::string> ids, kinds_with_it;
  const std::size_t slash = use.rfind('/');
  const bool qualified = slash != std::string::npos;
  for (const auto& entry : registry.all()) {
    const bool same = use == (qualified ? entry.qualified_id() : entry.id());
    if (entry.kind() == kind) ids.push_back(qualified ? entry.qualified_id() : entry.id());
    else if (same) kinds_with_it.push_back(entry.kind());
  }
  std::string text = fmt::format("no {} '{}' was found", kind, use);
  if (!kinds_with_it.empty())
    return fmt::format("{}: '{}' is a {}; {}", text, use, kinds_with_it.front(), list_hint(kind));
  if (qualified) {
    // The right component with the wrong plugin is nearer than any spelling.
    const std::string id = use.substr(slash + 1);
    if (const auto* entry = registry.find(kind, id))
      return fmt::format("{}; did you mean '{}'?", text, entry->qualified_id());
  }
  const std::string meant = did_you_mean(use, ids);
  return text + (meant.empty() ? "; " + list_hint(kind) : meant);
}

class ComponentReader {
 public:
  ComponentReader(const Node& table, const std::string& kind, const std::string& path,
                  const std::string& stream, const Scope& scope)
      : table_(table), kind_(kind), scope_(scope) {
    plan_.path = path;
    plan_.stream = stream;
    plan_.where = table.place.where();
  }

  ComponentPlan read() {
    if (table_.kind != NodeKind::table) {
      add(table_, fmt::format("{} must be a table such as {{ use = \"ID\" }}, not {}", plan_.path,
                              described(table_)));
    } else if (choose()) {
      refuse_unknown_keys();
      if (kind_ == "diagnostic") read_every();
      for (const auto* p : parameters_) read_parameter(*p);
    }
    return std::move(plan_);
  }

 private:
  void add(const Node& at, const std::string& message) {
    scope_.problems.add(at.place.where(), message);
  }
  std::string name() const { return fmt::format("{} '{}'", kind_, plan_.component->id); }

  bool choose() {
    const Node* use = table_.find("use");
    if (use == nullptr) {
      add(table_, fmt::format("{} has no use; add use = \"ID\" with the id of a {} ({})",
                              plan_.path, kind_, list_hint(kind_)));
      return false;
    }
    plan_.where = use->place.where();
    if (use->kind != NodeKind::string) {
      add(*use,
          fmt::format("use must be the id of a {} in quotes, not {}", kind_, described(*use)));
      return false;
    }
    plan_.use = use->text;
    const auto* entry = scope_.registry.find(kind_, use->text);
    if (entry == nullptr) {
      add(*use, unknown_component(kind_, use->text, scope_.registry));
      return false;
    }
    plan_.plugin = entry->plugin;
    plan_.component = entry->component;
    parameters_ = parameters_of(*entry->component);
    return true;
  }

  void refuse_unknown_keys() {
    std::vector<std::string> names;
    for (const auto* p : parameters_) names.push_back(p->name);
    for (const auto& child : table_.children) {
      if (child.key == "use" || (child.key == "every" && kind_ == "diagnostic")) continue;
      bool known = false;
      for (const auto& n : names) known = known || n == child.key;
      if (!known && is_isolation_key(child.key)) {
        check_isolation_key(child);
        continue;
      }
      if (known || (!child.swept && belongs_to_alternative(child.key))) continue;
      std::string hint = did_you_mean(child.key, names);
      if (child.swept)
        hint += fmt::format(
            "; to sweep components, each with its own parameters, sweep whole "
            "tables: \"{}\" = [{{ use = .. }}, ..]",
            plan_.path);
      else if (hint.empty() && (child.key == "seed" || child.key == "precision"))
        hint = fmt::format("; {} stands at the top of the file, above the first table", child.key);
      else if (hint.empty()) hint = names.empty() ? "; it has none" : "; it has " + joined(names);
      scope_.problems.add(child.key_place.where(),
                          fmt::format("{} has no parameter '{}'{}", name(), child.key, hint));
    }
  }

  /// The host's own key: of a whole table.
  void check_isolation_key(const Node& key) {
    if (plan_.path.find('.') != std::string::npos)
      scope_.problems.add(
          key.key_place.where(),
          fmt::format("{} belongs to a whole table such as [{}]: what is nested lives in the same "
                      "process",
                      key.key, plan_.path.substr(0, plan_.path.find_first_of(".["))));
  }

  /// Whether a sweep also puts a component here that has the parameter.
  bool belongs_to_alternative(const std::string& key) const {
    const Node* use = table_.find("use");
    if (!use->swept) return false;
    for (const auto& id : use->swept->alternatives)
      if (const auto* entry = scope_.registry.find(kind_, id))
        for (const auto* p : parameters_of(*entry->component))
          if (key == p->name) return true;
    return false;
  }

  /// The host's own key of a diagnostic.
  void read_every() {
    const Node* node = table_.find("every");
    if (node == nullptr) return;
    if (node->kind == NodeKind::integer && node->integer >= 1) plan_.every = node->integer;
    else
      add(*node, fmt::format("every must be an integer of 1 or more, the rounds or steps from one "
                             "observation to the next, not {}",
                             described(*node)));
  }

  void read_parameter(const onager_parameter& p) {
    const Node* node = table_.find(p.name);
    if (node == nullptr) {
      if (p.flags & ONAGER_REQUIRED)
        add(*table_.find("use"),
            fmt::format("{} needs {}, {}: {}", name(), p.name, expected(p), p.doc));
      plan_.values.push_back(default_value(p, scope_.folder));
    } else if (p.type == ONAGER_COMPONENT || p.type == ONAGER_COMPONENT_LIST) {
      plan_.values.push_back(read_children(p, *node));
    } else {
      plan_.values.push_back(read_value(p, *node, scope_.folder, scope_.problems));
    }
  }

  ParameterValue read_children(const onager_parameter& p, const Node& node) {
    ParameterValue out;
    out.parameter = &p;
    out.is_default = false;
    out.where = node.place.where();
    const std::string path = plan_.path + "." + p.name;
    if (p.type == ONAGER_COMPONENT) {
      const std::string& stream = kind_ == p.child_kind ? plan_.stream : path;
      out.children.push_back(ComponentReader(node, p.child_kind, path, stream, scope_).read());
    } else if (node.kind != NodeKind::array || node.children.empty()) {
      add(node, fmt::format("{} must be {}, not {}", p.name, expected(p),
                            node.kind == NodeKind::array ? "an empty list" : described(node)));
    } else {
      for (std::size_t i = 0; i < node.children.size(); ++i)
        out.children.push_back(
            read_component(node.children[i], p.child_kind, fmt::format("{}[{}]", path, i), scope_));
    }
    return out;
  }

  const Node& table_;
  const std::string kind_;
  const Scope& scope_;
  std::vector<const onager_parameter*> parameters_;
  ComponentPlan plan_;
};

}  // namespace

ComponentPlan read_component(const Node& table, const std::string& kind, const std::string& path,
                             const Scope& scope) {
  return ComponentReader(table, kind, path, path, scope).read();
}

}  // namespace onager::host
