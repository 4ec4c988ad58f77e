// SPDX-License-Identifier: MIT
#include "config/figures.hpp"

#include "base/text.hpp"
#include "config/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace onager::host {

namespace {

constexpr const char* scales[] = {"linear", "log"};
constexpr const char* fits[] = {"none", "power"};
constexpr const char* bands[] = {"range", "deviation"};

onager_parameter text_row(const char* name, const char* doc) {
  onager_parameter p{};
  p.struct_size = sizeof p;
  p.type = ONAGER_STRING;
  p.name = name;
  p.text_default = "";
  p.doc = doc;
  return p;
}

onager_parameter required_row(const char* name, const char* doc) {
  onager_parameter p = text_row(name, doc);
  p.flags = ONAGER_REQUIRED;
  return p;
}

onager_parameter choice_row(const char* name, const char* const (&choices)[2], const char* doc) {
  onager_parameter p = text_row(name, doc);
  p.type = ONAGER_CHOICE;
  p.text_default = choices[0];
  p.choices = choices;
  p.choice_count = 2;
  return p;
}

onager_parameter fit_from_row() {
  onager_parameter p{};
  p.struct_size = sizeof p;
  p.type = ONAGER_REAL;
  p.name = "fit_from";
  p.doc = "the least x that counts in the fit";
  p.real_min = 0;
  p.real_max = std::numeric_limits<double>::infinity();
  return p;
}

/// A figure's keys, described as a component's are, so that they are checked the same way.
const std::vector<onager_parameter>& rows() {
  static const std::vector<onager_parameter> all{
      text_row("title", "a heading"),
      required_row("x", "the column of the horizontal axis"),
      required_row("y", "the column of the vertical axis"),
      text_row("group", "the column that tells curves apart"),
      choice_row("x_scale", scales, "the horizontal axis"),
      choice_row("y_scale", scales, "the vertical axis"),
      choice_row("fit", fits, "a law to fit to each curve"),
      fit_from_row(),
      choice_row("band", bands, "what surrounds the mean of several points")};
  return all;
}

class FigureReader {
 public:
  FigureReader(const Node& table, Problems& problems) : table_(table), problems_(problems) {}

  Figure read() {
    refuse_unknown_keys();
    Figure out;
    out.title = text("title");
    out.x = text("x");
    out.y = text("y");
    out.group = text("group");
    out.x_scale = scale("x_scale");
    out.y_scale = scale("y_scale");
    out.fit = text("fit") == fits[1] ? FigureFit::power : FigureFit::none;
    out.fit_from = value("fit_from").real;
    out.band = text("band") == bands[1] ? FigureBand::deviation : FigureBand::range;
    return out;
  }

 private:
  void refuse_unknown_keys() {
    std::vector<std::string> names;
    for (const auto& row : rows()) names.push_back(row.name);
    for (const auto& child : table_.children) {
      if (std::find(names.begin(), names.end(), child.key) != names.end()) continue;
      const std::string meant = did_you_mean(child.key, names);
      problems_.add(child.key_place.where(),
                    fmt::format("a figure has no '{}'{}", child.key,
                                meant.empty() ? "; it has " + joined(names) : meant));
    }
  }

  ParameterValue value(const char* name) {
    const auto row = std::find_if(rows().begin(), rows().end(), [&](const onager_parameter& p) {
      return std::string(name) == p.name;
    });
    if (const Node* node = table_.find(name)) return read_value(*row, *node, {}, problems_);
    if ((row->flags & ONAGER_REQUIRED) != 0)
      problems_.add(table_.place.where(),
                    fmt::format("a figure needs {}, {} of sweep.csv", name, row->doc));
    return default_value(*row, {});
  }

  std::string text(const char* name) { return value(name).text; }

  FigureScale scale(const char* name) {
    return text(name) == scales[1] ? FigureScale::logarithmic : FigureScale::linear;
  }

  const Node& table_;
  Problems& problems_;
};

}  // namespace

std::vector<Figure> read_figures(const Node& root, Problems& problems) {
  std::vector<Figure> out;
  const Node* figures = root.find("figure");
  if (figures == nullptr) return out;
  const auto read = [&](const Node& node) {
    if (node.kind == NodeKind::table) out.push_back(FigureReader(node, problems).read());
    else
      problems.add(node.place.where(),
                   "figure must be tables [[figure]] with x and y, not " + described(node));
  };
  if (figures->kind != NodeKind::array) read(*figures);
  else
    for (const auto& figure : figures->children) read(figure);
  return out;
}

}  // namespace onager::host
