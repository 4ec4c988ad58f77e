// SPDX-License-Identifier: MIT
#include "results/figure_data.hpp"

#include "base/text.hpp"
#include "config/sweep_values.hpp"
#include "results/figure_lines.hpp"
#include "results/readable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace onager::host {

namespace {

constexpr double rounding = 1e-9;  // relative, of an expression

bool is_text(const std::string& cell) { return !cell.empty() && !number_of(cell); }

/// Length of the folder, with its last slash, that absolute paths have in common; 0 where one of
/// them is none.
std::size_t common_folder(const std::vector<std::string>& paths) {
  if (paths.empty()) return 0;
  std::string common = paths.front();
  for (const auto& path : paths) {
    if (path.front() != '/') return 0;
    const auto end = std::mismatch(common.begin(), common.end(), path.begin(), path.end()).first;
    common.erase(end, common.end());
    common.resize(common.rfind('/') + 1);
  }
  return common.size();
}

void sort_by_x(FigureCurve& curve) {
  std::vector<std::size_t> order(curve.x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return curve.x[a] < curve.x[b]; });
  std::vector<double> x, y;
  for (const auto i : order) {
    x.push_back(curve.x[i]);
    y.push_back(curve.y[i]);
  }
  curve.x = std::move(x);
  curve.y = std::move(y);
}

std::optional<PowerLaw> law_of(const FigureCurve& curve, double from) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    if (curve.x[i] < from) continue;
    x.push_back(curve.x[i]);
    y.push_back(curve.y[i]);
  }
  return fit_power(x, y);
}

std::string words_of(const Expression& expression, const Units& units) {
  if (!expression.is_column()) return expression.text();
  const std::string& column = expression.columns().front();
  const auto unit = units.find(column);
  return column_words(column) + (unit == units.end() ? "" : ", " + unit->second);
}

/// "train" and "test" of train_mse and test_mse, and what they are of: "mean squared error". Empty
/// where the columns are not the splits of one quantity.
struct Splits {
  std::vector<std::string> names;
  std::string quantity;
};

Splits splits_of(const std::vector<Expression>& columns) {
  Splits out;
  for (const auto& column : columns) {
    const std::string& text = column.text();
    const std::string quantity = quantity_of(text);
    if (quantity == text || (!out.quantity.empty() && quantity != out.quantity)) return {};
    out.quantity = quantity;
    out.names.push_back(text.substr(0, text.size() - quantity.size() - 1));
  }
  return out;
}

class FigureCollector {
 public:
  FigureCollector(const Figure& figure, const Table& table, const std::vector<std::string>& known,
                  const Units& units)
      : figure_(figure), table_(table), known_(known), units_(units) {
    out_.figure = figure;
  }

  FigureData collect() {
    name_axes();
    if (!columns_exist()) return std::move(out_);
    choose_rows();
    shorten_paths();
    find_axis_values();
    for (const auto row : rows_) add(row);
    if (unreadable_ > 0) report_unreadable();
    finish_curves();
    for (std::size_t i = 0; i < out_.panels.size(); ++i)
      out_.panels[i].lines = reference_lines(figure_, out_, line_rows_[i]);
    return std::move(out_);
  }

 private:
  void name_axes() {
    const auto chosen = [](const std::string& label, const std::string& otherwise) {
      return label.empty() ? otherwise : label;
    };
    out_.x_name = chosen(figure_.x_label, words_of(figure_.x, units_));
    if (figure_.z) out_.z_name = chosen(figure_.z_label, words_of(*figure_.z, units_));
    const Splits splits = figure_.y.size() > 1 ? splits_of(figure_.y) : Splits();
    std::vector<std::string> names;
    for (const auto& y : figure_.y) names.push_back(words_of(y, units_));
    out_.y_name = chosen(figure_.y_label, splits.quantity.empty() ? joined(names, ", ")
                                                                  : metric_words(splits.quantity));
    y_words_ = splits.quantity.empty() ? names : splits.names;
  }

  bool is_finished(std::size_t row) const {
    return !table_.has("status") || cell(row, "status") == "finished";
  }

  bool columns_exist() {
    std::size_t finished = 0;
    for (std::size_t row = 0; row < table_.rows.size(); ++row) finished += is_finished(row);
    for (const auto& name : columns_of(figure_)) {
      if (table_.has(name)) continue;
      if (finished == 0) {
        out_.problems = {"nothing that it draws is finished"};
        return false;
      }
      const std::string meant = did_you_mean(name, known_);
      out_.problems.push_back(fmt::format("there is no column {}{}", toml_string(name),
                                          meant.empty() ? "; there are " + joined(known_) : meant));
    }
    return out_.problems.empty();
  }

  void choose_rows() {
    const bool finished_only =
        std::none_of(figure_.where.begin(), figure_.where.end(),
                     [](const Condition& condition) { return condition.column == "status"; });
    for (std::size_t row = 0; row < table_.rows.size(); ++row) {
      if (finished_only && !is_finished(row)) continue;
      if (std::all_of(figure_.where.begin(), figure_.where.end(), [&](const Condition& condition) {
            return condition.holds(cell(row, condition.column));
          }))
        rows_.push_back(row);
    }
    if (rows_.empty() && !figure_.where.empty())
      out_.problems.push_back("no row has " + to_text(figure_.where));
  }

  /// Columns of absolute paths are drawn without the folder that all of them are below.
  void shorten_paths() {
    for (const auto& column : columns_of(figure_)) {
      std::vector<std::string> paths;
      for (const auto row : rows_)
        if (std::string path = cell(row, column); !path.empty()) paths.push_back(std::move(path));
      if (const auto length = common_folder(paths); length > 0) folders_[column] = length;
    }
  }

  std::string cell(std::size_t row, const std::string& column) const {
    const std::string& text = table_.rows[row][table_.find(column)];
    const auto folder = folders_.find(column);
    return folder == folders_.end() || text.empty() ? text : text.substr(folder->second);
  }

  std::optional<double> value(std::size_t row, const Expression& expression) const {
    return expression.value(
        [&](const std::string& column) { return number_of(cell(row, column)); });
  }

  std::string text(std::size_t row, const Expression& expression) const {
    if (expression.is_column()) return cell(row, expression.columns().front());
    const auto number = value(row, expression);
    return number ? onager::host::number(*number) : "";
  }

  void find_axis_values() {
    const bool texts =
        figure_.x.is_column() && std::any_of(rows_.begin(), rows_.end(), [&](std::size_t row) {
          return is_text(cell(row, figure_.x.columns().front()));
        });
    if (texts || figure_.z) out_.x_values = values_on(figure_.x);
    if (figure_.z && !figure_.y.empty()) out_.y_values = values_on(figure_.y.front());
  }

  /// By size where all are numbers, else in the order of the table.
  FigureAxisValues values_on(const Expression& expression) const {
    FigureAxisValues out;
    for (const auto row : rows_) {
      const std::string name = text(row, expression);
      if (!name.empty() && std::find(out.names.begin(), out.names.end(), name) == out.names.end())
        out.names.push_back(name);
    }
    if (std::any_of(out.names.begin(), out.names.end(), is_text)) return out;
    std::stable_sort(out.names.begin(), out.names.end(),
                     [](const auto& a, const auto& b) { return *number_of(a) < *number_of(b); });
    for (const auto& name : out.names) out.numbers.push_back(*number_of(name));
    return out;
  }

  std::optional<double> usable(std::optional<double> number, FigureScale scale) const {
    const bool good =
        number && std::isfinite(*number) && (scale == FigureScale::linear || *number > 0);
    return good ? number : std::nullopt;
  }

  /// A row's place on an axis: its number, or its place among the axis's values.
  std::optional<double> place(std::size_t row, const Expression& expression,
                              const FigureAxisValues& values, FigureScale scale) const {
    if (values.names.empty()) return usable(value(row, expression), scale);
    const std::string name = text(row, expression);
    const auto found = std::find(values.names.begin(), values.names.end(), name);
    if (found == values.names.end()) return std::nullopt;
    return static_cast<double>(found - values.names.begin());
  }

  void add(std::size_t row) {
    const std::size_t panel = panel_of(row);
    const auto x = place(row, figure_.x, out_.x_values, figure_.x_scale);
    if (figure_.z) return add_cell(row, panel, x);
    const std::size_t group = group_of(row);
    for (std::size_t i = 0; i < figure_.y.size(); ++i) {
      FigureCurve& curve = curve_of(panel, group, i);
      const auto y = usable(value(row, figure_.y[i]), figure_.y_scale);
      if (!x || !y) {
        // not every column has a value in every round
        if (!figure_.over_rounds() || !text(row, figure_.y[i]).empty()) ++unreadable_;
        continue;
      }
      curve.x.push_back(*x);
      curve.y.push_back(*y);
    }
    if (x) add_line_row(row, panel, group, *x, 0);
  }

  void add_cell(std::size_t row, std::size_t panel, std::optional<double> x) {
    const auto y = place(row, figure_.y.front(), out_.y_values, figure_.y_scale);
    const auto z = usable(value(row, *figure_.z), figure_.z_scale);
    if (!x || !y || !z) {
      ++unreadable_;
      return;
    }
    auto& cells = out_.panels[panel].cells;
    const auto column = static_cast<std::size_t>(*x), line = static_cast<std::size_t>(*y);
    auto found = std::find_if(cells.begin(), cells.end(), [&](const FigureCell& one) {
      return one.x == column && one.y == line;
    });
    if (found == cells.end()) found = cells.insert(cells.end(), {column, line, 0, 0});
    const auto before = static_cast<double>(found->count++);
    found->mean += (*z - found->mean) / (before + 1);
    add_line_row(row, panel, 0, *x, *y);
  }

  std::size_t panel_of(std::size_t row) {
    const std::string value = figure_.facet.empty() ? "" : cell(row, figure_.facet);
    const auto [found, fresh] = panels_.emplace(value, out_.panels.size());
    if (fresh) {
      out_.panels.emplace_back();
      line_rows_.emplace_back();
      if (!figure_.facet.empty())
        out_.panels.back().name = column_words(figure_.facet) + " = " + value;
    }
    return found->second;
  }

  std::size_t group_of(std::size_t row) {
    std::string values, words;
    for (const auto& column : figure_.group) {
      const std::string value = cell(row, column);
      values += (values.empty() ? "" : ", ") + value;
      words += words.empty() ? "" : ", ";
      words += is_text(value) || value.empty() ? value : column_words(column) + " " + value;
    }
    const auto [found, fresh] = groups_.emplace(values, group_names_.size());
    if (fresh) group_names_.push_back({values, words});
    return found->second;
  }

  FigureCurve& curve_of(std::size_t panel, std::size_t group, std::size_t y) {
    const auto [found, fresh] =
        places_.emplace(std::array{panel, group, y}, out_.panels[panel].curves.size());
    if (fresh) {
      const auto [style, first] = styles_.emplace(std::array{group, y}, styles_.size());
      (void)first;
      FigureCurve curve;
      curve.group = group_names_[group].values;
      curve.y_column = figure_.y[y].text();
      curve.name = figure_.y.size() > 1 ? y_words_[y] : "";
      if (!figure_.group.empty())
        curve.name += (curve.name.empty() ? "" : ", ") + group_names_[group].words;
      curve.style = style->second;
      out_.panels[panel].curves.push_back(std::move(curve));
    }
    return out_.panels[panel].curves[found->second];
  }

  void add_line_row(std::size_t row, std::size_t panel, std::size_t group, double x, double y) {
    LineRow out;
    out.x = x;
    out.y = y;
    out.group = group_names_.empty() ? "" : group_names_[group].values;
    for (const auto& line : figure_.x_lines) out.at_x.push_back(value(row, line));
    for (const auto& line : figure_.y_lines) out.at_y.push_back(value(row, line));
    line_rows_[panel].push_back(std::move(out));
  }

  void report_unreadable() {
    const bool logarithmic = figure_.x_scale == FigureScale::logarithmic ||
                             figure_.y_scale == FigureScale::logarithmic ||
                             figure_.z_scale == FigureScale::logarithmic;
    out_.problems.push_back(
        fmt::format("{} of the points {} not drawn: a value is empty or no number{}", unreadable_,
                    unreadable_ == 1 ? "is" : "are",
                    logarithmic ? ", or not above 0 on a logarithmic axis" : ""));
  }

  void finish_curves() {
    for (auto& panel : out_.panels)
      for (auto& curve : panel.curves) {
        sort_by_x(curve);
        if (figure_.fit != FigureFit::power) continue;
        curve.law = law_of(curve, figure_.fit_from);
        if (!curve.law)
          out_.problems.push_back(fmt::format(
              "no power law {}{}: it takes two different {} above 0{}",
              curve.name.empty() ? "is fitted" : "is fitted to ", curve.name, figure_.x.text(),
              figure_.fit_from > 0 ? ", of at least " + number(figure_.fit_from) : ""));
      }
  }

  struct GroupName {
    std::string values, words;
  };

  const Figure& figure_;
  const Table& table_;
  const std::vector<std::string>& known_;
  const Units& units_;
  FigureData out_;
  std::vector<std::size_t> rows_;
  std::map<std::string, std::size_t> folders_;  // of columns of paths: letters that are not drawn
  std::vector<std::string> y_words_;            // what tells the curves of one y from another's
  std::map<std::string, std::size_t> panels_, groups_;
  std::vector<GroupName> group_names_;
  std::map<std::array<std::size_t, 3>, std::size_t> places_;  // of (panel, group, y) in its panel
  std::map<std::array<std::size_t, 2>, std::size_t> styles_;  // of (group, y)
  std::vector<std::vector<LineRow>> line_rows_;               // of each panel
  std::size_t unreadable_ = 0;
};

}  // namespace

bool FigureData::has_fits() const {
  for (const auto& panel : panels)
    for (const auto& curve : panel.curves)
      if (curve.law) return true;
  return false;
}

std::optional<double> FigureAxisValues::place(double value, FigureScale scale) const {
  if (numbers.empty()) return std::nullopt;
  const auto at = [&](double v) { return scale == FigureScale::logarithmic ? std::log(v) : v; };
  // what is meant to reach the first or the last value may miss it
  for (const double end : {numbers.front(), numbers.back()})
    if (std::fabs(value - end) <= rounding * std::fabs(end)) value = end;
  for (std::size_t i = 0; i + 1 < numbers.size(); ++i)
    if (value >= numbers[i] && value <= numbers[i + 1] && numbers[i] < numbers[i + 1])
      return static_cast<double>(i) +
             (at(value) - at(numbers[i])) / (at(numbers[i + 1]) - at(numbers[i]));
  return std::nullopt;
}

FigureData figure_data(const Figure& figure, const Table& table,
                       const std::vector<std::string>& known, const Units& units) {
  return FigureCollector(figure, table, known, units).collect();
}

}  // namespace onager::host
