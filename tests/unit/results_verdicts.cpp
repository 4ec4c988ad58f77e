// SPDX-License-Identifier: MIT
#include "results/verdicts.hpp"

#include "../catch.hpp"
#include "fake_run.hpp"
#include "results/figure_data.hpp"
#include "results/sweep_record.hpp"
#include "results/verdicts_json.hpp"

#include <fmt/format.h>

#include <cmath>

using namespace onager::host;
using namespace onager::host::tests;

namespace {

Expectation expected(const std::string& metric, Relation relation, double value,
                     double tolerance = 0) {
  Expectation out;
  out.metric = Expression::parse(metric);
  out.relation = relation;
  out.value = value;
  out.tolerance = tolerance;
  return out;
}

/// Of FakeRun's metrics: test_accuracy is 0, 0.4, 1 and test_mse 0.5, 0.25, 1/6.
Verdict of_run(const Expectation& one) { return judge({one}, FakeRun().metrics, {}).at(0); }

Expectation at(Expectation out, Moment moment, std::int64_t index = 0) {
  out.at = moment;
  out.index = index;
  return out;
}

Condition equals(const std::string& column, const std::string& value) {
  Condition out;
  out.column = column;
  out.values = {value};
  return out;
}

/// Four finished points: n = 10, 10, 20, 20 with error 1/n, one percent more for seed 1.
struct FakeSweep {
  TemporaryFolder folder;
  std::vector<PointRecord> points;

  FakeSweep() {
    for (const int n : {10, 20})
      for (const int seed : {0, 1}) {
        PointRecord point;
        point.name = fmt::format("{}-{}", n, seed);
        point.folder = folder.path() / point.name;
        FakeRun run;
        run.metrics = Metrics();
        for (std::int64_t round = 0; round < 3; ++round)
          run.metrics.set(round, "error", (1 + 0.01 * seed) / n * static_cast<double>(3 - round));
        run.write(point.folder);
        read_point(point.folder, point);
        point.cells = {{"data.n", std::to_string(n)}, {"seed", std::to_string(seed)}};
        points.push_back(std::move(point));
      }
  }

  Verdict judged(const Expectation& one, const std::vector<FigureData>& figures = {}) const {
    return judge({one}, sweep_table(points), points, figures).at(0);
  }
};

}  // namespace

TEST_CASE("an expectation of a run is met or missed by the last round") {
  const Verdict met = of_run(expected("test_accuracy", Relation::at_least, 0.99));
  CHECK(met.outcome == Outcome::met);
  CHECK(met.measured == 1);
  CHECK(met.statement == "last test_accuracy >= 0.99");
  const Verdict missed = of_run(expected("test_mse", Relation::at_most, 0.1));
  CHECK(missed.outcome == Outcome::missed);
  CHECK(missed.measured == Approx(1.0 / 6));
}

TEST_CASE("each comparison, with its tolerance") {
  const auto outcome = [](Relation relation, double value, double tolerance) {
    return of_run(at(expected("test_mse", relation, value, tolerance), Moment::first)).outcome ==
           Outcome::met;
  };
  // measured: 0.5
  CHECK(outcome(Relation::at_least, 0.5, 0));
  CHECK_FALSE(outcome(Relation::above, 0.5, 0));
  CHECK(outcome(Relation::above, 0.5, 0.1));
  CHECK(outcome(Relation::at_most, 0.5, 0));
  CHECK_FALSE(outcome(Relation::below, 0.5, 0));
  CHECK(outcome(Relation::at_least, 0.75, 0.25));
  CHECK_FALSE(outcome(Relation::at_least, 0.76, 0.25));
  CHECK(outcome(Relation::at_most, 0.25, 0.25));
  CHECK_FALSE(outcome(Relation::at_most, 0.24, 0.25));
  CHECK(outcome(Relation::equal, 0.5, 0));
  CHECK_FALSE(outcome(Relation::equal, 0.51, 0));
  CHECK(outcome(Relation::within, 0.75, 0.25));
  CHECK_FALSE(outcome(Relation::within, 0.2, 0.25));
}

TEST_CASE("the first, largest or least value of all rounds, or that of one") {
  const auto error = expected("test_mse", Relation::at_least, 0);
  CHECK(of_run(at(error, Moment::first)).measured == 0.5);
  CHECK(of_run(at(error, Moment::max)).measured == 0.5);
  CHECK(of_run(at(error, Moment::min)).measured == Approx(1.0 / 6));
  const Verdict second = of_run(at(error, Moment::given, 1));
  CHECK(second.measured == 0.25);
  CHECK(second.statement == "test_mse at 1 >= 0");
  const Verdict none = of_run(at(error, Moment::given, 7));
  CHECK(none.outcome == Outcome::unknown);
  CHECK(none.message == "metrics.csv has no row 7; it has 0 to 2");
}

TEST_CASE("a metric may be computed from several columns of the same round") {
  const Verdict ratio =
      of_run(at(expected("test_mse / train_mse", Relation::within, 125, 1), Moment::min));
  CHECK(ratio.measured == Approx(1 / 6.0 / 3e-3));
  CHECK(ratio.outcome == Outcome::missed);
  CHECK(ratio.statement == "least test_mse / train_mse = 125 ± 1");
}

TEST_CASE("an unknown metric names the nearest column") {
  const Verdict verdict = of_run(expected("test_acuracy", Relation::at_least, 1));
  CHECK(verdict.outcome == Outcome::unknown);
  CHECK(verdict.message ==
        "'test_acuracy' is no column of metrics.csv; did you mean "
        "'test_accuracy'?");
  const FakeSweep sweep;
  CHECK(sweep.judged(expected("eror", Relation::at_least, 1)).message ==
        "'eror' is no column of sweep.csv; did you mean 'error'?");
  CHECK_THAT(sweep.judged(at(expected("seed", Relation::at_least, 1), Moment::max)).message,
             ContainsSubstring("10-0: 'seed' is no column of metrics.csv"));
}

TEST_CASE("what is not a number meets nothing") {
  Metrics metrics;
  metrics.set(0, "loss", 1);
  metrics.set(1, "loss", std::nan(""));
  for (const auto relation : {Relation::at_least, Relation::at_most, Relation::within}) {
    const auto verdicts = judge({expected("loss", relation, 1, 10)}, metrics, {});
    CHECK(verdicts[0].outcome == Outcome::missed);
    CHECK(std::isnan(verdicts[0].measured));
  }
  CHECK(judge({at(expected("loss", Relation::at_most, 1), Moment::max)}, metrics, {})[0].measured ==
        1);
}

TEST_CASE("of a sweep each point must be as expected, or their mean, least or largest") {
  const FakeSweep sweep;
  Expectation error = expected("error", Relation::at_most, 0.05);
  const Verdict each = sweep.judged(error);
  CHECK(each.statement == "each error <= 0.05");
  CHECK(each.outcome == Outcome::missed);
  CHECK(each.measured == Approx(0.101));  // the worst
  error.over = Over::min;
  CHECK(sweep.judged(error).outcome == Outcome::met);
  error.over = Over::max;
  CHECK(sweep.judged(error).measured == Approx(0.101));
  error.over = Over::mean;
  error.where = {equals("data.n", "20")};
  const Verdict mean = sweep.judged(error);
  CHECK(mean.statement == "mean of error where data.n = 20 <= 0.05");
  CHECK(mean.measured == Approx(0.05025));
  error.tolerance = 0.001;
  CHECK(sweep.judged(error).outcome == Outcome::met);
}

TEST_CASE("of a sweep other rounds than the last are read from the points") {
  const FakeSweep sweep;
  Expectation error = at(expected("error", Relation::at_most, 0.2), Moment::max);
  error.where = {equals("data.n", "20")};
  const Verdict verdict = sweep.judged(error);
  CHECK(verdict.statement == "each largest error where data.n = 20 <= 0.2");
  CHECK(verdict.measured == Approx(0.1515));
  CHECK(verdict.outcome == Outcome::met);
}

TEST_CASE("an expectation on points that are missing or not finished is not judged") {
  FakeSweep sweep;
  Expectation error = expected("error", Relation::at_most, 1);
  error.where = {equals("data.n", "30")};
  CHECK(sweep.judged(error).message == "no point has data.n = 30");
  error.where = {};
  sweep.points[1].status = "failed";
  CHECK(sweep.judged(error).message == "1 of 4 points is not finished");
  CHECK(sweep.judged(error).outcome == Outcome::unknown);
  error.where = {equals("status", "finished")};
  CHECK(sweep.judged(error).outcome == Outcome::met);
}

TEST_CASE("the exponent of a figure's fit can be expected") {
  const FakeSweep sweep;
  Figure figure;
  figure.title = "Decay";
  figure.x = Expression::parse("data.n");
  figure.y = {Expression::parse("error")};
  figure.group = {"seed"};
  figure.fit = FigureFit::power;
  const Table table = sweep_table(sweep.points);
  const std::vector<FigureData> drawn{figure_data(figure, table, table.columns, {})};
  Expectation exponent = expected("exponent", Relation::within, -1, 1e-9);
  exponent.figure = "Decay";
  const Verdict both = sweep.judged(exponent, drawn);
  CHECK(both.statement == "exponent of 'Decay' = -1 ± 1e-09");
  CHECK(both.outcome == Outcome::met);
  Expectation factor = expected("factor", Relation::at_most, 1);
  factor.figure = "Decay";
  CHECK(sweep.judged(factor, drawn).measured == Approx(1.01));
  factor.group = "0";
  CHECK(sweep.judged(factor, drawn).measured == Approx(1));
  factor.group = "2";
  CHECK(sweep.judged(factor, drawn).message ==
        "the figure has no curve '2'; it has seed 0 and seed 1");
}

TEST_CASE("verdicts are shown and kept in summary.json") {
  Expectation noted = expected("test_mse", Relation::at_most, 0.1);
  noted.note = "table <2> of the paper";
  const auto verdicts = judge(
      {expected("test_accuracy", Relation::equal, 1), noted, expected("x", Relation::above, 0)},
      FakeRun().metrics, {});
  CHECK_THAT(verdicts_text(verdicts),
             ContainsSubstring("1 of 3 expectations met\n") &&
                 ContainsSubstring("  met      last test_accuracy == 1: 1\n") &&
                 ContainsSubstring("  missed   last test_mse <= 0.1: 0.1666") &&
                 ContainsSubstring("(table <2> of the paper)\n") &&
                 ContainsSubstring("  unknown  last x > 0: 'x' is no column"));
  CHECK_FALSE(all_met(verdicts));
  CHECK(any_unknown(verdicts));
  CHECK(verdicts_text({}) == "");

  FakeRun run;
  run.summary.expectations = verdicts;
  const Summary again = summary_from_json(to_json(run.summary, run.metrics), "summary.json");
  REQUIRE(again.expectations.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(again.expectations[i].statement == verdicts[i].statement);
    CHECK(again.expectations[i].outcome == verdicts[i].outcome);
    CHECK(again.expectations[i].note == verdicts[i].note);
    CHECK(again.expectations[i].message == verdicts[i].message);
  }
  CHECK(again.expectations[1].measured == verdicts[1].measured);
  CHECK(std::isnan(again.expectations[2].measured));
  CHECK_THAT(verdicts_html(verdicts), ContainsSubstring("table &lt;2&gt; of the paper"));
}
