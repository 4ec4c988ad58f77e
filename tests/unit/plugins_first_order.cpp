// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "../linear_problem.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <set>

using namespace onager;
using test::LinearProblem;
using test::Minimiser;
using Parameters = std::vector<std::pair<std::string, std::string>>;

namespace {

/// rows x cols numbers that look random and need no generator
arma::mat numbers(arma::uword rows, arma::uword cols, double phase) {
  arma::mat out(rows, cols);
  for (arma::uword j = 0; j < cols; ++j)
    for (arma::uword i = 0; i < rows; ++i)
      out(i, j) = std::sin(phase + 12.9898 * static_cast<double>(i + 1) +
                           78.233 * static_cast<double>(j + 1) * static_cast<double>(i + 2));
  return out;
}

/// Columns from rows.
arma::mat columns(const nlohmann::json& rows) {
  arma::mat out(rows.at(0).size(), rows.size());
  for (arma::uword i = 0; i < out.n_cols; ++i)
    for (arma::uword j = 0; j < out.n_rows; ++j) out(j, i) = rows.at(i).at(j).get<double>();
  return out;
}

Parameters parameters(const nlohmann::json& object) {
  Parameters out;
  for (const auto& [name, value] : object.items()) out.emplace_back(name, value.dump());
  return out;
}

/// Labels that no line parts, so that the losses of classes have a minimum.
arma::mat labels(const std::string& loss, arma::uword n) {
  const bool classes = loss == "cross_entropy";
  arma::mat out(classes ? 3 : 2, n, arma::fill::zeros);
  for (arma::uword i = 0; i < n; ++i) {
    if (classes) out((i * i + i / 3) % 3, i) = 1;
    else out.col(i) = arma::vec{i * i % 7 < 4 ? 1.0 : 0.0, i * i % 5 < 3 ? 1.0 : 0.0};
  }
  return out;
}

/// The minimum of the loss by Newton's method, from 0.
arma::mat minimum(const LinearProblem<double>& problem) {
  arma::mat w(static_cast<arma::uword>(problem.parameters()), 1, arma::fill::zeros);
  for (int i = 0; i < 30; ++i) w -= arma::pinv(problem.hessian(w)) * problem.gradient(w);
  return w;
}

const std::vector<std::string> losses{"mse", "half_mse", "half_sse", "logistic", "cross_entropy"};

std::string refusal(const std::string& id, const Parameters& given) {
  return plugin_test::error_of([&] { const test::Made made("optimizer", id, given); });
}

}  // namespace

// The same operations in another order: some rounding errors of each of 10 steps.
TEST_CASE("trajectories agree with PyTorch's") {
  std::ifstream file(std::string(ONAGER_TEST_DATA) + "/optimizers/trajectories.json");
  const auto data = nlohmann::json::parse(file);
  const arma::mat x = columns(data.at("inputs")),
                  start = arma::vectorise(columns(data.at("start")));
  std::set<std::string> seen;
  for (const auto& run : data.at("runs")) {
    const std::string id = run.at("optimizer"), loss = run.at("loss");
    CAPTURE(id, loss, run.at("parameters").dump());
    seen.insert(id);
    const LinearProblem<double> problem(loss, x, columns(data.at("targets").at(loss)));
    Parameters given = parameters(run.at("parameters"));
    given.emplace_back("steps", "10");
    Minimiser<double> minimiser(problem, id, given);
    CHECK(minimiser.begin() == 10);
    arma::mat w = start;
    for (std::int64_t index = 0; index < 10; ++index) {
      minimiser.step(index, w);
      const auto after = run.at("after").find(std::to_string(index + 1));
      if (after == run.at("after").end()) continue;
      const arma::vec expected(after->get<std::vector<double>>());
      CAPTURE(index);
      CHECK(test::relative_error(w, expected) < 1e-12);
    }
  }
  CHECK(seen.size() == 9);
}

// w_t - w* = (I - eta H)^t (w_0 - w*)
TEST_CASE("gradient descent on a quadratic follows its closed form") {
  const LinearProblem<double> problem("half_sse", numbers(3, 8, 0.1), numbers(2, 8, 0.2));
  const arma::mat best = minimum(problem), start = numbers(6, 1, 0.3);
  const arma::mat h = problem.hessian(start);
  const double eta = 1.7 / arma::eig_sym(h).max();
  arma::vec values;
  arma::mat vectors;
  arma::eig_sym(values, vectors, h);
  const arma::mat expected = best + vectors * arma::diagmat(arma::pow(1 - eta * values, 25)) *
                                        vectors.t() * (start - best);
  Minimiser<double> minimiser(problem, "gd", {{"learning_rate", "1.7/lambda"}, {"steps", "25"}});
  minimiser.begin();
  CHECK(test::relative_error(minimiser.run(0, 25, start), expected) < 1e-12);
}

// Near the minimum the direction of the largest curvature shrinks or grows by |1 - eta lambda| a
// step. The loss is quadratic there up to the distance, 1e-4, times its third derivative.
TEST_CASE("2/lambda is the critical rate of every loss") {
  for (const auto& loss : losses) {
    CAPTURE(loss);
    const LinearProblem<double> problem(loss, numbers(2, 41, 0.4), labels(loss, 41));
    const arma::mat best = minimum(problem);
    REQUIRE(arma::norm(problem.gradient(best)) < 1e-12);
    arma::vec values;
    arma::mat vectors;
    arma::eig_sym(values, vectors, problem.hessian(best));
    const arma::mat start = best + 1e-4 * vectors.tail_cols(1);
    for (const auto& [rate, factor] : {std::pair{"1.9/lambda", 0.9}, {"2.1/lambda", 1.1}}) {
      CAPTURE(rate);
      Minimiser<double> minimiser(problem, "gd", {{"learning_rate", rate}, {"steps", "20"}});
      minimiser.begin();
      const arma::mat end = minimiser.run(0, 20, start);
      const double ratio = arma::norm(end - best) / arma::norm(start - best);
      CHECK(std::pow(ratio, 1.0 / 20) == Approx(factor).epsilon(1e-3));
      CHECK((problem.loss(end) < problem.loss(start)) == (factor < 1));
    }
  }
}

// A root of the recursion's characteristic polynomial passes -1 there: mu = 0.9, eta lambda = 2 (1
// + mu) for the heavy ball and 2 (1 + mu)/(1 + 2 mu) for Nesterov's.
TEST_CASE("momentum moves the critical rate to where its documentation says") {
  const LinearProblem<double> problem("half_mse", numbers(2, 9, 2.4), numbers(1, 9, 2.5));
  const arma::mat best = minimum(problem);
  arma::vec values;
  arma::mat vectors;
  arma::eig_sym(values, vectors, problem.hessian(best));
  const arma::mat start = best + vectors.tail_cols(1);
  for (const auto& [id, critical] : {std::pair{"momentum", "3.8"}, {"nesterov", "3.8/2.8"}})
    for (const auto& [share, converges] : {std::pair{"0.95", true}, {"1.05", false}}) {
      CAPTURE(id, share);
      Minimiser<double> minimiser(
          problem, id,
          {{"learning_rate", std::string(share) + "*" + critical + "/lambda"}, {"steps", "600"}});
      minimiser.begin();
      const double distance = arma::norm(minimiser.run(0, 600, start) - best);
      CHECK((converges ? distance < 1e-3 : distance > 1e3));
    }
}

TEST_CASE("the square losses reach the same point at the same multiple of the critical rate") {
  const arma::mat x = numbers(3, 9, 0.5), y = numbers(2, 9, 0.6), start = numbers(6, 1, 0.7);
  std::vector<arma::mat> ends;
  for (const std::string loss : {"mse", "half_mse", "half_sse"}) {
    const LinearProblem<double> problem(loss, x, y);
    Minimiser<double> minimiser(problem, "gd", {{"learning_rate", "1.5/lambda"}, {"steps", "12"}});
    minimiser.begin();
    ends.push_back(minimiser.run(0, 12, start));
  }
  CHECK(test::relative_error(ends[1], ends[0]) < 1e-12);
  CHECK(test::relative_error(ends[2], ends[0]) < 1e-12);
}

TEST_CASE("stages take effect at their steps, with lambda of that moment") {
  LinearProblem<double> problem("logistic", numbers(2, 20, 0.8), labels("logistic", 20));
  Minimiser<double> minimiser(
      problem, "gd",
      {{"learning_rate", "0.5/lambda"}, {"schedule", "3: 0.25|5: 1.8 / lambda"}, {"steps", "8"}});
  CHECK(minimiser.begin() == 8);
  arma::mat w = 4 * numbers(4, 1, 0.9);
  double lambda = 0;
  for (std::int64_t index = 0; index < 8; ++index) {
    if (index == 0 || index == 5) lambda = problem.lambda_at(w);
    const double before = problem.loss(w);
    const auto done = minimiser.step(index, w);
    CAPTURE(index);
    CHECK(done.learning_rate == (index < 3 ? 0.5 / lambda : index < 5 ? 0.25 : 1.8 / lambda));
    CHECK(done.loss == before);
    CHECK(done.samples == nullptr);
    CHECK(done.batch == 20);
  }
  CHECK(problem.lambda_calls == 2);
  CHECK(minimiser.warnings().empty());
}

TEST_CASE("an epoch takes every sample once, in an order that is drawn anew") {
  const LinearProblem<double> problem("mse", numbers(2, 23, 1.0), numbers(1, 23, 1.1));
  Minimiser<double> minimiser(problem, "sgd",
                              {{"learning_rate", "0.01"}, {"batch_size", "5"}, {"epochs", "3"}});
  REQUIRE(minimiser.begin() == 15);
  arma::mat w = numbers(2, 1, 1.2);
  std::vector<std::vector<std::int64_t>> epochs(3);
  for (std::int64_t index = 0; index < 15; ++index) {
    const auto done = minimiser.step(index, w);
    CHECK(done.batch == (index % 5 == 4 ? 3 : 5));
    auto& epoch = epochs[static_cast<std::size_t>(index / 5)];
    epoch.insert(epoch.end(), done.samples, done.samples + done.batch);
  }
  for (const auto& epoch : epochs) {
    CHECK(std::set<std::int64_t>(epoch.begin(), epoch.end()).size() == 23);
    CHECK_FALSE(std::is_sorted(epoch.begin(), epoch.end()));
  }
  CHECK(epochs[0] != epochs[1]);
  CHECK(epochs[1] != epochs[2]);
}

TEST_CASE(
    "a step sees the loss and gradient of its batch, with the constant of that many samples") {
  const arma::mat x = numbers(2, 23, 1.3), y = numbers(1, 23, 1.4);
  const LinearProblem<double> problem("mse", x, y);
  Minimiser<double> minimiser(problem, "sgd",
                              {{"learning_rate", "0.5"}, {"batch_size", "4"}, {"steps", "2"}});
  CHECK(minimiser.begin() == 2);
  const arma::mat start = numbers(2, 1, 1.5);
  arma::mat w = start;
  const auto done = minimiser.step(0, w);
  REQUIRE(done.batch == 4);
  arma::uvec batch(4);
  for (arma::uword i = 0; i < 4; ++i) batch(i) = static_cast<arma::uword>(done.samples[i]);
  const LinearProblem<double> of_batch("mse", x.cols(batch), y.cols(batch));
  CHECK(done.loss == Approx(of_batch.loss(start)).epsilon(1e-14));
  CHECK(test::relative_error(w, start - 0.5 * of_batch.gradient(start)) < 1e-14);
}

TEST_CASE("a batch size of 0, of all samples or more takes all of them") {
  const LinearProblem<double> problem("mse", numbers(2, 23, 1.6), numbers(1, 23, 1.7));
  for (const std::string size : {"0", "23", "1000"}) {
    Minimiser<double> minimiser(problem, "sgd",
                                {{"learning_rate", "0.5"}, {"batch_size", size}, {"epochs", "7"}});
    CAPTURE(size);
    CHECK(minimiser.begin() == 7);
    arma::mat w = numbers(2, 1, 1.8);
    const auto done = minimiser.step(0, w);
    CHECK(done.samples == nullptr);
    CHECK(done.batch == 23);
  }
}

TEST_CASE("a run that diverges goes on without a remark") {
  const LinearProblem<double> problem("mse", numbers(2, 9, 1.9), numbers(1, 9, 2.0));
  for (const std::string id : {"gd", "sgd", "momentum", "nesterov", "adam"}) {
    CAPTURE(id);
    Minimiser<double> minimiser(problem, id, {{"learning_rate", "1e200"}, {"steps", "20"}});
    minimiser.begin();
    arma::mat w = numbers(2, 1, 2.1);
    double last = 0;
    for (std::int64_t index = 0; index < 20; ++index) last = minimiser.step(index, w).loss;
    CHECK_FALSE(last < 1e100);
    CHECK(minimiser.warnings().empty());
  }
}

TEST_CASE("steps and epochs exclude each other, and one of them is given") {
  for (const std::string id : {"gd", "sgd", "adam"}) {
    CHECK_THAT(refusal(id, {{"steps", "10"}, {"epochs", "3"}}),
               ContainsSubstring("steps = 10 and epochs = 3 both say how long to go on; leave one "
                                 "of them out"));
    CHECK_THAT(refusal(id, {}), ContainsSubstring("give steps or epochs"));
    CHECK(refusal(id, {{"epochs", "3"}}) == "no error");
  }
}

TEST_CASE("what is wrong with a rate or schedule is a refusal of the optimizer's parameters") {
  const std::string said =
      refusal("sgd", {{"steps", "10"}, {"schedule", "100: 0.5|200: 1.8/lamda"}});
  CHECK_THAT(said, ContainsSubstring("schedule, entry 2, column 10 of \"200: 1.8/lamda\""));
  CHECK(said.substr(0, 3) == "2: ");
}

TEST_CASE("state of another model is refused") {
  const LinearProblem<double> small("mse", numbers(2, 9, 2.2), numbers(1, 9, 2.3)),
      large("mse", numbers(3, 9, 2.2), numbers(1, 9, 2.3));
  const Parameters given{{"learning_rate", "0.1"}, {"steps", "2"}};
  Minimiser<double> first(small, "momentum", given), second(large, "momentum", given);
  first.begin();
  second.restore(first.state());
  CHECK_THAT(plugin_test::error_of([&] { second.begin(); }),
             ContainsSubstring("the state is of 2 parameters, the model has 3"));
}
