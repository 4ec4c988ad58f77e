// SPDX-License-Identifier: MIT
#include "results/report_arrays.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "results/feature_ranking.hpp"
#include "results/grid.hpp"
#include "results/heat_map.hpp"
#include "results/html.hpp"
#include "results/line_plot.hpp"
#include "results/matrix_facts.hpp"
#include "results/npy.hpp"
#include "results/readable.hpp"
#include "results/report_frames.hpp"
#include "results/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

constexpr std::size_t most_drawn = 12;  // of the arrays other than the feature matrix
constexpr std::size_t most_bars = 64;   // of a vector; a longer one is drawn as a line
constexpr std::size_t most_ranked = 40;
constexpr std::size_t longest_shape = 4;  // longer side over shorter side of what is a heat map

enum class Size { large, medium, small };

int pixels_of(Size size) { return size == Size::large ? 560 : size == Size::medium ? 348 : 220; }

std::string file_name(const std::string& name) {
  return "<code>arrays/" + escaped(name) + ".npy</code>";
}

std::string vector_figure(const std::string& name, const Grid& grid, const std::string& facts,
                          const std::string& index_name, Size size) {
  LinePlot plot;
  plot.x_name = index_name;
  plot.y_name = name_words(name);
  plot.mark = grid.values.size() <= most_bars ? Mark::bars : Mark::lines;
  Curve curve;
  for (std::size_t i = 0; i < grid.values.size(); ++i) {
    curve.x.push_back(static_cast<double>(i));
    curve.y.push_back(grid.values[i]);
  }
  plot.curves.push_back(std::move(curve));
  if (size == Size::small) {
    plot.width = 350;
    plot.height = 220;
  }
  return html_figure(inline_svg(line_plot_svg(plot)), facts);
}

std::string matrix_figure(const std::string& name, const Grid& grid, const RunRecord& run,
                          const std::string& index_name, Size size) {
  HeatMap map;
  map.grid = grid;
  map.row_name = map.column_name = index_name;
  map.groups = groups_for(run, grid.rows);
  map.size = pixels_of(size);
  const Drawn drawn = heat_map_svg(map);
  return html_figure(
      inline_svg(drawn.svg),
      fmt::format("<b>{}</b>, {} × {}. {}{}", escaped(capital(name_words(name))), grid.rows,
                  grid.cols, escaped(matrix_facts(grid, map.groups)), drawn.remarks),
      size == Size::large ? Caption::beside : Caption::below);
}

std::string picture_figure(const Grid& grid, const std::string& what) {
  const std::size_t side = picture_side(grid.rows);
  HeatMap map;
  map.grid = as_picture(grid, side);
  map.size = pixels_of(Size::medium);
  const Drawn drawn = heat_map_svg(map);
  return html_figure(inline_svg(drawn.svg),
                     fmt::format("<b>{0}</b> as a {1} × {1} picture, read row by row: feature i at "
                                 "row ⌊i / {1}⌋, column i mod {1}.{2}",
                                 what, side, drawn.remarks));
}

std::string ranking_table(const Grid& grid, const std::vector<FeatureGroup>& groups) {
  const auto ranking = ranked_features(grid, groups);
  if (ranking.empty()) return "";
  double total = 0;
  for (const auto& feature : ranking) total += feature.weight;
  std::vector<std::vector<std::string>> rows{{"Feature", "Index", "Weight", "Share"}};
  for (std::size_t i = 0; i < std::min(ranking.size(), most_ranked); ++i)
    rows.push_back({escaped(ranking[i].name), std::to_string(ranking[i].index),
                    readable(ranking[i].weight),
                    total > 0 ? percent(ranking[i].weight / total) : ""});
  const std::string rest =
      ranking.size() > most_ranked
          ? fmt::format("<p class=\"under\">{} more have smaller weights.</p>\n",
                        ranking.size() - most_ranked)
          : "";
  return "<h3>Features by weight</h3>\n" + html_table(rows, Cells::numbers) + rest;
}

std::string feature_matrix(const RunRecord& run, const NpyArray& array) {
  const Grid grid = grid_of(array);
  const bool matrix = grid.rows == grid.cols && grid.rows > 1;
  const auto groups = groups_for(run, grid.rows);
  const bool parted = groups.size() > 1 && !features_named(groups, grid.rows);
  const bool picture = (matrix || grid.cols == 1) && !parted && picture_side(grid.rows);
  std::string figures;
  if (grid.cols == 1) {
    const std::string facts = fmt::format(
        "<b>Feature weights</b>, the diagonal of the feature "
        "matrix, {} features. {}",
        grid.rows, escaped(matrix_facts(grid, groups)));
    figures = vector_figure("feature weight", grid, facts, "feature index", Size::medium);
  } else {
    figures = matrix_figure("feature matrix", grid, run, "feature index",
                            picture ? Size::medium : Size::large);
  }
  if (picture) figures += picture_figure(grid, matrix ? "Its diagonal" : "The weights");
  const bool pair = picture || grid.cols == 1;
  return fmt::format(
      "<h2>Learned features</h2>\n{}{}{}<p class=\"under\">Indices count from 0. "
      "The numbers are in {}.</p>\n{}",
      pair ? "<div class=\"two\">\n" : "", figures, pair ? "</div>\n" : "",
      file_name("feature_matrix"), ranking_table(grid, groups));
}

/// A figure of any other array, or "" when its shape makes none.
std::string other_figure(const RunRecord& run, const std::string& name, const Grid& grid) {
  const std::size_t shorter = std::min(grid.rows, grid.cols);
  const std::size_t longer = std::max(grid.rows, grid.cols);
  if (shorter == 1 && longer > 1)
    return vector_figure(
        name, grid,
        fmt::format("<b>{}</b>, {} entries.", escaped(capital(name_words(name))), longer), "index",
        Size::small);
  if (shorter > 1 && longer <= longest_shape * shorter)
    return matrix_figure(name, grid, run, "index", Size::small);
  return "";
}

std::string shape_of(const NpyArray& array) {
  std::vector<std::string> sizes;
  for (const auto size : array.shape) sizes.push_back(std::to_string(size));
  return joined(sizes, " × ");
}

}  // namespace

std::string array_sections(const RunRecord& run) {
  std::string features, figures, notes;
  std::vector<std::string> not_drawn;
  std::size_t drawn = 0;
  const auto series = array_series(run.arrays);
  for (const auto& file : run.arrays) {
    const std::string name = file.stem().string();
    if (is_member(series, file)) continue;
    NpyArray array;
    try {
      array = read_npy(file);
    } catch (const Error& error) {
      notes += "<div class=\"note\">" + escaped(error.what()) + "</div>\n";
      continue;
    }
    if (array.data.empty()) {
      not_drawn.push_back(fmt::format("{} ({}, empty)", file_name(name), shape_of(array)));
    } else if (name == "feature_matrix") {
      features = feature_matrix(run, array);
    } else {
      std::string figure = drawn < most_drawn ? other_figure(run, name, grid_of(array)) : "";
      if (figure.empty())
        not_drawn.push_back(fmt::format("{} ({})", file_name(name), shape_of(array)));
      else ++drawn;
      figures += figure;
    }
  }
  std::string frames;
  for (const auto& one : series) frames += series_figure(run, one, notes);
  std::string out = features;
  if (!frames.empty()) out += "<h2>Snapshots</h2>\n" + frames + slider_script();
  if (!figures.empty() || !not_drawn.empty() || !notes.empty()) {
    out += "<h2>Arrays</h2>\n" + notes;
    if (!figures.empty()) out += "<div class=\"three\">\n" + figures + "</div>\n";
    if (!not_drawn.empty()) out += "<p class=\"under\">Not drawn: " + joined(not_drawn) + ".</p>\n";
  }
  return out;
}

}  // namespace onager::host
