// SPDX-License-Identifier: MIT
#include "results/report_frames.hpp"

#include "base/error.hpp"
#include "results/grid.hpp"
#include "results/heat_map.hpp"
#include "results/html.hpp"
#include "results/line_plot.hpp"
#include "results/matrix_facts.hpp"
#include "results/npy.hpp"
#include "results/readable.hpp"
#include "results/report_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace onager::host {

namespace {

constexpr std::size_t most_frames = 48;    // pictures in one figure
constexpr std::size_t most_pixels = 256;   // rows and columns of each
constexpr std::size_t longest_shape = 16;  // longer side over shorter side of what is drawn
constexpr std::size_t most_bars = 64;      // of a vector; a longer one is drawn as a line

bool all_digits(const std::string& text) {
  return !text.empty() && text.size() < 18 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct Place {
  std::string name, word;
  std::int64_t number;
};

/// The parts of NAME.WORD_NUMBER, or of NAME.WORD_NUMBER.K where several components use a name.
std::optional<Place> place_of(std::string stem) {
  std::string again;
  auto dot = stem.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  if (all_digits(stem.substr(dot + 1))) {
    again = stem.substr(dot);
    stem.resize(dot);
    dot = stem.rfind('.');
    if (dot == std::string::npos) return std::nullopt;
  }
  const auto bar = stem.rfind('_');
  if (dot == 0 || bar == std::string::npos || bar < dot + 2) return std::nullopt;
  const std::string digits = stem.substr(bar + 1);
  if (!all_digits(digits)) return std::nullopt;
  return Place{stem.substr(0, dot) + again, stem.substr(dot + 1, bar - dot - 1),
               std::stoll(digits)};
}

/// At most `most` of the members, evenly over them, first and last among them.
std::vector<ArraySeries::Member> chosen(const std::vector<ArraySeries::Member>& members,
                                        std::size_t most) {
  if (members.size() <= most) return members;
  std::vector<ArraySeries::Member> out;
  for (std::size_t k = 0; k < most; ++k)
    out.push_back(members[k * (members.size() - 1) / (most - 1)]);
  return out;
}

struct Frame {
  std::int64_t number;
  Grid grid;
};

std::vector<Frame> frames_of(const ArraySeries& series, std::string& notes) {
  std::vector<Frame> out;
  for (const auto& member : chosen(series.members, most_frames)) {
    try {
      const NpyArray array = read_npy(member.file);
      if (array.data.empty()) continue;
      Grid grid = grid_of(array);
      const std::size_t shorter = std::min(grid.rows, grid.cols);
      const std::size_t longer = std::max(grid.rows, grid.cols);
      if (longer > 1 && (shorter == 1 || longer <= longest_shape * shorter))
        out.push_back({member.number, std::move(grid)});
    } catch (const Error& error) {
      notes += "<div class=\"note\">" + escaped(error.what()) + "</div>\n";
    }
  }
  return out;
}

std::string picture(const RunRecord& run, const std::string& name, const Grid& grid) {
  const auto groups = groups_for(run, grid.rows);
  std::string facts = escaped(matrix_facts(grid, groups)), svg;
  if (std::min(grid.rows, grid.cols) == 1) {
    LinePlot plot;
    plot.x_name = "index";
    plot.y_name = name_words(name);
    plot.mark = grid.values.size() <= most_bars ? Mark::bars : Mark::lines;
    Curve curve;
    for (std::size_t i = 0; i < grid.values.size(); ++i) curve.x.push_back(static_cast<double>(i));
    curve.y = grid.values;
    plot.curves.push_back(std::move(curve));
    svg = inline_svg(line_plot_svg(plot));
  } else {
    HeatMap map;
    map.grid = grid;
    map.row_name = map.column_name = "index";
    map.groups = groups;
    map.size = 440;
    map.most_pixels = most_pixels;
    const Drawn drawn = heat_map_svg(map);
    svg = inline_svg(drawn.svg);
    facts += drawn.remarks;
  }
  return svg + "<p>" + facts + "</p>";
}

/// All vectors of a series in one picture, a row each.
std::string rows_figure(const ArraySeries& series, const std::vector<Frame>& frames) {
  HeatMap map;
  map.grid.rows = frames.size();
  map.grid.cols = frames[0].grid.values.size();
  bool counted = true;  // the rows are 0, 1, 2, ..
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto& values = frames[i].grid.values;
    if (values.size() != map.grid.cols) return "";
    map.grid.values.insert(map.grid.values.end(), values.begin(), values.end());
    counted = counted && frames[i].number == static_cast<std::int64_t>(i);
  }
  map.row_name = counted ? series.word : "picture";
  map.column_name = "index";
  map.size = 440;
  map.least_side = 120;
  const Drawn drawn = heat_map_svg(map);
  return html_figure(inline_svg(drawn.svg), fmt::format("<b>{}</b>, a row a {}.{}",
                                                        escaped(capital(name_words(series.name))),
                                                        escaped(series.word), drawn.remarks));
}

}  // namespace

std::vector<ArraySeries> array_series(const std::vector<std::filesystem::path>& arrays) {
  std::map<std::pair<std::string, std::string>, ArraySeries> found;
  for (const auto& file : arrays) {
    const auto place = place_of(file.stem().string());
    if (!place) continue;
    auto& series = found[{place->name, place->word}];
    series.name = place->name;
    series.word = place->word;
    series.members.push_back({place->number, file});
  }
  std::vector<ArraySeries> out;
  for (auto& entry : found) {
    auto& members = entry.second.members;
    if (members.size() < 2) continue;
    std::stable_sort(members.begin(), members.end(),
                     [](const auto& a, const auto& b) { return a.number < b.number; });
    out.push_back(std::move(entry.second));
  }
  return out;
}

bool is_member(const std::vector<ArraySeries>& series, const std::filesystem::path& file) {
  for (const auto& one : series)
    for (const auto& member : one.members)
      if (member.file == file) return true;
  return false;
}

std::string series_figure(const RunRecord& run, const ArraySeries& series, std::string& notes) {
  const auto frames = frames_of(series, notes);
  if (frames.empty()) return "";
  const std::string word = escaped(series.word);
  std::string pictures;
  bool vectors = true;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    pictures += fmt::format("<div class=\"shot\" data-name=\"{} {}\"{}>{}</div>\n", word,
                            frames[i].number, i + 1 < frames.size() ? " hidden" : "",
                            picture(run, series.name, frames[i].grid));
    vectors = vectors && std::min(frames[i].grid.rows, frames[i].grid.cols) == 1;
  }
  const std::string last = fmt::format("{} {}", word, frames.back().number);
  const std::string title = escaped(capital(name_words(series.name)));
  std::string out = fmt::format(
      "<figure class=\"frames\"><div class=\"slide\" hidden><label>{0} <input type=\"range\" "
      "min=\"0\" max=\"{1}\" step=\"1\" value=\"{1}\" aria-label=\"{2}: {3}\" "
      "aria-valuetext=\"{4}\"/></label><output>{4}</output></div>\n{5}<figcaption><b>{2}</b>, {3} "
      "{6} to {7}, {8} of {9} pictures, each with colours or an axis of its own. Without scripts "
      "the last one shows.</figcaption></figure>\n",
      capital(word), frames.size() - 1, title, word, last, pictures, frames.front().number,
      frames.back().number, frames.size(), series.members.size());
  if (vectors && frames.size() > 1)
    out = "<div class=\"two\">\n" + out + rows_figure(series, frames) + "</div>\n";
  return out;
}

std::string slider_script() {
  return R"(<script>
for (const figure of document.querySelectorAll("figure.frames")) {
  const frames = figure.querySelectorAll(".shot");
  const bar = figure.querySelector("input"), name = figure.querySelector("output");
  const show = () => {
    frames.forEach((frame, i) => { frame.hidden = i !== Number(bar.value); });
    name.textContent = frames[bar.value].dataset.name;
    bar.setAttribute("aria-valuetext", name.textContent);
  };
  bar.value = frames.length - 1;
  bar.addEventListener("input", show);
  figure.querySelector(".slide").hidden = false;
  show();
}
</script>
)";
}

}  // namespace onager::host
