// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "network_support.hpp"

#include "base/error.hpp"
#include "linalg/arrays.hpp"

using namespace network_test;

namespace {

arma::mat direction(arma::uword p, double phase) {
  arma::mat u(1, p);
  for (arma::uword i = 0; i < p; ++i) u(i) = std::sin(phase + 1.3 * static_cast<double>(i));
  return u;
}

/// (p) x (n c): the gradients of every output, from vjps of single samples.
arma::mat jacobian(const Network<double>& network, const arma::mat& w, const arma::mat& x) {
  arma::mat out(w.n_elem, x.n_cols * outputs);
  for (arma::uword i = 0; i < x.n_cols; ++i)
    for (arma::uword l = 0; l < outputs; ++l) {
      arma::mat f(outputs, 1), v(outputs, 1, arma::fill::zeros), g(1, w.n_elem);
      v(l) = 1;
      auto fv = as_array(f), gv = as_array(g);
      network.functions().vjp(as_array(w), as_array(x, static_cast<std::int64_t>(i), 1), fv,
                              nullptr, nullptr, as_array(v), &gv, nullptr);
      out.col(i * outputs + l) = g.t();
    }
  return out;
}

/// The training inputs that the fixture's dataset gives.
arma::mat inputs() {
  arma::mat x(features, samples), y(outputs, samples);
  Waves().fill(onager::Split::train, 0, Matrix<double>(x.memptr(), samples, features),
               Matrix<double>(y.memptr(), samples, outputs));
  return x;
}

}  // namespace

TEST_CASE("a model without own derivatives gets them by differences") {
  Trial<double> trial(plan_of());
  const auto& network = trial.machine.network();
  const arma::mat w = trial.machine.parameters(), x = inputs();
  const arma::uword p = w.n_elem;
  const arma::mat j = jacobian(network, w, x), u = direction(p, 0.4);
  CHECK_FALSE(network.functions().exact_tangent());

  arma::mat along(outputs, samples);
  auto view = as_array(along);
  const auto wv = as_array(w), uv = as_array(u), xv = as_array(x);
  network.functions().jvp(wv, xv, &uv, nullptr, view);
  CHECK(arma::approx_equal(arma::vectorise(along), j.t() * u.t(), "absdiff", 1e-8));

  // the second derivative along u is u' H u, and H u comes from the vjp
  arma::mat second(outputs, samples), hu(1, p), v(outputs, samples, arma::fill::zeros);
  v(1, 3) = 1;
  auto second_view = as_array(second), hu_view = as_array(hu);
  network.functions().second(wv, xv, &uv, nullptr, second_view);
  network.functions().hvp(wv, xv, as_array(v), &uv, nullptr, &hu_view, nullptr);
  CHECK(second(1, 3) == Approx(arma::dot(hu, u)).epsilon(1e-5));

  CHECK(arma::approx_equal(network.tangent_kernel(w, x), j.t() * j, "absdiff", 1e-12));
}

TEST_CASE("a direction of the inputs is a derivative too") {
  Trial<double> trial(plan_of());
  const auto& network = trial.machine.network();
  const arma::mat w = trial.machine.parameters(), x = inputs();
  arma::mat s(features, samples), along(outputs, samples), expected(outputs, samples);
  for (arma::uword i = 0; i < s.n_elem; ++i) s(i) = std::cos(static_cast<double>(i));
  for (std::int64_t l = 0; l < outputs; ++l)
    expected.row(static_cast<arma::uword>(l)) = arma::sum(network.input_gradients(w, x, l) % s, 0);
  auto view = as_array(along);
  const auto sv = as_array(s);
  network.functions().jvp(as_array(w), as_array(x), nullptr, &sv, view);
  CHECK(arma::approx_equal(along, expected, "absdiff", 1e-8));
}

TEST_CASE("the objective's gradient is that of its value, with and without the AGOP penalty") {
  for (const char* penalty : {"", "agop_penalty = 0.3\n"}) {
    Trial<double> trial(plan_of("", penalty));
    const auto& objective = trial.machine.objective();
    const arma::mat w = trial.machine.parameters(), u = direction(w.n_elem, 1.1);
    const std::vector<std::int64_t> list{0, 4, 4, 11};
    for (const Batch& batch : {objective.all(), Batch{4, list.data()}}) {
      arma::mat gradient(1, w.n_elem);
      const double value = objective.evaluate(w, batch, &gradient);
      CHECK(objective.evaluate(w, batch, nullptr) == Approx(value).epsilon(1e-14));
      const double h = 1e-5, slope = (objective.evaluate(w + h * u, batch, nullptr) -
                                      objective.evaluate(w - h * u, batch, nullptr)) /
                                     (2 * h);
      // the penalty's gradient is itself made of differences here
      CHECK(slope == Approx(arma::dot(gradient, u)).epsilon(*penalty ? 1e-6 : 1e-8));
    }
  }
}

TEST_CASE("the objective's Hessian products and lambda agree with dense matrices") {
  Trial<double> trial(plan_of());
  const auto& objective = trial.machine.objective();
  const arma::mat w = trial.machine.parameters(), x = inputs(), u = direction(w.n_elem, 2.0);
  arma::mat hu(1, w.n_elem), up(1, w.n_elem), down(1, w.n_elem);
  objective.hessian_product(w, objective.all(), u, hu);
  const double h = 1e-5;
  objective.evaluate(w + h * u, objective.all(), &up);
  objective.evaluate(w - h * u, objective.all(), &down);
  CHECK(arma::approx_equal(hu, (up - down) / (2 * h), "absdiff", 1e-7));

  // J B J' with the loss's curvature 3 r² / n
  const arma::mat j = jacobian(trial.machine.network(), w, x);
  arma::mat y(outputs, samples), unused(features, samples);
  Waves().fill(onager::Split::train, 0, Matrix<double>(unused.memptr(), samples, features),
               Matrix<double>(y.memptr(), samples, outputs));
  const arma::vec r = arma::vectorise(trial.machine.network().forward(w, x) - y);
  const arma::mat gauss_newton = j * arma::diagmat(3.0 / samples * r % r) * j.t();
  CHECK(objective.lambda(w, objective.all(), 1e-10) ==
        Approx(arma::eig_sym(gauss_newton).max()).epsilon(1e-8));
  // the same loss over so many outputs that it is found by products
  std::vector<std::int64_t> again;
  for (std::int64_t i = 0; i < 100 * samples; ++i) again.push_back(i % samples);
  CHECK(objective.lambda(w, {100 * samples, again.data()}, 1e-10) ==
        Approx(arma::eig_sym(gauss_newton).max()).epsilon(1e-7));
}

TEMPLATE_TEST_CASE(
    "rows come every so many steps, at the first, at the last and where a diagnostic "
    "is due",
    "", double, float) {
  Trial<TestType> trial(plan_of("", "every = 10\n[[diagnostic]]\nuse = 'stride'\nevery = 8\n"));
  CHECK(trial.machine.end() == 26);
  const Row last = trial.run();
  CHECK(last.index == 25);
  CHECK(last.ended.empty());
  std::vector<std::int64_t> indices;
  for (const auto& entry : trial.rows) indices.push_back(entry.first);
  CHECK(indices == std::vector<std::int64_t>{0, 8, 10, 16, 20, 24, 25});
  CHECK(trial.rows[0].count("loss") == 1);
  CHECK(trial.rows[0].count("batch_loss") == 0);
  CHECK(trial.rows[0].at("stride") == 0);
  CHECK(trial.rows[8].count("loss") == 0);
  CHECK(trial.rows[8].at("stride") > 0);
  CHECK(trial.rows[10].count("stride") == 0);
  CHECK(trial.rows[10].at("learning_rate") == 0.2);
  CHECK(trial.rows[25].count("stride") == 1);
  CHECK(trial.rows[25].at("loss") < trial.rows[0].at("loss"));
  CHECK(trial.rows[25].at("diverged") == 0);
}

TEST_CASE("training that was stopped goes on to the same numbers") {
  const Plan plan = plan_of("", "every = 5\n[[diagnostic]]\nuse = 'stride'\nevery = 4\n");
  Trial<double> whole(plan), first(plan), second(plan);
  whole.run();
  const Row at = first.run(0, 12);
  REQUIRE(at.index == 12);
  second.machine.restore(first.machine.state(), 13);
  second.run(13);
  for (const auto& [index, row] : second.rows) CHECK(row == whole.rows.at(index));
  CHECK(second.rows.size() == 5);  // 15, 16, 20, 24, 25
}

TEST_CASE("divergence ends training and is a result") {
  Trial<double> trial(plan_of("rate = 300\nsteps = 400\n", "every = 100\n"));
  const Row last = trial.run();
  CHECK(last.last);
  CHECK(last.index < 400);
  CHECK_THAT(last.ended, ContainsSubstring("diverged in step " + std::to_string(last.index)));
  CHECK(trial.rows[last.index].at("diverged") == 1);
  CHECK(trial.rows[last.index].count("train_mse") == 1);
}

TEST_CASE("training ends with a loss below the one that is asked for") {
  Trial<double> free(plan_of("steps = 40\n"));
  free.run();
  const double wanted = 0.5 * (free.rows[0].at("loss") + free.rows[40].at("loss"));
  Trial<double> trial(plan_of("steps = 40\n", "stop_below = " + std::to_string(wanted) + "\n"));
  const Row last = trial.run();
  CHECK(last.index < 40);
  CHECK(last.ended.find("stopped after step") == 0);
  CHECK(trial.rows[last.index].at("loss") < wanted);
  CHECK(trial.rows[last.index - 1].at("loss") >= wanted);
  CHECK(trial.rows[last.index].at("diverged") == 0);
}

TEST_CASE("a run starts from the parameters of another") {
  const onager::test::Scratch folder;
  Trial<double> first(plan_of());
  first.run();
  const auto file = (folder.path() / "parameters.npy").string();
  std::ofstream(file, std::ios::binary)
      << npy_bytes(first.machine.learned_arrays().at("parameters"));
  Trial<double> second(plan_of("", "start = '" + file + "'\n"));
  CHECK(arma::approx_equal(second.machine.parameters(), first.machine.parameters(), "absdiff", 0));

  const auto wrong = (folder.path() / "wrong.npy").string();
  std::ofstream(wrong, std::ios::binary)
      << npy_bytes(NpyArray::copy_of(as_array(arma::mat(1, 7, arma::fill::zeros))));
  try {
    Trial<double> refused(plan_of("", "start = '" + wrong + "'\n"));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK_THAT(error.what(), ContainsSubstring("wrong.npy: it holds 7 numbers, and model 'tanh'") &&
                                 ContainsSubstring("has 20 parameters"));
  }
}
