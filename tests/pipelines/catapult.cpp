// SPDX-License-Identifier: MIT
//
// Catapults, PL* and alignments in whole runs.
#include "two_layer.hpp"

#include "../../plugins/diagnostics/circulant_deviation/circulant.hpp"
#include "../unit/network_support.hpp"

using namespace onager;
using test::diagnostic;
using test::TwoLayer;
using test::TwoLayerRuns;

namespace {

const TwoLayer two_outputs{3, 8, 2};

/// A ReLU network on x1 x2, trained above the critical rate.
std::string relu_pipeline(const std::string& optimizer, const std::string& rest,
                          const std::string& head = "") {
  return head +
         "[dataset]\nuse = 'sparse_polynomial'\nterms = ['x1 x2']\ndimension = 10\n"
         "distribution = 'gaussian'\ntrain_samples = 40\ntest_samples = 10\n"
         "[model]\nuse = 'fully_connected'\nwidths = [256]\n[loss]\nuse = 'mse'\n[optimizer]\n" +
         optimizer + rest;
}

host::RunOutcome run(const std::string& pipeline, const test::fs::path& folder) {
  host::RunRequest request;
  request.folder = folder;
  return host::run_pipeline(test::plan_of(pipeline), request);
}

arma::mat array(const test::fs::path& file) {
  return host::copy_as<double>(host::read_npy(file).view()).t();
}

/// What the run says when it fails.
std::string failure(const std::string& pipeline) {
  const test::Scratch scratch;
  return run(pipeline, scratch.path() / "run").message;
}

}  // namespace

TEST_CASE("gradient descent above the critical rate has one catapult, in the top eigenspace") {
  const test::Scratch scratch;
  const auto outcome = run(relu_pipeline("use = 'gd'\nlearning_rate = '3.0/lambda'\nsteps = 60\n",
                                         "[loop]\nevery = 1\n" + diagnostic("catapult")),
                           scratch.path() / "run");
  REQUIRE(outcome.status == host::RunStatus::finished);
  const host::Metrics& m = outcome.metrics;
  CHECK(m.at(60, "catapult.spikes") == 1);
  CHECK(m.at(60, "catapult.preceded") == 1);
  CHECK(m.at(1, "catapult.step_ratio") == Approx(1.5).epsilon(1e-5));

  const arma::rowvec spike = array(scratch.path() / "run/arrays/catapult.spikes.npy").row(0);
  const auto begin = static_cast<std::int64_t>(spike(0)),
             peak = static_cast<std::int64_t>(spike(1)), end = static_cast<std::int64_t>(spike(2));
  CHECK(begin <= peak);
  CHECK(peak < end);
  CHECK(m.at(begin - 1, "catapult.inside") == 0);
  CHECK(m.at(begin, "catapult.inside") == 1);
  CHECK(m.at(end, "catapult.inside") == 0);
  CHECK(m.at(peak, "loss") == Approx(spike(4)));
  for (int t = 0; t <= 60; ++t) {
    CHECK(m.at(t, "loss") <= spike(4) * (1 + 1e-12));
    CHECK(m.at(t, "catapult.top") + m.at(t, "catapult.rest") == Approx(m.at(t, "loss")));
    if (t > 0)  // the critical rate of a step is that of the point it starts from
      CHECK(m.at(t, "catapult.batch_critical") ==
            Approx(m.at(t - 1, "catapult.critical")).epsilon(1e-5));
  }
  CHECK(m.at(begin, "loss") > 3 * spike(3));
  CHECK(spike(5) > 2 * spike(6));                // |K| falls
  CHECK(spike(7) == Approx(1.5).epsilon(0.05));  // the rate was above the critical one
  CHECK(spike(8) > 0.95);                        // of the rise in the top space
  CHECK(spike(9) < 0.05);                        // of it in the rest
  CHECK(m.at(60, "catapult.critical") > 2 * m.at(0, "catapult.critical"));
}

TEST_CASE("below the critical rate there is no catapult") {
  const test::Scratch scratch;
  const auto outcome = run(relu_pipeline("use = 'gd'\nlearning_rate = '1.8/lambda'\nsteps = 40\n",
                                         diagnostic("catapult", "top = 0")),
                           scratch.path() / "run");
  REQUIRE(outcome.status == host::RunStatus::finished);
  CHECK(outcome.metrics.at(40, "catapult.spikes") == 0);
  CHECK(outcome.metrics.at(40, "catapult.exceeding") == 0);
  CHECK_FALSE(test::fs::exists(scratch.path() / "run/arrays/catapult.spikes.npy"));
}

TEST_CASE("the split of the loss is that of the dense kernel's eigenvectors") {
  const TwoLayerRuns runs(two_outputs, 6, 11);
  for (const std::string& loss : {std::string("half_sse"), std::string("mse")}) {
    const double constant = loss == "mse" ? 2.0 / 12 : 1;
    const auto m =
        runs.run(loss, 3,
                 diagnostic("catapult", "top = 2") + diagnostic("catapult", "top = 2\nsamples = 4"),
                 loss)
            .metrics;
    const arma::vec w = runs.parameters(loss);
    const arma::mat r = arma::mat(runs.net.outputs(w, runs.x) - runs.y).t();
    const auto top_of = [&](arma::uword count, double c) {
      arma::vec values;
      arma::mat vectors;
      arma::eig_sym(values, vectors, runs.net.tangent_kernel(w, runs.x.head_rows(count)));
      const arma::vec residual = arma::vectorise(r.head_cols(count));
      return c / 2 * arma::accu(arma::square(vectors.tail_cols(2).t() * residual));
    };
    CHECK(m.at(3, "catapult.top") == Approx(top_of(6, constant)));
    CHECK(m.at(3, "catapult.rest") == Approx(m.at(3, "loss") - m.at(3, "catapult.top")));
    const double part = loss == "mse" ? 2.0 / 8 : 1;
    CHECK(m.at(3, "catapult.top.2") == Approx(top_of(4, part)));
    CHECK(
        m.at(3, "catapult.critical.2") ==
        Approx(2 / (part * arma::eig_sym(runs.net.tangent_kernel(w, runs.x.head_rows(4))).max())));
  }
}

TEST_CASE("catapult watches batches too, each with the critical rate of its own") {
  const test::Scratch scratch;
  const auto outcome =
      run(relu_pipeline("use = 'sgd'\nbatch_size = 5\nlearning_rate = '1.6/lambda'\nepochs = 3\n",
                        diagnostic("catapult", "of = 'batch'\nsplit_every = 8") +
                            diagnostic("critical_learning_rate")),
          scratch.path() / "run");
  REQUIRE(outcome.status == host::RunStatus::finished);
  const host::Metrics& m = outcome.metrics;
  double exceeding = 0;
  for (int t = 1; t <= 24; ++t) {
    CHECK(m.at(t, "catapult.loss") == m.at(t, "batch_loss"));
    CHECK(m.at(t, "catapult.batch_critical") ==
          Approx(m.at(t, "critical_learning_rate.batch")).epsilon(1e-5));
    exceeding += m.at(t, "learning_rate") > m.at(t, "catapult.batch_critical");
    CHECK(std::isnan(m.at(t, "catapult.top")) == (t % 8 != 0));
  }
  CHECK(m.at(24, "catapult.exceeding") == Approx(exceeding / 24));
}

TEST_CASE("the PL ratio is between the kernel's eigenvalues and alike for all square losses") {
  const TwoLayer wide{6, 60, 1};
  const TwoLayerRuns runs(wide, 8, 12);
  std::map<std::string, host::Metrics> of;
  for (const char* loss : {"half_sse", "half_mse", "mse"})
    of[loss] = runs.run(loss, 30, diagnostic("pl_star"), loss).metrics;
  const host::Metrics& m = of["half_sse"];
  double least = INFINITY, most = 0;
  for (int t = 0; t <= 30; ++t) {
    CHECK(m.at(t, "pl_star.excess") < 1e-12);
    least = std::min(least, m.at(t, "pl_star.least"));
    most = std::max(most, m.at(t, "pl_star.largest"));
    CHECK(m.at(t, "pl_star.path_mu") == least);
    for (const char* other : {"half_mse", "mse"})
      for (const char* column : {"pl_star.mu", "pl_star.radius", "pl_star.step"})
        if (t > 0 || std::string(column) != "pl_star.step")
          CHECK(of[other].at(t, column) == Approx(m.at(t, column)).epsilon(1e-6));
    if (t == 0) continue;
    CHECK(m.at(t, "pl_star.ratio") == Approx(m.at(t, "loss") / m.at(t - 1, "loss")));
    CHECK(m.at(t, "pl_star.step") < 1);  // below 1/lambda
    CHECK(m.at(t, "pl_star.ratio") <= m.at(t, "pl_star.predicted_ratio"));
    CHECK(m.at(t, "pl_star.distance") < m.at(t, "pl_star.radius"));
  }
  CHECK(m.at(30, "pl_star.mean_ratio") ==
        Approx(std::pow(m.at(30, "loss") / m.at(0, "loss"), 1.0 / 30)));

  const arma::vec w = runs.parameters("half_sse");
  const arma::vec r = runs.net.outputs(w, runs.x) - runs.y;
  const arma::vec r0 = runs.net.outputs(runs.start, runs.x) - runs.y;
  const arma::mat k = runs.net.tangent_kernel(w, runs.x);
  CHECK(m.at(30, "pl_star.mu") == Approx(arma::as_scalar(r.t() * k * r) / arma::dot(r, r)));
  CHECK(m.at(30, "pl_star.least") == Approx(arma::eig_sym(k).min()).epsilon(1e-8));
  CHECK(m.at(30, "pl_star.radius") == Approx(2 * std::sqrt(most) * arma::norm(r0) / least));
  CHECK(m.at(30, "pl_star.critical_batch") ==
        Approx(k.diag().max() * 8 / arma::eig_sym(k).max() + 1));
}

TEST_CASE("with fewer parameters than samples PL* fails and is told so") {
  const TwoLayer narrow{2, 2, 1};
  const TwoLayerRuns runs(narrow, 12, 13);
  const auto m = runs.run("run", 5, diagnostic("pl_star")).metrics;
  CHECK(m.at(5, "pl_star.least") < 1e-12 * m.at(5, "pl_star.largest"));
  CHECK(m.at(5, "pl_star.radius") > 1e6);
  CHECK(m.at(5, "pl_star.predicted_ratio") == Approx(1).epsilon(1e-10));
}

TEST_CASE("a network's outer product aligns with the exact one, and with that of another run") {
  const test::Scratch scratch;
  const std::string gd = "use = 'gd'\nlearning_rate = '1.0/lambda'\nsteps = 4\n";
  const auto first = run(relu_pipeline(gd, diagnostic("agop_alignment")), scratch.path() / "one");
  REQUIRE(first.status == host::RunStatus::finished);
  const test::fs::path agop = scratch.path() / "one/arrays/agop.npy";
  const arma::mat g = array(agop);
  // the expected outer product of x1 x2 is diag(1, 1, 0, ..)
  CHECK(first.metrics.at(4, "agop_alignment") ==
        Approx((g(0, 0) + g(1, 1)) / (std::sqrt(2) * arma::norm(g, "fro"))));
  const auto second = run(
      relu_pipeline(gd, diagnostic("agop_alignment",
                                   fmt::format("reference = 'file'\npath = '{}'", agop.string()))),
      scratch.path() / "two");
  REQUIRE(second.status == host::RunStatus::finished);
  CHECK(second.metrics.at(4, "agop_alignment") == Approx(1));
  CHECK(second.metrics.at(0, "agop_alignment") < 1);
}

TEST_CASE("diagnostics of feature matrices look at a layer's W'W") {
  const test::Scratch scratch;
  const auto outcome =
      run("[dataset]\nuse = 'modular_arithmetic'\nmodulus = 5\n"
          "[model]\nuse = 'fully_connected'\nwidths = [12]\nactivation = 'quadratic'\n"
          "[loss]\nuse = 'mse'\n[optimizer]\nuse = 'gd'\nsteps = 6\n" +
              diagnostic("circulant_deviation", "array = 'part.w1'") +
              diagnostic("fourier_spectrum", "of = 'agop'") +
              diagnostic("snapshots", "every = 3\narray = 'part.w1'\ndiagonal = true") +
              diagnostic("feature_alignment", "array = 'part.w1'") +
              diagnostic("feature_matrix", "center = true"),
          scratch.path() / "run");
  INFO(outcome.message);
  REQUIRE(outcome.status == host::RunStatus::finished);
  const arma::vec w = arma::vectorise(array(scratch.path() / "run/arrays/parameters.npy"));
  const arma::mat columns(w.memptr(), 10, 12);  // row after row of W, 12 x 10
  const arma::mat features = columns * columns.t();
  Table block(5, 5);
  for (arma::uword i = 0; i < 5; ++i)
    for (arma::uword j = 0; j < 5; ++j)
      block(std::int64_t(i), std::int64_t(j)) = features(5 + i, j);
  CHECK(outcome.metrics.at(6, "circulant_deviation") ==
        Approx(*plugins::circulant_deviation(block, plugins::WrappedLines::diagonals)));
  CHECK(outcome.metrics.at(6, "feature_alignment") == Approx(1));
  CHECK(outcome.metrics.at(0, "fourier_share") > 0);
  const arma::vec diagonal =
      arma::vectorise(array(scratch.path() / "run/arrays/part.w1.round_006.npy"));
  CHECK(arma::approx_equal(diagonal, arma::vec(features.diag()), "absdiff", 1e-10));
  CHECK(test::fs::exists(scratch.path() / "run/arrays/part.w1.round_003.npy"));
}

TEST_CASE("runs in single precision measure the same to their precision") {
  const TwoLayerRuns runs(two_outputs, 6, 14);
  const std::string all = diagnostic("tangent_kernel", "top = 2") + diagnostic("hessian_norm") +
                          diagnostic("loss_curvature") + diagnostic("catapult") +
                          diagnostic("pl_star") + diagnostic("linearisation") +
                          diagnostic("gradient_norm") + diagnostic("critical_learning_rate") +
                          diagnostic("feature_matrix") + diagnostic("kernel_change_in_ball");
  const auto reference = runs.run("double", 3, all).metrics;
  const auto single =
      runs.run("single", 3, all, "half_sse", "use = 'gd'\nlearning_rate = '0.7/lambda'",
               "precision = 'float32'\n")
          .metrics;
  for (const char* column :
       {"tangent_kernel.norm", "tangent_kernel.eigenvalue_2", "hessian_norm.output",
        "loss_curvature.largest", "loss_curvature.least", "catapult.top", "catapult.rest",
        "pl_star.mu", "linearisation", "gradient_norm.loss", "critical_learning_rate.full",
        "feature_matrix.agop.cosine", "kernel_change_in_ball", "kernel_change_in_ball.slope",
        "kernel_change_in_ball.descent"})
    CHECK(single.at(3, column) == Approx(reference.at(3, column)).epsilon(1e-3));
  CHECK(single.at(3, "pl_star.excess") < 1e-5);
}

TEST_CASE("diagnostics that were stopped go on to the same numbers") {
  const host::Plan plan = test::plan_of(
      relu_pipeline("use = 'gd'\nlearning_rate = '3.0/lambda'\nsteps = 30\n",
                    "[loop]\nevery = 1\n" + diagnostic("catapult", "split_every = 2") +
                        diagnostic("pl_star") + diagnostic("tangent_kernel") +
                        diagnostic("agop_alignment") + diagnostic("kernel_change_in_ball")));
  network_test::Trial<double> whole(plan);
  whole.run();
  for (const std::int64_t stop : {2, 5, 12}) {
    network_test::Trial<double> first(plan), second(plan);
    first.run(0, stop);
    second.machine.restore(first.machine.state(), stop + 1);
    second.run(stop + 1);
    for (const auto& [index, row] : second.rows) CHECK(row == whole.rows.at(index));
  }
}

TEST_CASE("a diagnostic that cannot say anything says why") {
  const std::string gd = "use = 'gd'\nsteps = 2\n";
  const std::string kernel_machine =
      "[dataset]\nuse = 'sparse_polynomial'\nterms = ['x1']\ndimension = 3\ntrain_samples = 20\n"
      "test_samples = 5\n[kernel]\nuse = 'gaussian'\n[optimizer]\nuse = 'cholesky'\n"
      "[loop]\nrounds = 1\n";
  CHECK_THAT(failure(kernel_machine + diagnostic("catapult")),
             ContainsSubstring("catapult looks at a network, and this run is a kernel machine"));
  CHECK_THAT(failure(kernel_machine + diagnostic("effective_rank", "array = 'part.w1'")),
             ContainsSubstring("looks at a network"));
  CHECK_THAT(failure(kernel_machine + diagnostic("effective_rank", "array = 'agop'")),
             ContainsSubstring("no array \"agop\""));
  CHECK_THAT(failure(kernel_machine + diagnostic("effective_rank", "array = 'train.inputs'")),
             ContainsSubstring("is 20 x 3, and neither a square matrix"));
  CHECK_THAT(
      failure(kernel_machine + diagnostic("effective_rank", "array = 'fact.egop'\nof = 'agop'")),
      ContainsSubstring("of and array both name the matrix"));
  CHECK_THAT(failure(relu_pipeline(gd, diagnostic("feature_matrix", "part = 'w9'"))),
             ContainsSubstring("no part \"w9\"; it has w1, w2"));
  CHECK_THAT(failure(relu_pipeline(gd, diagnostic("feature_matrix", "part = 'w2'"))),
             ContainsSubstring("name a part that reads the inputs"));
  CHECK_THAT(failure(relu_pipeline(gd, diagnostic("hessian_norm", "first = 40"))),
             ContainsSubstring("first is sample 40, counted from 0, of 40"));
  CHECK_THAT(failure(relu_pipeline(gd, diagnostic("hessian_norm", "draws = 3"))),
             ContainsSubstring("needs both its radius and a number of draws"));
  CHECK_THAT(failure(relu_pipeline(gd, diagnostic("agop_alignment", "reference = 'file'"))),
             ContainsSubstring("needs path"));
  const std::string penalty = "[loop]\nagop_penalty = 0.5\n";
  CHECK_THAT(failure(relu_pipeline(gd, penalty + diagnostic("pl_star"))),
             ContainsSubstring("pl_star needs a square loss, and none with an AGOP penalty"));
  CHECK_THAT(failure(relu_pipeline(gd, penalty + diagnostic("catapult"))),
             ContainsSubstring("set top = 0"));
}
