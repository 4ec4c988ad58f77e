// SPDX-License-Identifier: MIT
#include "config/figures.hpp"

#include "base/text.hpp"
#include "config/keyed_table.hpp"
#include "config/sweep_values.hpp"

#include <fmt/format.h>

#include <algorithm>

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
  static const std::vector<const char*> all{"range", "deviation", "none"};
  return all;
}

const std::vector<const char*>& marks() {
  static const std::vector<const char*> all{"line", "points"};
  return all;
}

class FigureReader {
 public:
  FigureReader(const Node& node, Problems& problems)
      : table_(node, "a figure", figure_rows(), problems), problems_(problems) {}

  Figure read() {
    table_.refuse_unknown_keys(list_keys());
    out_.title = table_.text("title");
    if (const auto x = table_.expression("x")) out_.x = *x;
    else table_.value("x");
    out_.y = expressions("y", "a column or a list of columns");
    if (table_.find("y") == nullptr)
      add(table_.node(), "a figure needs y, the columns of the vertical axis");
    out_.z = table_.expression("z");
    out_.group = names("group");
    out_.facet = table_.text("facet");
    if (const Node* where = table_.find("where"))
      out_.where = read_conditions(
          *where, "where must be a table of conditions, such as { \"a.b\" = 1 }; this one ",
          problems_);
    out_.x_scale = static_cast<FigureScale>(table_.choice("x_scale"));
    out_.y_scale = static_cast<FigureScale>(table_.choice("y_scale"));
    out_.z_scale = static_cast<FigureScale>(table_.choice("z_scale"));
    out_.x_label = table_.text("x_label");
    out_.y_label = table_.text("y_label");
    out_.z_label = table_.text("z_label");
    out_.x_lines = expressions("x_lines", "an expression or a list of them");
    out_.y_lines = expressions("y_lines", "an expression or a list of them");
    out_.fit = static_cast<FigureFit>(table_.choice("fit"));
    out_.fit_from = table_.real("fit_from");
    out_.band = static_cast<FigureBand>(table_.choice("band"));
    out_.mark = static_cast<FigureMark>(table_.choice("mark"));
    if (out_.z) refuse_beside_heat_map();
    return std::move(out_);
  }

  /// Those that hold one value or a list.
  static const std::vector<std::string>& list_keys() {
    static const std::vector<std::string> all{"y", "group", "where", "x_lines", "y_lines"};
    return all;
  }

 private:
  void add(const Node& at, const std::string& message) { problems_.add(at.place.where(), message); }

  /// The strings of a value that is one or a list; a number stands for its text.
  std::vector<Node> texts(const char* key, const char* expected) {
    std::vector<Node> out;
    const Node* node = table_.find(key);
    if (node == nullptr) return out;
    const auto take = [&](const Node& one) {
      const bool number = one.kind == NodeKind::integer || one.kind == NodeKind::real;
      if (one.kind != NodeKind::string && !number) {
        add(one, fmt::format("{} must be {}, not {}", key, expected, described(one)));
        return;
      }
      out.push_back(one);
      if (number) out.back().text = value_text(one);
      out.back().kind = NodeKind::string;
    };
    if (node->kind != NodeKind::array) take(*node);
    else
      for (const auto& child : node->children) take(child);
    if (node->kind == NodeKind::array && node->children.empty())
      add(*node, fmt::format("{} must be {}, not an empty list", key, expected));
    return out;
  }

  std::vector<Expression> expressions(const char* key, const char* expected) {
    std::vector<Expression> out;
    for (const auto& node : texts(key, expected))
      if (const auto one = read_expression(node, key, problems_)) out.push_back(*one);
    return out;
  }

  std::vector<std::string> names(const char* key) {
    std::vector<std::string> out;
    for (const auto& node : texts(key, "a column or a list of columns"))
      if (!node.text.empty()) out.push_back(node.text);
    return out;
  }

  void refuse_beside_heat_map() {
    for (const char* key : {"group", "fit", "fit_from", "band", "mark"})
      if (const Node* node = table_.find(key))
        problems_.add(node->key_place.where(),
                      fmt::format("{} is for curves; a figure with z is a heat map", key));
    if (out_.y.size() > 1)
      add(*table_.find("y"), "a heat map has one y; its numbers are those of z");
  }

  const KeyedTable table_;
  Problems& problems_;
  Figure out_;
};

}  // namespace

bool Figure::over_rounds() const { return x.text() == "round" || x.text() == "step"; }

const std::vector<onager_parameter>& figure_rows() {
  static const std::vector<onager_parameter> all{
      text_row("title", "a heading"),
      required(text_row("x", "the column of the horizontal axis")),
      text_row("z", "the column that a heat map colours show"),
      text_row("facet", "the column whose values get a panel each"),
      choice_row("x_scale", scales(), "the horizontal axis"),
      choice_row("y_scale", scales(), "the vertical axis"),
      choice_row("z_scale", scales(), "the colours"),
      text_row("x_label", "the name of the horizontal axis"),
      text_row("y_label", "the name of the vertical axis"),
      text_row("z_label", "the name of the colours"),
      choice_row("fit", fits(), "a law to fit to each curve"),
      real_row("fit_from", 0, 0, "the least x that counts in the fit"),
      choice_row("band", bands(), "what surrounds the mean of several points"),
      choice_row("mark", marks(), "how a curve is drawn")};
  return all;
}

std::vector<Figure> read_figures(const Node& root, Problems& problems) {
  std::vector<Figure> out;
  for_each_table(root, "figure", "x and y", problems,
                 [&](const Node& node) { out.push_back(FigureReader(node, problems).read()); });
  return out;
}

std::vector<std::string> columns_of(const Figure& figure) {
  std::vector<std::string> out;
  const auto add = [&](const std::string& name) {
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  };
  const auto add_all = [&](const Expression& expression) {
    for (const auto& name : expression.columns()) add(name);
  };
  add_all(figure.x);
  for (const auto* list : {&figure.y, &figure.x_lines, &figure.y_lines})
    for (const auto& expression : *list) add_all(expression);
  if (figure.z) add_all(*figure.z);
  for (const auto& name : figure.group) add(name);
  if (!figure.facet.empty()) add(figure.facet);
  for (const auto& condition : figure.where) add(condition.column);
  return out;
}

namespace {

/// Keys of a [[figure]] with their values, as they stand in a file.
class FigureWriter {
 public:
  std::string write(const Figure& figure) {
    text("title", figure.title);
    text("x", figure.x.text());
    list("y", texts(figure.y));
    if (figure.z) text("z", figure.z->text());
    list("group", figure.group);
    text("facet", figure.facet);
    if (!figure.where.empty()) out_ += "where = " + to_toml(figure.where) + "\n";
    choice("x_scale", scales(), figure.x_scale);
    choice("y_scale", scales(), figure.y_scale);
    choice("z_scale", scales(), figure.z_scale);
    text("x_label", figure.x_label);
    text("y_label", figure.y_label);
    text("z_label", figure.z_label);
    list("x_lines", texts(figure.x_lines));
    list("y_lines", texts(figure.y_lines));
    choice("fit", fits(), figure.fit);
    if (figure.fit_from > 0) out_ += fmt::format("fit_from = {}\n", toml_float(figure.fit_from));
    choice("band", bands(), figure.band);
    choice("mark", marks(), figure.mark);
    return out_;
  }

 private:
  static std::vector<std::string> texts(const std::vector<Expression>& expressions) {
    std::vector<std::string> out;
    for (const auto& expression : expressions) out.push_back(expression.text());
    return out;
  }

  void text(const char* key, const std::string& value) {
    if (!value.empty()) out_ += fmt::format("{} = {}\n", key, toml_string(value));
  }

  void list(const char* key, const std::vector<std::string>& values) {
    if (values.size() == 1) return text(key, values[0]);
    std::vector<std::string> quoted;
    for (const auto& value : values) quoted.push_back(toml_string(value));
    if (!values.empty()) out_ += fmt::format("{} = [{}]\n", key, joined(quoted, ", "));
  }

  template <class Choice>
  void choice(const char* key, const std::vector<const char*>& names, Choice chosen) {
    const auto place = static_cast<std::size_t>(chosen);
    if (place > 0) text(key, names[place]);
  }

  std::string out_ = "[[figure]]\n";
};

}  // namespace

std::string to_toml(const Figure& figure) { return FigureWriter().write(figure); }

}  // namespace onager::host
