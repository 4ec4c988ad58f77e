// SPDX-License-Identifier: MIT
#include "results/sweep_results.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "results/figure_files.hpp"
#include "results/figure_json.hpp"
#include "results/sweep_report.hpp"
#include "results/verdicts_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace onager::host {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::size_t count(const std::vector<PointRecord>& points, const std::string& status) {
  return static_cast<std::size_t>(
      std::count_if(points.begin(), points.end(),
                    [&](const PointRecord& point) { return point.status == status; }));
}

/// Times and memory of all points together.
struct Cost {
  double seconds = 0;
  std::uint64_t peak_memory = 0;
};

Cost cost_of(const std::vector<PointRecord>& points) {
  Cost out;
  for (const auto& point : points) {
    if (!point.summary) continue;
    out.seconds += point.summary->total_seconds;
    out.peak_memory = std::max(out.peak_memory, point.summary->peak_memory);
  }
  return out;
}

Json summary_of(const SweepFile& file, const SweepResults& results) {
  Json points = {{"total", results.points.size()}};
  for (const char* status : {"finished", "failed", "interrupted", "missing", "running"})
    points[status] = count(results.points, status);
  const Cost cost = cost_of(results.points);
  return {{"pipeline", file.name},
          {"points", points},
          {"seconds", cost.seconds},
          {"peak_memory_bytes", cost.peak_memory},
          {"fits", fits_json(results.figures)},
          {"expectations", verdicts_json(results.verdicts)},
          {"units", file.units}};
}

void write_tables(const SweepFile& file, const SweepResults& results, const fs::path& folder) {
  write_file(folder / "sweep.csv", to_csv(results.table));
  write_file(folder / "sweep.json",
             summary_of(file, results).dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// The points of a sweep.csv, which names them first and then their swept values.
std::vector<PointRecord> points_of(const Table& table, const SweepFile& file,
                                   const fs::path& folder) {
  const auto is_swept = [&](const std::string& column) {
    return std::find(file.columns.begin(), file.columns.end(), column) != file.columns.end();
  };
  const std::size_t status = table.find("status"), message = table.find("message");
  std::vector<PointRecord> out;
  for (const auto& row : table.rows) {
    PointRecord point;
    point.name = row[table.find("point")];
    for (std::size_t i = 0; i < row.size(); ++i)
      if (is_swept(table.columns[i])) point.cells.push_back({table.columns[i], row[i]});
    point.status = "missing";
    point.folder = folder / "points" / point.name;
    std::error_code ignored;
    if (fs::exists(point.folder / "summary.json", ignored)) {
      read_point(point.folder, point);
    } else if (status < row.size() && row[status] == "failed") {
      // it died without a word of its own
      point.status = row[status];
      if (message < row.size()) point.message = row[message];
    }
    out.push_back(std::move(point));
  }
  return out;
}

}  // namespace

Table rows_of(const Figure& figure, const std::vector<PointRecord>& points, const Table& table,
              std::vector<std::string>& known) {
  if (figure.over_rounds()) return rounds_table(points, table, columns_of(figure), known);
  known = table.columns;
  return table;
}

SweepResults sweep_results(const SweepFile& file, std::vector<PointRecord> points) {
  SweepResults out;
  out.table = sweep_table(points);
  for (const auto& figure : file.figures) {
    std::vector<std::string> known;
    const Table rows = rows_of(figure, points, out.table, known);
    out.figures.push_back(figure_data(figure, rows, known, file.units));
  }
  out.verdicts = judge(file.expectations, out.table, points, out.figures);
  out.points = std::move(points);
  return out;
}

void write_sweep_beginning(const SweepFile& file, const std::vector<PointRecord>& points,
                           const fs::path& folder) {
  SweepResults results;
  results.points = points;
  results.table = sweep_table(points);
  write_file(folder / "sweep.toml", file.text());
  write_tables(file, results, folder);
}

void write_sweep_results(const SweepFile& file, const SweepResults& results, const fs::path& folder,
                         const std::function<void(const std::string& text)>& warning) {
  for (const auto& data : results.figures)
    for (const auto& problem : data.problems)
      if (warning) warning(fmt::format("figure '{}': {}", title_of(data.figure), problem));
  write_tables(file, results, folder);
  write_figures(results.figures, folder / "figures", warning);
  write_file(folder / "report.html", sweep_html(file, results));
}

bool is_sweep_folder(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "sweep.toml", ignored) && fs::exists(folder / "sweep.csv", ignored);
}

SweepFolder read_sweep_folder(const fs::path& given) {
  fs::path folder = fs::absolute(given).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  SweepFolder out;
  out.name = folder.filename().string();
  out.path = folder;
  out.file = read_sweep_file(folder / "sweep.toml");
  const fs::path csv = folder / "sweep.csv", json = folder / "sweep.json";
  if (fs::exists(json)) {
    try {
      const Json facts = Json::parse(read_file(json));
      out.file.name = facts.at("pipeline").get<std::string>();
      out.file.units = facts.at("units").get<Units>();
    } catch (const Json::exception& error) {
      throw Error(Category::config, fmt::format("{}: {}", json.string(), error.what()));
    }
  }
  const Table table = table_from_csv(read_file(csv), csv.string());
  if (!table.has("point"))
    throw Error(Category::config, fmt::format("{}: has no column 'point'", csv.string()));
  out.results = sweep_results(out.file, points_of(table, out.file, folder));
  return out;
}

std::string sweep_sentence(const std::vector<PointRecord>& points) {
  const Cost cost = cost_of(points);
  std::string out = fmt::format("{} of {} point{} finished", count(points, "finished"),
                                points.size(), points.size() == 1 ? "" : "s");
  for (const char* status : {"failed", "interrupted", "missing", "running"})
    if (const auto here = count(points, status); here > 0)
      out += fmt::format(", {} {}", here, status);
  out += fmt::format("; {} of run time in all", duration(cost.seconds));
  if (cost.peak_memory > 0)
    out += fmt::format(", at most {} of memory", bytes(static_cast<double>(cost.peak_memory)));
  return out;
}

}  // namespace onager::host
