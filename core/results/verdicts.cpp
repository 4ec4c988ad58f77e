// SPDX-License-Identifier: MIT
#include "results/verdicts.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "results/figure_data.hpp"
#include "results/html.hpp"
#include "results/readable.hpp"
#include "results/sweep_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

/// The numbers that an expectation compares, or why there are none.
struct Measured {
  std::vector<double> values;
  std::string problem;
};

Measured problem(std::string text) { return {{}, std::move(text)}; }

double beyond(const Expectation& expected, double value) {
  if (std::isnan(value)) return std::numeric_limits<double>::infinity();
  switch (expected.relation) {
    case Relation::at_least:
    case Relation::above: return expected.value - value;
    case Relation::at_most:
    case Relation::below: return value - expected.value;
    default: return std::fabs(value - expected.value);
  }
}

bool meets(const Expectation& expected, double value) {
  const bool strict = expected.relation == Relation::above || expected.relation == Relation::below;
  const double excess = beyond(expected, value);
  return strict ? excess < expected.tolerance : excess <= expected.tolerance;
}

/// One number for all; where each must be as expected, the one that is so least.
double taken_together(const Expectation& expected, const std::vector<double>& values) {
  const auto nan =
      std::find_if(values.begin(), values.end(), [](double v) { return std::isnan(v); });
  if (nan != values.end()) return *nan;
  const auto by_size = std::minmax_element(values.begin(), values.end());
  switch (expected.over) {
    case Over::min: return *by_size.first;
    case Over::max: return *by_size.second;
    case Over::mean: {
      double sum = 0;
      for (const double value : values) sum += value;
      return sum / static_cast<double>(values.size());
    }
    default:
      return *std::max_element(values.begin(), values.end(), [&](double a, double b) {
        return beyond(expected, a) < beyond(expected, b);
      });
  }
}

std::string wanted(const Expectation& expected) {
  if (expected.tolerance == 0)
    return fmt::format("{} {}", sign_of(expected.relation), number(expected.value));
  if (expected.relation == Relation::within || expected.relation == Relation::equal)
    return fmt::format("= {} ± {}", number(expected.value), number(expected.tolerance));
  return fmt::format("{} {} (tolerance {})", sign_of(expected.relation), number(expected.value),
                     number(expected.tolerance));
}

std::string moment_words(const Expectation& expected) {
  const std::string& metric = expected.metric.text();
  switch (expected.at) {
    case Moment::first: return "first " + metric;
    case Moment::max: return "largest " + metric;
    case Moment::min: return "least " + metric;
    case Moment::given: return metric + " at " + moment_text(expected);
    default: return "last " + metric;
  }
}

std::string statement(const Expectation& expected, bool of_sweep) {
  std::string out;
  if (!expected.figure.empty()) {
    out = fmt::format("{} of '{}'{}", expected.metric.text(), expected.figure,
                      expected.group.empty() ? "" : ", " + expected.group);
  } else if (!of_sweep) {
    out = moment_words(expected);
  } else {
    const std::string over = to_string(expected.over);
    out = (expected.over == Over::all ? "each " : over + " of ") +
          (expected.at == Moment::last ? expected.metric.text() : moment_words(expected));
    if (!expected.where.empty()) out += " where " + to_text(expected.where);
  }
  return out + " " + wanted(expected);
}

Verdict verdict(const Expectation& expected, bool of_sweep, const Measured& measured) {
  Verdict out;
  out.statement = statement(expected, of_sweep);
  out.note = expected.note;
  out.message = measured.problem;
  if (!out.message.empty()) return out;
  out.measured = taken_together(expected, measured.values);
  out.outcome = meets(expected, out.measured) ? Outcome::met : Outcome::missed;
  return out;
}

std::string unknown_column(const std::string& name, const std::vector<std::string>& columns,
                           const char* file) {
  const std::string meant = did_you_mean(name, columns);
  return fmt::format("'{}' is no column of {}{}", name, file,
                     meant.empty() ? "; it has " + joined(columns) : meant);
}

/// An expectation's metric at its moment of one run.
Measured measured_in(const Expectation& expected, const Metrics& metrics) {
  if (metrics.empty()) return problem("no round was finished");
  const auto columns = metrics.columns();
  for (const auto& name : expected.metric.columns())
    if (std::find(columns.begin(), columns.end(), name) == columns.end())
      return problem(unknown_column(name, columns, "metrics.csv"));
  const auto rounds = metrics.rounds();
  const auto at = [&](std::int64_t round) {
    return expected.metric
        .value([&](const std::string& name) { return std::optional(metrics.at(round, name)); })
        .value_or(std::nan(""));
  };
  switch (expected.at) {
    case Moment::last: return {{at(rounds.back())}, ""};
    case Moment::first: return {{at(rounds.front())}, ""};
    case Moment::given:
      if (!metrics.has(expected.index))
        return problem(fmt::format("metrics.csv has no row {}; it has {} to {}", expected.index,
                                   rounds.front(), rounds.back()));
      return {{at(expected.index)}, ""};
    default: break;
  }
  double best = std::nan("");
  for (const auto round : rounds) {
    const double value = at(round);
    const bool better = expected.at == Moment::max ? value > best : value < best;
    if (better || std::isnan(best)) best = value;
  }
  return {{best}, ""};
}

Measured measured_in(const Expectation& expected, const std::vector<FigureData>& figures) {
  const auto data = std::find_if(figures.begin(), figures.end(), [&](const FigureData& one) {
    return one.figure.title == expected.figure;
  });
  if (data == figures.end()) return problem("the figure was not drawn");
  Measured out;
  std::vector<std::string> names;
  for (const auto& panel : data->panels)
    for (const auto& curve : panel.curves) {
      names.push_back(curve.name);
      if (!expected.group.empty() && expected.group != curve.name && expected.group != curve.group)
        continue;
      if (!curve.law)
        return problem(
            fmt::format("no power law is fitted{}", curve.name.empty() ? "" : " to " + curve.name));
      const std::string& which = expected.metric.text();
      out.values.push_back(which == "exponent"         ? curve.law->exponent
                           : which == "standard_error" ? curve.law->standard_error
                                                       : curve.law->factor);
    }
  if (!out.values.empty()) return out;
  if (!data->problems.empty()) return problem(data->problems.front());
  if (names.empty()) return problem("the figure has no curve");
  const std::string meant = did_you_mean(expected.group, names);
  return problem(fmt::format("the figure has no curve '{}'{}", expected.group,
                             meant.empty() ? "; it has " + joined(names) : meant));
}

/// Takes an expectation's metric from the rows of a sweep's table.
class SweepMeasure {
 public:
  SweepMeasure(const Expectation& expected, const Table& table,
               const std::vector<PointRecord>& points)
      : expected_(expected), table_(table), points_(points) {}

  Measured measure() {
    std::vector<std::string> names;
    for (const auto& condition : expected_.where) names.push_back(condition.column);
    if (expected_.at == Moment::last)
      for (const auto& name : expected_.metric.columns()) names.push_back(name);
    const auto is_finished = [](const PointRecord& point) { return point.status == "finished"; };
    if (std::none_of(points_.begin(), points_.end(), is_finished))
      return problem("no point is finished");
    for (const auto& name : names)
      if (!table_.has(name)) return problem(unknown_column(name, table_.columns, "sweep.csv"));
    std::size_t chosen = 0, unfinished = 0;
    Measured out;
    for (std::size_t row = 0; row < table_.rows.size(); ++row) {
      if (!is_chosen(row)) continue;
      ++chosen;
      if (points_[row].status != "finished") {
        ++unfinished;
        continue;
      }
      const Measured one = expected_.at == Moment::last ? last(row) : of_run(row);
      if (!one.problem.empty()) return problem(points_[row].name + ": " + one.problem);
      out.values.push_back(one.values.front());
    }
    if (chosen == 0) return problem("no point has " + to_text(expected_.where));
    if (unfinished > 0)
      return problem(fmt::format("{} of {} points {} not finished", unfinished, chosen,
                                 unfinished == 1 ? "is" : "are"));
    return out;
  }

 private:
  const std::string& cell(std::size_t row, const std::string& column) const {
    return table_.rows[row][table_.find(column)];
  }

  bool is_chosen(std::size_t row) const {
    return std::all_of(
        expected_.where.begin(), expected_.where.end(),
        [&](const Condition& condition) { return condition.holds(cell(row, condition.column)); });
  }

  Measured last(std::size_t row) const {
    for (const auto& name : expected_.metric.columns())
      if (!number_of(cell(row, name)))
        return problem(fmt::format(
            "{} is {}", name, cell(row, name).empty() ? "empty" : "no number: " + cell(row, name)));
    const auto value =
        expected_.metric.value([&](const std::string& name) { return number_of(cell(row, name)); });
    return {{value.value_or(std::nan(""))}, ""};
  }

  Measured of_run(std::size_t row) const {
    const auto file = points_[row].folder / "metrics.csv";
    return measured_in(expected_, Metrics::from_csv(read_file(file), file.string()));
  }

  const Expectation& expected_;
  const Table& table_;
  const std::vector<PointRecord>& points_;
};

std::string outcome_html(Outcome outcome) {
  return outcome == Outcome::met ? "met" : fmt::format("<b>{}</b>", to_string(outcome));
}

}  // namespace

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::met: return "met";
    case Outcome::missed: return "missed";
    default: return "unknown";
  }
}

std::vector<Verdict> judge(const std::vector<Expectation>& expectations, const Metrics& metrics,
                           const std::vector<FigureData>& figures) {
  std::vector<Verdict> out;
  for (const auto& expected : expectations)
    out.push_back(verdict(
        expected, false,
        expected.figure.empty() ? measured_in(expected, metrics) : measured_in(expected, figures)));
  return out;
}

std::vector<Verdict> judge(const std::vector<Expectation>& expectations, const Table& table,
                           const std::vector<PointRecord>& points,
                           const std::vector<FigureData>& figures) {
  std::vector<Verdict> out;
  for (const auto& expected : expectations)
    out.push_back(verdict(expected, true,
                          expected.figure.empty() ? SweepMeasure(expected, table, points).measure()
                                                  : measured_in(expected, figures)));
  return out;
}

bool all_met(const std::vector<Verdict>& verdicts) {
  return std::all_of(verdicts.begin(), verdicts.end(),
                     [](const Verdict& verdict) { return verdict.outcome == Outcome::met; });
}

bool any_unknown(const std::vector<Verdict>& verdicts) {
  return std::any_of(verdicts.begin(), verdicts.end(),
                     [](const Verdict& verdict) { return verdict.outcome == Outcome::unknown; });
}

std::string verdicts_text(const std::vector<Verdict>& verdicts) {
  if (verdicts.empty()) return "";
  const auto met = std::count_if(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) {
    return verdict.outcome == Outcome::met;
  });
  std::string out = fmt::format("{} of {} expectation{} met\n", met, verdicts.size(),
                                verdicts.size() == 1 ? "" : "s");
  for (const auto& verdict : verdicts)
    out +=
        fmt::format("  {:<7}  {}: {}{}\n", to_string(verdict.outcome), verdict.statement,
                    verdict.outcome == Outcome::unknown ? verdict.message
                                                        : fmt::format("{:.6g}", verdict.measured),
                    verdict.note.empty() ? "" : "  (" + verdict.note + ")");
  return out;
}

std::string verdicts_html(const std::vector<Verdict>& verdicts) {
  if (verdicts.empty()) return "";
  std::vector<std::vector<std::string>> rows = {{"expected", "measured", "", ""}};
  for (const auto& verdict : verdicts)
    rows.push_back({escaped(verdict.statement),
                    verdict.outcome == Outcome::unknown ? escaped(verdict.message)
                                                        : readable(verdict.measured),
                    outcome_html(verdict.outcome), escaped(verdict.note)});
  return "<h2>Expectations</h2>\n" + html_table(rows, Cells::facts);
}

}  // namespace onager::host
