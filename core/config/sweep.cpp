// SPDX-License-Identifier: MIT
#include "config/sweep.hpp"

#include "base/text.hpp"
#include "config/overrides.hpp"
#include "config/plan_tree.hpp"
#include "config/read_texts.hpp"
#include "config/sweep_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <numeric>

namespace onager::host {

namespace {

constexpr std::size_t most_points = 100000;
constexpr std::size_t longest_label = 40;

/// The integer that a parameter got from a value that it rounded.
std::string rounded(const Plan& plan, const std::string& path, const std::string& as_written) {
  if (path == "seed") return std::to_string(plan.seed);
  if (path == "loop.rounds") return std::to_string(plan.kernel_loop.rounds);
  if (path == "loop.patience") return std::to_string(plan.kernel_loop.patience);
  if (path == "loop.every") return std::to_string(plan.network_loop.every);
  const auto* value = find_value(plan, path);
  return value && value->parameter->type == ONAGER_INTEGER ? std::to_string(value->integer)
                                                           : as_written;
}

Units units_of(const std::vector<SweepPoint>& points) {
  Units out;
  for (const auto& point : points)
    for (const auto& cell : point.cells) {
      const auto* value = find_value(point.plan, cell.column);
      if (value && value->parameter->unit && *value->parameter->unit != '\0')
        out[cell.column] = value->parameter->unit;
    }
  return out;
}

/// What a value adds to the label: itself, or the component that a table chooses.
std::string label_of(const Cell& cell, bool of_table) {
  const auto dot = cell.column.rfind('.');
  const bool is_use = dot != std::string::npos && cell.column.substr(dot) == ".use";
  if (of_table && !is_use) return "";
  std::string out = cell.text.substr(cell.text.rfind('/') + 1);
  for (char& c : out)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_' && c != '+')
      c = c == '-' ? '-' : '_';
  return out.substr(0, longest_label);
}

class SweepBuilder {
 public:
  SweepBuilder(const Node& root, const SweepTable& table, const Scope& scope)
      : root_(root), table_(table), scope_(scope) {
    order_.resize(table.axes.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    // A whole table before the keys in it, whatever their order in the file.
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return table.axes[a].steps.size() < table.axes[b].steps.size();
    });
  }

  std::vector<SweepPoint> build() {
    if (!refuse_what_cannot_vary()) return {};
    columns_ = swept_columns(table_);
    std::vector<SweepPoint> points;
    std::vector<std::size_t> at(table_.loops.size(), 0);
    do {
      choose(at);
      if (!skipped()) add_point(points);
    } while (advance(at));
    if (points.empty() && scope_.problems.empty())
      scope_.problems.add(sweep_place(), "skip leaves no point of the sweep");
    return points;
  }

  /// What the points read from the file.
  ReadTexts& texts() { return texts_; }

 private:
  Where sweep_place() const { return root_.find("sweep")->key_place.where(); }

  std::size_t values_in(const std::vector<std::size_t>& loop) const {
    return table_.axes[loop[0]].values.size();
  }

  bool refuse_what_cannot_vary() {
    bool sound = true;
    const auto wrong = [&](const Where& where, const std::string& message) {
      scope_.problems.add(where, message);
      sound = false;
    };
    for (const auto& axis : table_.axes) {
      Node copy = root_;
      try {
        const Node& there =
            reach(copy, axis.steps, [&](std::size_t byte) { return axis.place(byte); });
        if (there.place.in_override() && !axis.key_place.in_override())
          wrong(there.place.where(),
                fmt::format("[sweep] gives '{0}' its values; set those, such as --set "
                            "'sweep.{0}=[{1}]'",
                            axis.path, there.written));
      } catch (const Malformed& error) {
        if (!reached_through_sweep(axis)) wrong(axis.place(error.at).where(), error.message);
      }
    }
    std::size_t points = 1;
    for (const auto& loop : table_.loops) points = std::min(points, most_points) * values_in(loop);
    if (points > most_points)
      wrong(sweep_place(), fmt::format("the grid has {} points or more; {} at most are taken",
                                       points, most_points));
    return sound && refuse_unknown_conditions();
  }

  /// Whether another key sweeps the table or list that this one leads into.
  bool reached_through_sweep(const SweepAxis& axis) const {
    return std::any_of(table_.axes.begin(), table_.axes.end(), [&](const SweepAxis& other) {
      return other.steps.size() < axis.steps.size() &&
             axis.path.compare(0, other.path.size(), other.path) == 0;
    });
  }

  bool refuse_unknown_conditions() const {
    const std::vector<std::string> columns = swept_columns(table_);
    bool sound = true;
    for (const auto& skip : table_.skips)
      for (const auto& condition : skip) {
        if (std::find(columns.begin(), columns.end(), condition.column) != columns.end()) continue;
        scope_.problems.add(condition.place.where(),
                            fmt::format("skip names '{}', which [sweep] does not sweep{}",
                                        condition.column, did_you_mean(condition.column, columns)));
        sound = false;
      }
    return sound;
  }

  bool advance(std::vector<std::size_t>& at) const {
    for (std::size_t i = at.size(); i-- > 0;) {
      if (++at[i] < values_in(table_.loops[i])) return true;
      at[i] = 0;
    }
    return false;
  }

  void choose(const std::vector<std::size_t>& at) {
    chosen_.assign(table_.axes.size(), 0);
    for (std::size_t i = 0; i < at.size(); ++i)
      for (const auto axis : table_.loops[i]) chosen_[axis] = at[i];
    cells_.clear();
    for (std::size_t i = 0; i < table_.axes.size(); ++i)
      cells_.push_back(cells_of(table_.axes[i].values[chosen_[i]], table_.axes[i].path));
  }

  bool skipped() const {
    const auto holds = [&](const Condition& condition) {
      for (const auto& cells : cells_)
        for (const auto& cell : cells)
          if (cell.column == condition.column) return condition.holds(cell.text);
      return false;
    };
    return std::any_of(table_.skips.begin(), table_.skips.end(), [&](const auto& skip) {
      return std::all_of(skip.begin(), skip.end(), holds);
    });
  }

  Node tree() {
    Node root = root_;
    for (const auto i : order_) {
      const SweepAxis& axis = table_.axes[i];
      Node value = axis.values[chosen_[i]];
      if (axis.steps.back().name == "use") {
        auto swept = std::make_shared<Swept>();
        for (const auto& other : axis.values)
          if (other.kind == NodeKind::string) swept->alternatives.push_back(other.text);
        value.swept = std::move(swept);
      }
      try {
        replace_value(reach(root, axis.steps, [&](std::size_t byte) { return axis.place(byte); }),
                      std::move(value));
      } catch (const Malformed& wrong) {
        scope_.problems.add(axis.place(wrong.at).where(), wrong.message);
      }
    }
    return root;
  }

  void add_point(std::vector<SweepPoint>& points) {
    SweepPoint point;
    for (const auto& column : columns_) point.cells.push_back({column, ""});
    const Node root = tree();
    point.plan = plan_of_tree(root, scope_);
    if (!scope_.problems.empty()) return;
    texts_.add(point.plan);
    for (std::size_t i = 0; i < table_.axes.size(); ++i) {
      const auto& axis = table_.axes[i];
      const Node value = texts_.swept(axis.values[chosen_[i]], axis.path);
      const bool of_table = value.kind == NodeKind::table || value.kind == NodeKind::array;
      for (auto& cell : cells_of(value, axis.path)) {
        if (value.swept && value.swept->rounding == Rounding::to_integers)
          cell.text = rounded(point.plan, cell.column, cell.text);
        const std::string part = label_of(cell, of_table);
        if (!part.empty()) point.label += (point.label.empty() ? "" : "-") + part;
        for (auto& own : point.cells)
          if (own.column == cell.column) own.text = cell.text;
      }
    }
    point.label = point.label.substr(0, longest_label);
    refuse_twin(to_toml(point.plan));
    points.push_back(std::move(point));
  }

  void refuse_twin(const std::string& config) {
    const auto [first, fresh] = seen_.emplace(config, chosen_);
    if (fresh) return;
    for (std::size_t i = table_.axes.size(); i-- > 0;) {
      if (first->second[i] == chosen_[i]) continue;
      const auto& axis = table_.axes[i];
      scope_.problems.add(
          axis.values[chosen_[i]].place.where(),
          fmt::format("{} = {} gives the same pipeline as {}, which stands before it", axis.path,
                      value_text(axis.values[chosen_[i]]),
                      value_text(axis.values[first->second[i]])));
      return;
    }
  }

  const Node& root_;
  const SweepTable& table_;
  const Scope& scope_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> order_, chosen_;  // order to apply the axes in; the value of each
  std::vector<std::vector<Cell>> cells_;     // of each axis at this point
  std::map<std::string, std::vector<std::size_t>> seen_;
  ReadTexts texts_;
};

/// Calls `use` with each table of a [[key]].
template <class Use>
void for_each(const Node& root, const char* key, Use&& use) {
  const Node* all = root.find(key);
  if (all == nullptr) return;
  if (all->kind != NodeKind::array) return use(*all);
  for (const auto& table : all->children) use(table);
}

/// Refuses columns of figures and expectations that are settings which no point varies, or nearly
/// the name of one that is varied. What else there is no column for is known when points have run.
class SettingCheck {
 public:
  SettingCheck(const Node& root, const Sweep& sweep, Problems& problems)
      : root_(root), sweep_(sweep), problems_(problems) {}

  void check() const {
    for_each(root_, "figure", [&](const Node& figure) {
      for (const char* key : {"x", "y", "z", "x_lines", "y_lines"})
        for_each(figure, key, [&](const Node& text) { check_expression(text); });
      for (const char* key : {"group", "facet"})
        for_each(figure, key, [&](const Node& text) { check(text.text, text.place); });
    });
    for_each(root_, "expect", [&](const Node& expected) {
      if (const Node* metric = expected.find("metric")) check_expression(*metric);
    });
    for (const auto& figure : sweep_.file.figures) check(figure.where);
    for (const auto& expected : sweep_.file.expectations) check(expected.where);
  }

 private:
  void check_expression(const Node& text) const {
    if (text.kind != NodeKind::string) return;
    const Expression expression = Expression::parse(text.text);
    for (const auto& column : expression.columns()) check(column, text.place);
  }

  void check(const std::vector<Condition>& conditions) const {
    for (const auto& condition : conditions) check(condition.column, condition.place);
  }

  void check(const std::string& column, const Place& place) const {
    const auto& swept = sweep_.file.columns;
    if (std::find(swept.begin(), swept.end(), column) != swept.end()) return;
    const bool of_table = root_.find(column.substr(0, column.find_first_of(".["))) != nullptr;
    const std::string meant = of_table ? did_you_mean(column, swept) : "";
    if (meant.empty() && !is_setting(column)) return;
    problems_.add(place.where(), fmt::format("there is no column '{}': [sweep] does not sweep it{}",
                                             column, meant));
  }

  bool is_setting(const std::string& column) const {
    const auto is_it = [&](const TomlLine& line) { return line.path == column; };
    const auto has_it = [&](const SweepPoint& point) { return find_value(point.plan, column); };
    return std::any_of(lines_.begin(), lines_.end(), is_it) ||
           std::any_of(sweep_.points.begin(), sweep_.points.end(), has_it);
  }

  const Node& root_;
  const Sweep& sweep_;
  const std::vector<TomlLine> lines_ = lines_of(root_);
  Problems& problems_;
};

}  // namespace

Sweep read_sweep(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                 const Registry& registry) {
  Sweep out;
  Node root = read_document(file);
  Problems problems;
  apply_overrides(root, overrides, problems);
  const Scope scope{registry, std::filesystem::absolute(file).parent_path(), problems};
  out.file.name = file.stem().string();
  out.file.figures = read_figures(root, problems);
  out.file.expectations = read_expectations(root, out.file.figures, problems);
  const auto table = read_sweep_table(root, problems);
  if (!table)
    problems.add({file.string(), 0, 0, ""},
                 "there is no [sweep] table; add one with keys and their values, such as seed = "
                 "[0, 1, 2]");
  problems.throw_if_any(file.string());
  SweepBuilder builder(root, *table, scope);
  out.points = builder.build();
  out.file.columns = swept_columns(*table);
  SettingCheck(root, out, problems).check();
  problems.throw_if_any(file.string());
  for (auto& point : out.points) point.plan.file = file;

  const auto add_conditions = [&](const char* key) {
    return [&builder, key](const Node& of) {
      if (const Node* conditions = of.find(key)) builder.texts().add_conditions(*conditions);
    };
  };
  for_each(root, "sweep", add_conditions("skip"));
  for_each(root, "figure", add_conditions("where"));
  for_each(root, "expect", add_conditions("where"));
  root = builder.texts().in(std::move(root));
  out.file.figures = read_figures(root, problems);
  out.file.expectations = read_expectations(root, out.file.figures, problems);
  for (auto& child : root.children)
    if (child.key == "sweep") child = with_whole_paths(std::move(child));
  out.file.lines = lines_of(root);
  out.file.units = units_of(out.points);
  return out;
}

}  // namespace onager::host
