// SPDX-License-Identifier: MIT
//
// Diagnostics of networks in whole runs, against dense Jacobians and Hessians from formulas.
#include "two_layer.hpp"

#include <algorithm>

using namespace onager;
using test::diagnostic;
using test::TwoLayer;
using test::TwoLayerRuns;

namespace {

const TwoLayer two_outputs{3, 8, 2};
const TwoLayer one_output{3, 8, 1};

/// A loss (constant/2) |f - y|² of six samples with two outputs.
struct Loss {
  std::string name;
  double constant;
};

double largest(const arma::mat& symmetric) { return arma::eig_sym(symmetric).max(); }
double norm(const arma::mat& symmetric) { return arma::abs(arma::eig_sym(symmetric)).max(); }
double frobenius(const arma::mat& a) { return arma::norm(a, "fro"); }

/// The gradient in w of the sum of m % K(w), from dense Hessians.
arma::vec kernel_gradient(const TwoLayer& net, const arma::vec& w, const arma::mat& x,
                          const arma::mat& m) {
  const arma::mat j = net.jacobian(w, x);
  arma::vec g(w.n_elem, arma::fill::zeros);
  for (arma::uword i = 0; i < x.n_rows; ++i)
    for (arma::uword l = 0; l < net.c; ++l)
      g += 2 * net.hessian(w, x.row(i), l) * j.t() * m.col(i * net.c + l);
  return g;
}
double cosine(const arma::mat& a, const arma::mat& b) {
  return arma::accu(a % b) / (frobenius(a) * frobenius(b));
}

}  // namespace

TEST_CASE("tangent_kernel tells norms, eigenvalues, change and alignment of the dense kernel") {
  const TwoLayerRuns runs(two_outputs, 6, 1);
  const auto m =
      runs.run("run", 3,
               diagnostic("tangent_kernel", "top = 3\nleast = true") +
                   diagnostic("tangent_kernel", "top = 2\nsamples = 4\nalignment = false"))
          .metrics;
  const arma::vec w = runs.parameters("run");
  const arma::mat k = runs.net.tangent_kernel(w, runs.x),
                  k0 = runs.net.tangent_kernel(runs.start, runs.x);
  const arma::vec values = arma::eig_sym(k);
  CHECK(m.at(3, "tangent_kernel.norm") == Approx(values(11)));
  CHECK(m.at(3, "tangent_kernel.eigenvalue_1") == Approx(values(11)));
  CHECK(m.at(3, "tangent_kernel.eigenvalue_3") == Approx(values(9)));
  CHECK(m.at(3, "tangent_kernel.least") == Approx(values(0)).epsilon(1e-8));
  CHECK(m.at(3, "tangent_kernel.frobenius") == Approx(frobenius(k)));
  CHECK(m.at(0, "tangent_kernel.change") == 0);
  CHECK(m.at(3, "tangent_kernel.change") == Approx(frobenius(k - k0) / frobenius(k0)));
  double most = 0;
  for (int t = 0; t <= 3; ++t) most = std::max(most, m.at(t, "tangent_kernel.change"));
  CHECK(m.at(3, "tangent_kernel.largest_change") == most);
  const arma::vec y = arma::vectorise(runs.y.t());
  CHECK(m.at(3, "tangent_kernel.alignment") == Approx(cosine(k, y * y.t())));

  const arma::mat part = k.submat(0, 0, 7, 7), part0 = k0.submat(0, 0, 7, 7);
  CHECK(m.at(3, "tangent_kernel.norm.2") == Approx(largest(part)));
  CHECK(m.at(3, "tangent_kernel.change.2") == Approx(frobenius(part - part0) / frobenius(part0)));
  const auto columns = m.columns();
  for (const char* absent : {"tangent_kernel.least.2", "tangent_kernel.alignment.2"})
    CHECK(std::find(columns.begin(), columns.end(), absent) == columns.end());
}

TEST_CASE("critical_learning_rate is 2 / (c lambda_max(K)) before the step, with each loss's c") {
  const Loss loss =
      GENERATE(Loss{"half_sse", 1.0}, Loss{"half_mse", 1.0 / 6}, Loss{"mse", 2.0 / 12});
  const TwoLayerRuns runs(two_outputs, 6, 2);
  const auto m =
      runs.run("three", 3, diagnostic("critical_learning_rate", "tolerance = 1e-10"), loss.name)
          .metrics;
  runs.run("two", 2, "", loss.name);
  const auto critical = [&](const arma::vec& w) {
    return 2 / (loss.constant * largest(runs.net.tangent_kernel(w, runs.x)));
  };
  CHECK(m.at(0, "critical_learning_rate.full") == Approx(critical(runs.start)));
  CHECK(m.at(3, "critical_learning_rate.full") == Approx(critical(runs.parameters("two"))));
  CHECK(m.at(3, "critical_learning_rate.batch") == m.at(3, "critical_learning_rate.full"));
  CHECK(m.at(3, "critical_learning_rate.used") == Approx(0.35 * critical(runs.start)));
}

TEST_CASE("the critical rate of a batch is that of its samples alone") {
  TwoLayerRuns runs(one_output, 6, 3);
  const auto m = runs.run("run", 3, diagnostic("critical_learning_rate", "tolerance = 1e-10"),
                          "half_mse", "use = 'sgd'\nbatch_size = 1\nlearning_rate = 0.01")
                     .metrics;
  // a batch of one has the critical rate 2 / K_ii: one of six numbers, another in each step
  const arma::vec diagonal = runs.net.tangent_kernel(runs.start, runs.x).diag();
  const arma::vec distance = arma::abs(2 / diagonal / m.at(1, "critical_learning_rate.batch") - 1);
  CHECK(distance.min() < 1e-9);
  CHECK(m.at(1, "critical_learning_rate.batch") != m.at(2, "critical_learning_rate.batch"));
}

TEST_CASE("distances, gradients and the linearisation agree with their definitions") {
  const TwoLayerRuns runs(two_outputs, 6, 4);
  const auto m =
      runs.run("run", 4,
               diagnostic("parameter_distance") + diagnostic("gradient_norm", "samples = 3") +
                   diagnostic("linearisation") + diagnostic("linearisation", "samples = 2"))
          .metrics;
  const arma::vec w = runs.parameters("run"), moved = w - runs.start;
  CHECK(m.at(4, "parameter_distance") == Approx(arma::norm(moved)));
  CHECK(m.at(4, "parameter_distance.relative") ==
        Approx(arma::norm(moved) / arma::norm(runs.start)));

  const arma::mat j = runs.net.jacobian(w, runs.x), f = runs.net.outputs(w, runs.x);
  CHECK(m.at(4, "gradient_norm.loss") ==
        Approx(arma::norm(j.t() * arma::vectorise(arma::mat(f - runs.y).t()))));
  const arma::vec norms = arma::sqrt(arma::sum(arma::square(j.rows(0, 5)), 1));
  CHECK(m.at(4, "gradient_norm.output") == Approx(arma::mean(norms)));
  CHECK(m.at(4, "gradient_norm.output.largest") == Approx(norms.max()));

  const arma::vec change = arma::vectorise(arma::mat(f - runs.net.outputs(runs.start, runs.x)).t());
  const arma::vec beyond = change - runs.net.jacobian(runs.start, runs.x) * moved;
  CHECK(m.at(4, "linearisation") == Approx(arma::norm(beyond) / std::sqrt(12)));
  CHECK(m.at(4, "linearisation.relative") == Approx(arma::norm(beyond) / arma::norm(change)));
  CHECK(m.at(4, "linearisation.relative.2") ==
        Approx(arma::norm(beyond.head(4)) / arma::norm(change.head(4))));
  CHECK(m.at(0, "linearisation") == 0);
}

TEST_CASE("hessian_norm and loss_curvature are the ends of the dense spectra") {
  const Loss loss = GENERATE(Loss{"half_sse", 1.0}, Loss{"mse", 2.0 / 12});
  const TwoLayerRuns runs(two_outputs, 6, 5);
  const std::string exact = "tolerance = 1e-10\n";
  const auto m =
      runs.run("run", 5,
               diagnostic("hessian_norm", exact + "first = 1\nsamples = 2") +
                   diagnostic("hessian_norm", exact + "of = 'loss'") +
                   diagnostic("hessian_norm", exact + "of = 'loss'\nfirst = 2\nsamples = 1") +
                   diagnostic("loss_curvature", exact),
               loss.name)
          .metrics;
  const arma::vec w = runs.parameters("run");
  double most = 0, sum = 0;
  for (arma::uword i = 1; i <= 2; ++i)
    for (arma::uword l = 0; l < 2; ++l) {
      const double size = norm(runs.net.hessian(w, runs.x.row(i), l));
      most = std::max(most, size);
      sum += size;
    }
  CHECK(m.at(5, "hessian_norm.output") == Approx(most));
  CHECK(m.at(5, "hessian_norm.output.mean") == Approx(sum / 4));
  CHECK(m.at(5, "hessian_norm.output.products") > 0);

  const arma::mat hessian = runs.net.loss_hessian(w, runs.x, runs.y, loss.constant);
  const arma::vec spectrum = arma::eig_sym(hessian);
  CHECK(m.at(5, "hessian_norm.loss") == Approx(norm(hessian)));
  const double constant_of_one = loss.name == "mse" ? 6 * loss.constant : loss.constant;
  CHECK(m.at(5, "hessian_norm.loss.2") ==
        Approx(norm(runs.net.loss_hessian(w, runs.x.row(2), runs.y.row(2), constant_of_one))));
  CHECK(m.at(5, "loss_curvature.largest") == Approx(spectrum.max()));
  CHECK(m.at(5, "loss_curvature.least") == Approx(spectrum.min()).epsilon(1e-6));
  CHECK(m.at(5, "loss_curvature.least") < 0);
}

TEST_CASE("the Hessian of a wide two-layer network has the norm of its worst neuron") {
  // blocks of one neuron each: [[v s''|x|², s'|x|], [s'|x|, 0]] / sqrt m, of which x counts as
  // x/sqrt d
  const TwoLayer wide{3, 400, 1};
  const TwoLayerRuns runs(wide, 2, 6);
  const auto m = runs.run("run", 1, diagnostic("hessian_norm", "tolerance = 1e-8")).metrics;
  double most = 0;
  const arma::rowvec x = runs.x.row(0);
  const double length = arma::norm(x) / std::sqrt(3.0);
  for (arma::uword k = 0; k < wide.m; ++k) {
    const double t = std::tanh(wide.before(runs.start, k, x)), slope = 1 - t * t;
    const arma::mat block{
        {wide.v(runs.start, 0, k) * -2 * t * slope * length * length, slope * length},
        {slope * length, 0}};
    most = std::max(most, wide.width_factor() * norm(block));
  }
  CHECK(m.at(0, "hessian_norm.output") == Approx(most));
}

TEST_CASE("a ball's Hessian norm bounds the distance from the linearisation within it") {
  const TwoLayerRuns runs(one_output, 4, 7);
  const auto m = runs.run("run", 1,
                          diagnostic("hessian_norm", "radius = 2.0\ndraws = 40") +
                              diagnostic("hessian_norm", "radius = 1e-3\ndraws = 3"))
                     .metrics;
  const double centre = m.at(0, "hessian_norm.output"), ball = m.at(0, "hessian_norm.output.ball");
  CHECK(ball > centre);
  CHECK(m.at(0, "hessian_norm.output.ball.2") == Approx(centre).epsilon(1e-2));
  // each draw is at the distance of the radius, so the norm cannot change by more than it can there
  arma::arma_rng::set_seed(8);
  double sampled = centre;
  for (int k = 0; k < 200; ++k) {
    const arma::vec w = runs.start + 2 * arma::normalise(arma::vec(arma::randn(runs.start.n_elem)));
    sampled = std::max(sampled, norm(runs.net.hessian(w, runs.x.row(0), 0)));
  }
  CHECK(ball < 1.2 * sampled);
  CHECK(ball > 0.7 * sampled);
}

TEST_CASE("kernel_change_in_ball goes where the norm of the kernel changes most to first order") {
  const TwoLayerRuns runs(two_outputs, 6, 10);
  const double radius = 0.7;
  const auto m =
      runs.run("run", 3,
               diagnostic("kernel_change_in_ball", "radius = 0.7\niterations = 0") +
                   diagnostic("kernel_change_in_ball", "radius = 0.7\niterations = 2") +
                   diagnostic("kernel_change_in_ball", "radius = 0.7\niterations = 0\nsamples = 4"))
          .metrics;
  const auto kernel = [&](const arma::vec& w) { return runs.net.tangent_kernel(w, runs.x); };
  const auto moved = [&](const arma::vec& u, double distance) {
    return arma::vec(runs.start + distance * arma::normalise(u));
  };
  const arma::mat k0 = kernel(runs.start);
  const double size = frobenius(k0);
  const auto change = [&](const arma::vec& w) { return frobenius(kernel(w) - k0) / size; };

  const arma::vec g = kernel_gradient(runs.net, runs.start, runs.x, k0);
  const double ends = std::max(change(moved(g, radius)), change(moved(g, -radius)));
  CHECK(m.at(0, "kernel_change_in_ball") == Approx(ends));
  CHECK(m.at(0, "kernel_change_in_ball.slope") == Approx(arma::norm(g) / (size * size)));
  const double h = 1e-5;
  CHECK(m.at(0, "kernel_change_in_ball.slope") ==
        Approx((frobenius(kernel(moved(g, h))) - frobenius(kernel(moved(g, -h)))) / (2 * h * size))
            .epsilon(1e-7));
  const arma::mat residual = runs.net.outputs(runs.start, runs.x) - runs.y;
  const arma::vec descent =
      runs.net.jacobian(runs.start, runs.x).t() * arma::vectorise(arma::mat(residual.t()));
  CHECK(m.at(0, "kernel_change_in_ball.descent") == Approx(change(moved(descent, -radius))));
  for (const char* column :
       {"kernel_change_in_ball", "kernel_change_in_ball.slope", "kernel_change_in_ball.descent"})
    CHECK(m.at(3, column) == m.at(0, column));

  double most = ends;
  for (const double side : {radius, -radius}) {
    arma::vec w = moved(g, side);
    for (int step = 0; step < 2; ++step) {
      w = moved(kernel_gradient(runs.net, w, runs.x, kernel(w) - k0), radius);
      most = std::max(most, change(w));
    }
  }
  CHECK(m.at(0, "kernel_change_in_ball.2") == Approx(most));
  CHECK(most > ends);
  arma::arma_rng::set_seed(11);
  for (int draw = 0; draw < 200; ++draw)
    CHECK(change(moved(arma::randn(runs.start.n_elem), radius)) < most);

  const arma::mat first = runs.x.rows(0, 3), part = k0.submat(0, 0, 7, 7);
  CHECK(m.at(0, "kernel_change_in_ball.slope.3") ==
        Approx(arma::norm(kernel_gradient(runs.net, runs.start, first, part)) /
               std::pow(frobenius(part), 2)));
}

TEST_CASE("feature_matrix compares W'W with the outer product of input gradients and its root") {
  const TwoLayerRuns runs(two_outputs, 6, 9);
  const auto m = runs.run("run", 2, diagnostic("feature_matrix")).metrics;
  const arma::vec w = runs.parameters("run");
  arma::mat agop(3, 3, arma::fill::zeros), u(8, 3);
  for (arma::uword k = 0; k < 8; ++k)
    for (arma::uword j = 0; j < 3; ++j) u(k, j) = runs.net.u(w, k, j);
  for (arma::uword i = 0; i < 6; ++i)
    for (arma::uword l = 0; l < 2; ++l) {
      arma::vec g(3, arma::fill::zeros);
      for (arma::uword k = 0; k < 8; ++k) {
        const double t = std::tanh(runs.net.before(w, k, runs.x.row(i)));
        g += runs.net.v(w, l, k) * (1 - t * t) * u.row(k).t() / std::sqrt(8.0 * 3.0);
      }
      agop += g * g.t() / 6;
    }
  const arma::mat features = u.t() * u, root = arma::sqrtmat_sympd(agop);
  CHECK(m.at(2, "feature_matrix.agop.cosine") == Approx(cosine(features, agop)));
  CHECK(m.at(2, "feature_matrix.root_agop.cosine") == Approx(cosine(features, root)));
  CHECK(m.at(2, "feature_matrix.root_agop.correlation") ==
        Approx(cosine(features - arma::mean(arma::vectorise(features)),
                      root - arma::mean(arma::vectorise(root)))));
  CHECK(arma::approx_equal(runs.array("run", "feature_matrix.w1"), features, "absdiff", 1e-10));
}
