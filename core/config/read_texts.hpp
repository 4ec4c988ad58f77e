// SPDX-License-Identifier: MIT
#pragma once

#include "config/document.hpp"
#include "config/plan.hpp"
#include "config/sweep_values.hpp"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace onager::host {

/// The value of a plan's parameter by its path, "kernel.inner.bandwidth"; nullptr for none.
const ParameterValue* find_value(const Plan& plan, const std::string& path);

/// Texts that plans read from a file, by their places: paths made absolute, and numbers of
/// overrides that were taken as texts.
class ReadTexts {
 public:
  void add(const Plan& plan);
  /// A swept value with its texts in it. Conditions of the same column on the text that the file
  /// has there are conditions on the text that was read.
  Node swept(const Node& value, const std::string& column);
  /// Texts in a table of conditions on what the points take, or in a list of such tables.
  void add_conditions(const Node& conditions);

  /// A tree with the texts in it.
  Node in(Node tree) const;

 private:
  using Key = std::tuple<std::string, std::uint32_t, std::uint32_t>;

  static Key key_of(const Where& where) { return {where.file, where.line, where.column}; }
  void add(const Where& where, const std::string& text);
  void add(const ComponentPlan& component);
  void add_condition(const Node& value, const std::string& column);

  std::map<Key, std::string> texts_;
  std::map<std::pair<std::string, std::string>, std::string> swept_;  // of column and cell
};

}  // namespace onager::host
