// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/expression.hpp"
#include "config/problems.hpp"
#include "plugin/component_plan.hpp"

#include <onager/abi.h>
#include <optional>
#include <string>
#include <vector>

namespace onager::host {

/// A table of the pipeline file that is none of a component, such as a [[figure]]. Its keys are
/// described as a component's are, so that they are checked the same way.
class KeyedTable {
 public:
  /// `what`: "a figure", for messages. The rows outlive the table.
  KeyedTable(const Node& table, std::string what, const std::vector<onager_parameter>& rows,
             Problems& problems)
      : table_(table), what_(std::move(what)), rows_(rows), problems_(problems) {}

  /// `others`: keys that have no row.
  void refuse_unknown_keys(const std::vector<std::string>& others) const;

  /// The value of a row's key, or its default. A required key that is missing is a problem.
  ParameterValue value(const char* name) const;
  std::string text(const char* name) const { return value(name).text; }
  double real(const char* name) const { return value(name).real; }
  /// Place of the row's choice among its choices; 0 after a problem.
  std::size_t choice(const char* name) const;
  /// A text as arithmetic over columns; nothing where it is "" or after a problem.
  std::optional<Expression> expression(const char* name) const;

  const Node* find(const char* name) const { return table_.find(name); }
  const Node& node() const { return table_; }

 private:
  const onager_parameter& row(const char* name) const;

  const Node& table_;
  const std::string what_;
  const std::vector<onager_parameter>& rows_;
  Problems& problems_;
};

/// A text of the file as arithmetic over columns; nothing after a problem. `name` is what messages
/// call it.
std::optional<Expression> read_expression(const Node& node, const std::string& name,
                                          Problems& problems);

onager_parameter text_row(const char* name, const char* doc);
onager_parameter real_row(const char* name, double value, double least, const char* doc);
/// The first choice is the default.
onager_parameter choice_row(const char* name, const std::vector<const char*>& choices,
                            const char* doc);
onager_parameter required(onager_parameter row);

/// Calls `read` for every table of a [[key]], and adds a problem for what is none.
template <class Read>
void for_each_table(const Node& root, const char* key, const char* needs, Problems& problems,
                    Read&& read) {
  const Node* all = root.find(key);
  if (all == nullptr) return;
  const auto one = [&](const Node& node) {
    if (node.kind == NodeKind::table) read(node);
    else
      problems.add(node.place.where(), std::string(key) + " must be tables [[" + key + "]] with " +
                                           needs + ", not " + described(node));
  };
  if (all->kind != NodeKind::array) one(*all);
  else
    for (const auto& node : all->children) one(node);
}

}  // namespace onager::host
