// SPDX-License-Identifier: MIT
#include "config/expectations.hpp"

#include "base/text.hpp"
#include "config/keyed_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace onager::host {

namespace {

const std::vector<const char*>& moments() {
  static const std::vector<const char*> all{"last", "first", "max", "min"};
  return all;
}

const std::vector<const char*>& reductions() {
  static const std::vector<const char*> all{"all", "mean", "min", "max"};
  return all;
}

const std::vector<const char*>& comparisons() {
  static const std::vector<const char*> all{">=", "<=", ">", "<", "==", "within"};
  return all;
}

/// What a power law has: fields of PowerLaw.
const std::vector<std::string>& law_numbers() {
  static const std::vector<std::string> all{"exponent", "standard_error", "factor"};
  return all;
}

constexpr double endless = std::numeric_limits<double>::infinity();

std::string title_list(const std::vector<Figure>& figures) {
  std::vector<std::string> titles;
  for (const auto& figure : figures)
    if (figure.fit != FigureFit::none) titles.push_back(toml_string(figure.title));
  return titles.empty() ? "no figure with a title has fit = \"power\""
                        : "figures with a fit are " + joined(titles);
}

class ExpectationReader {
 public:
  ExpectationReader(const Node& node, const std::vector<Figure>& figures, bool of_sweep,
                    Problems& problems)
      : table_(node, "an expectation", expectation_rows(), problems),
        figures_(figures),
        of_sweep_(of_sweep),
        problems_(problems) {}

  Expectation read() {
    table_.refuse_unknown_keys({"at", "where"});
    out_.where_from = table_.node().place.where();
    if (const auto metric = table_.expression("metric")) out_.metric = *metric;
    else table_.value("metric");
    out_.relation = static_cast<Relation>(table_.choice("comparison"));
    out_.value = table_.real("value");
    out_.tolerance = table_.real("tolerance");
    out_.note = table_.text("note");
    out_.over = static_cast<Over>(table_.choice("over"));
    out_.figure = table_.text("figure");
    out_.group = table_.text("group");
    read_moment();
    if (const Node* where = table_.find("where"))
      out_.where = read_conditions(
          *where, "where must be a table of conditions, such as { \"a.b\" = 1 }; this one ",
          problems_);
    if (out_.figure.empty()) check_columns();
    else check_figure();
    if (out_.relation == Relation::within && !(out_.tolerance > 0))
      add(table_.find("comparison"), "within needs a tolerance above 0");
    return std::move(out_);
  }

 private:
  void add(const Node* node, const std::string& message) {
    problems_.add(node->place.where(), message);
  }

  void read_moment() {
    const Node* at = table_.find("at");
    if (at == nullptr) return;
    if (at->kind == NodeKind::integer && at->integer >= 0) {
      out_.at = Moment::given;
      out_.index = at->integer;
      return;
    }
    for (std::size_t i = 0; i < moments().size(); ++i)
      if (at->kind == NodeKind::string && at->text == moments()[i]) {
        out_.at = static_cast<Moment>(i);
        return;
      }
    std::vector<std::string> known;
    for (const char* moment : moments()) known.push_back(toml_string(moment));
    add(at, fmt::format("at must be {} or the number of a round or step, not {}{}",
                        joined(known, ", "), described(*at),
                        at->kind == NodeKind::string
                            ? did_you_mean(at->text, {moments().begin(), moments().end()})
                            : ""));
  }

  void check_columns() {
    if (const Node* group = table_.find("group"))
      add(group, "group names a curve of a figure; say which with figure = \"TITLE\"");
    if (of_sweep_) return;
    for (const char* key : {"where", "over"})
      if (const Node* node = table_.find(key))
        problems_.add(node->key_place.where(),
                      fmt::format("{} chooses among the points of a sweep, and this file has no "
                                  "[sweep]",
                                  key));
  }

  void check_figure() {
    for (const char* key : {"at", "where"})
      if (const Node* node = table_.find(key))
        problems_.add(node->key_place.where(),
                      fmt::format("{} says nothing about a figure's fit; the figure itself "
                                  "chooses what it fits",
                                  key));
    const std::string& metric = out_.metric.text();
    const auto& known = law_numbers();
    if (const Node* node = table_.find("metric");
        node && std::find(known.begin(), known.end(), metric) == known.end())
      add(node, fmt::format("of a figure's fit the metric is {}, not {}{}", joined(known, " or "),
                            toml_string(metric), did_you_mean(metric, known)));
    std::vector<std::string> titles;
    for (const auto& figure : figures_) {
      titles.push_back(figure.title);
      if (figure.title != out_.figure) continue;
      if (figure.fit == FigureFit::none)
        add(table_.find("figure"),
            fmt::format("figure {} has no fit = \"power\"", toml_string(figure.title)));
      return;
    }
    const std::string meant = did_you_mean(out_.figure, titles);
    add(table_.find("figure"),
        fmt::format("no [[figure]] has the title {}{}", toml_string(out_.figure),
                    meant.empty() ? "; " + title_list(figures_) : meant));
  }

  const KeyedTable table_;
  const std::vector<Figure>& figures_;
  const bool of_sweep_;
  Problems& problems_;
  Expectation out_;
};

}  // namespace

const std::vector<onager_parameter>& expectation_rows() {
  static const std::vector<onager_parameter> all{
      required(text_row("metric", "the column that is expected to have a value")),
      required(choice_row("comparison", comparisons(), "one of >=, <=, >, <, == and within")),
      required(real_row("value", 0, -endless, "the number to compare with")),
      real_row("tolerance", 0, 0, "how far beyond the value still counts"),
      text_row("note", "a text shown with it"),
      choice_row("over", reductions(), "how several points are taken together"),
      text_row("figure", "the title of the figure whose fit has the metric"),
      text_row("group", "the figure's curve")};
  return all;
}

std::vector<Expectation> read_expectations(const Node& root, const std::vector<Figure>& figures,
                                           Problems& problems) {
  std::vector<Expectation> out;
  const bool of_sweep = root.find("sweep") != nullptr;
  for_each_table(root, "expect", "metric, comparison and value", problems, [&](const Node& node) {
    out.push_back(ExpectationReader(node, figures, of_sweep, problems).read());
  });
  return out;
}

const char* sign_of(Relation relation) { return comparisons()[static_cast<std::size_t>(relation)]; }

std::string moment_text(const Expectation& expectation) {
  return expectation.at == Moment::given ? std::to_string(expectation.index)
                                         : moments()[static_cast<std::size_t>(expectation.at)];
}

const char* to_string(Over over) { return reductions()[static_cast<std::size_t>(over)]; }

std::string to_toml(const Expectation& expectation) {
  std::string out =
      fmt::format("[[expect]]\nmetric = {}\n", toml_string(expectation.metric.text()));
  if (!expectation.figure.empty())
    out += fmt::format("figure = {}\n", toml_string(expectation.figure));
  if (!expectation.group.empty())
    out += fmt::format("group = {}\n", toml_string(expectation.group));
  if (expectation.over != Over::all)
    out += fmt::format("over = {}\n", toml_string(to_string(expectation.over)));
  if (expectation.figure.empty())
    out += "at = " +
           (expectation.at == Moment::given ? moment_text(expectation)
                                            : toml_string(moment_text(expectation))) +
           "\n";
  out += fmt::format("comparison = \"{}\"\nvalue = {}\ntolerance = {}\n",
                     sign_of(expectation.relation), toml_float(expectation.value),
                     toml_float(expectation.tolerance));
  if (!expectation.note.empty()) out += fmt::format("note = {}\n", toml_string(expectation.note));
  return out;
}

}  // namespace onager::host
