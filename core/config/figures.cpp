// SPDX-License-Identifier: MIT
#include "config/figures.hpp"

#include "base/text.hpp"
#include "config/keyed_table.hpp"

#include <fmt/format.h>

namespace onager::host {

namespace {

const std::vector<const char*>& scales() {
  static const std::vector<const char*> all{"linear", "log"};
  return all;
}

const std::vector<const char*>& fits() {
  static const std::vector<const char*> all{"none", "power"};
  return all;
}

const std::vector<const char*>& bands() {
  static const std::vector<const char*> all{"range", "deviation"};
  return all;
}

Figure read_figure(const Node& node, Problems& problems) {
  const KeyedTable table(node, "a figure", figure_rows(), problems);
  table.refuse_unknown_keys({});
  Figure out;
  out.title = table.text("title");
  out.x = table.text("x");
  out.y = table.text("y");
  out.group = table.text("group");
  out.x_scale = static_cast<FigureScale>(table.choice("x_scale"));
  out.y_scale = static_cast<FigureScale>(table.choice("y_scale"));
  out.fit = static_cast<FigureFit>(table.choice("fit"));
  out.fit_from = table.real("fit_from");
  out.band = static_cast<FigureBand>(table.choice("band"));
  return out;
}

}  // namespace

const std::vector<onager_parameter>& figure_rows() {
  static const std::vector<onager_parameter> all{
      text_row("title", "a heading"),
      required(text_row("x", "the column of the horizontal axis")),
      required(text_row("y", "the column of the vertical axis")),
      text_row("group", "the column that tells curves apart"),
      choice_row("x_scale", scales(), "the horizontal axis"),
      choice_row("y_scale", scales(), "the vertical axis"),
      choice_row("fit", fits(), "a law to fit to each curve"),
      real_row("fit_from", 0, 0, "the least x that counts in the fit"),
      choice_row("band", bands(), "what surrounds the mean of several points")};
  return all;
}

std::vector<Figure> read_figures(const Node& root, Problems& problems) {
  std::vector<Figure> out;
  for_each_table(root, "figure", "x and y", problems,
                 [&](const Node& node) { out.push_back(read_figure(node, problems)); });
  return out;
}

std::string to_toml(const Figure& figure) {
  std::string out = "[[figure]]\n";
  const auto text = [&](const char* key, const std::string& value) {
    if (!value.empty()) out += fmt::format("{} = {}\n", key, toml_string(value));
  };
  const auto choice = [&](const char* key, const std::vector<const char*>& names, auto chosen) {
    if (static_cast<std::size_t>(chosen) > 0) text(key, names[static_cast<std::size_t>(chosen)]);
  };
  text("title", figure.title);
  text("x", figure.x);
  text("y", figure.y);
  text("group", figure.group);
  choice("x_scale", scales(), figure.x_scale);
  choice("y_scale", scales(), figure.y_scale);
  choice("fit", fits(), figure.fit);
  if (figure.fit_from > 0) out += fmt::format("fit_from = {}\n", toml_float(figure.fit_from));
  choice("band", bands(), figure.band);
  return out;
}

}  // namespace onager::host
