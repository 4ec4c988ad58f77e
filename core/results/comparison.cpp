// SPDX-License-Identifier: MIT
#include "results/comparison.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "results/run_figures.hpp"
#include "results/sweep_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace onager::host {

namespace {

/// Names of folders, with as many parents in front as it takes to tell them apart.
template <class Folder>
std::vector<std::string> distinct_names(const std::vector<Folder>& folders) {
  std::vector<std::string> out;
  std::vector<std::filesystem::path> parents;
  for (const auto& folder : folders) {
    out.push_back(folder.name);
    parents.push_back(folder.path.parent_path());
  }
  for (;;) {
    std::vector<bool> shared(out.size());
    bool any = false;
    for (std::size_t i = 0; i < out.size(); ++i) {
      shared[i] = std::count(out.begin(), out.end(), out[i]) > 1 && parents[i].has_filename();
      any = any || shared[i];
    }
    if (!any) break;
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (!shared[i]) continue;
      out[i] = parents[i].filename().string() + "/" + out[i];
      parents[i] = parents[i].parent_path();
    }
  }
  // The same folder given twice.
  const std::vector<std::string> full = out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto here = full.begin() + static_cast<std::ptrdiff_t>(i);
    const auto before = std::count(full.begin(), here, full[i]);
    if (before > 0) out[i] += fmt::format(" ({})", before + 1);
  }
  return out;
}

std::optional<std::string> setting(const RunRecord& run, const std::string& key) {
  for (const auto& one : run.settings)
    if (one.key == key) return one.value;
  return {};
}

/// What is drawn of a run or expected of it makes no other run.
bool is_of_computation(const std::string& key) {
  return key.compare(0, 7, "figure[") != 0 && key.compare(0, 7, "expect[") != 0;
}

std::vector<Difference> differences_of(const std::vector<RunRecord>& runs) {
  std::vector<std::string> keys;
  for (const auto& run : runs)
    for (const auto& one : run.settings)
      if (is_of_computation(one.key) && std::find(keys.begin(), keys.end(), one.key) == keys.end())
        keys.push_back(one.key);
  std::vector<Difference> out;
  for (const auto& key : keys) {
    Difference difference{key, {}};
    for (const auto& run : runs) difference.values.push_back(setting(run, key));
    const auto& values = difference.values;
    if (std::any_of(values.begin(), values.end(),
                    [&](const auto& value) { return value != values[0]; }))
      out.push_back(std::move(difference));
  }
  return out;
}

/// Rows of several tables in one, a cell empty where a table has no such column.
void append(Table& all, const Table& table, const std::string& column, const std::string& value) {
  const auto place = [&](const std::string& name) {
    const std::size_t found = all.find(name);
    if (found == all.columns.size()) all.columns.push_back(name);
    return found;
  };
  const std::size_t own = place(column);
  std::vector<std::size_t> places;
  for (const auto& name : table.columns) places.push_back(place(name));
  for (const auto& row : table.rows) {
    std::vector<std::string> cells(all.columns.size());
    cells[own] = value;
    for (std::size_t i = 0; i < row.size(); ++i) cells[places[i]] = row[i];
    all.rows.push_back(std::move(cells));
  }
  for (auto& row : all.rows) row.resize(all.columns.size());
}

/// The figures of several files, those that are alike once, with a curve for each file.
class CommonFigures {
 public:
  /// `column`: what the files are, "run" or "sweep".
  explicit CommonFigures(std::string column) : column_(std::move(column)) {}

  void add(const std::vector<Figure>& figures) {
    for (auto figure : figures) {
      const std::string text = to_toml(figure);
      if (std::find(seen_.begin(), seen_.end(), text) != seen_.end()) continue;
      seen_.push_back(text);
      figures_.push_back(std::move(figure));
    }
  }

  /// `rows_of(i, figure, known)`: the rows that file i gives a figure.
  template <class RowsOf>
  void draw(const std::vector<std::string>& names, const Units& units, RowsOf&& rows_of,
            std::vector<FigureData>& out) const {
    for (auto figure : figures_) {
      Table all;
      std::vector<std::string> known;
      for (std::size_t i = 0; i < names.size(); ++i)
        append(all, rows_of(i, figure, known), column_, names[i]);
      if (names.size() > 1 && !figure.z) figure.group.push_back(column_);
      else if (names.size() > 1 && figure.facet.empty()) figure.facet = column_;
      out.push_back(figure_data(figure, all, known, units));
    }
  }

 private:
  const std::string column_;
  std::vector<Figure> figures_;
  std::vector<std::string> seen_;
};

void draw_runs(const std::vector<RunRecord>& runs, const std::vector<std::string>& names,
               const std::vector<Figure>& figures, std::vector<FigureData>& out) {
  CommonFigures common("run");
  common.add(figures);
  common.draw(
      names, {},
      [&](std::size_t i, const Figure&, std::vector<std::string>& known) {
        Table table = table_of(runs[i].metrics);
        known.insert(known.end(), table.columns.begin(), table.columns.end());
        return table;
      },
      out);
}

void draw_sweeps(const std::vector<SweepFolder>& sweeps, const std::vector<std::string>& names,
                 std::vector<FigureData>& out) {
  CommonFigures common("sweep");
  Units units;
  for (const auto& sweep : sweeps) {
    common.add(sweep.file.figures);
    units.insert(sweep.file.units.begin(), sweep.file.units.end());
  }
  common.draw(
      names, units,
      [&](std::size_t i, const Figure& figure, std::vector<std::string>& known) {
        std::vector<std::string> here;
        Table rows = rows_of(figure, sweeps[i].results.points, sweeps[i].results.table, here);
        known.insert(known.end(), here.begin(), here.end());
        return rows;
      },
      out);
}

/// A point of a sweep as a run, under the sweep's name.
RunRecord run_of(const PointRecord& point, const std::string& sweep) {
  RunRecord run = read_run(point.folder);
  run.name = sweep + "/" + run.name;
  return run;
}

}  // namespace

Comparison compare_runs(const std::vector<std::filesystem::path>& folders) {
  if (folders.empty())
    throw Error(Category::config, "no runs to compare; give the folders of two or more");
  Comparison out;
  std::vector<SweepFolder> sweeps;
  std::string problems;
  for (const auto& folder : folders) {
    try {
      if (!is_sweep_folder(folder)) {
        out.runs.push_back(read_run(folder));
        continue;
      }
      sweeps.push_back(read_sweep_folder(folder));
    } catch (const Error& error) {
      if (error.category() != Category::config) throw;
      problems += (problems.empty() ? "" : "\n") + std::string(error.what());
    }
  }
  if (!problems.empty()) throw Error(Category::config, problems);
  std::vector<Figure> of_runs;
  for (const auto& run : out.runs)
    for (auto& figure : figures_of(run)) of_runs.push_back(std::move(figure));
  draw_runs(out.runs, distinct_names(out.runs), of_runs, out.figures);
  const auto sweep_names = distinct_names(sweeps);
  draw_sweeps(sweeps, sweep_names, out.figures);
  for (std::size_t i = 0; i < sweeps.size(); ++i)
    for (const auto& point : sweeps[i].results.points)
      if (point.summary) out.runs.push_back(run_of(point, sweep_names[i]));
  out.has_sweep = !sweeps.empty();
  out.names = distinct_names(out.runs);
  for (const auto& run : out.runs)
    for (const auto& column : run.metrics.columns())
      if (column != "seconds" &&
          std::find(out.columns.begin(), out.columns.end(), column) == out.columns.end())
        out.columns.push_back(column);
  out.differences = differences_of(out.runs);
  return out;
}

const std::vector<std::string>& main_columns() {
  static const std::vector<std::string> all{"test_accuracy", "test_mse", "train_accuracy",
                                            "train_mse"};
  return all;
}

bool is_main_column(const std::string& column) {
  return std::find(main_columns().begin(), main_columns().end(), column) != main_columns().end();
}

std::vector<FigureData> overview_figures(const Comparison& all) {
  std::vector<Figure> figures;
  if (all.runs.empty()) return {};
  for (const auto& column : main_columns()) {
    if (std::find(all.columns.begin(), all.columns.end(), column) == all.columns.end()) continue;
    Figure figure;
    figure.x = Expression::parse(all.runs.front().metrics.unit());
    figure.y = {Expression::parse(column)};
    figures.push_back(std::move(figure));
  }
  std::vector<FigureData> out;
  draw_runs(all.runs, all.names, figures, out);
  return out;
}

std::string units_of(const Comparison& all, const char* ending) {
  std::set<std::string> units;
  for (const auto& run : all.runs)
    if (!run.metrics.empty()) units.insert(run.metrics.unit() + ending);
  if (units.empty()) units.insert(Metrics().unit() + ending);
  return joined({units.begin(), units.end()}, " or ");
}

std::string rounds_text(const RunRecord& run) {
  const auto done = run.rounds_done(), planned = run.rounds_planned();
  return planned > done ? fmt::format("{} of {}", done, planned) : std::to_string(done);
}

double kept_value(const RunRecord& run, const std::string& column) {
  if (run.metrics.empty()) return std::numeric_limits<double>::quiet_NaN();
  return run.metrics.at(run.kept_round(), column);
}

}  // namespace onager::host
