// SPDX-License-Identifier: MIT
//
// A two-layer network by its formulas, with data and runs of it: what diagnostics measure is
// computed here from dense Jacobians and Hessians.
#pragma once

#include "../catch.hpp"
#include "../support.hpp"

#include "pipeline/run.hpp"
#include "results/metrics.hpp"
#include "results/npy.hpp"

#include <fmt/format.h>

#include <cmath>

namespace onager::test {

/// f_l(x) = sum_k v_lk tanh(<u_k, x> / sqrt d) / sqrt m, parameters u (m x d) then v (c x m), row
/// after row; in samples x (n x d).
struct TwoLayer {
  arma::uword d, m, c;

  arma::uword parameters() const { return m * d + c * m; }
  double u(const arma::vec& w, arma::uword k, arma::uword j) const { return w(k * d + j); }
  double v(const arma::vec& w, arma::uword l, arma::uword k) const { return w(m * d + l * m + k); }
  double before(const arma::vec& w, arma::uword k, const arma::rowvec& x) const {
    double sum = 0;
    for (arma::uword j = 0; j < d; ++j) sum += u(w, k, j) * x(j);
    return sum / std::sqrt(static_cast<double>(d));
  }
  double width_factor() const { return 1 / std::sqrt(static_cast<double>(m)); }

  /// n x c
  arma::mat outputs(const arma::vec& w, const arma::mat& x) const {
    arma::mat f(x.n_rows, c, arma::fill::zeros);
    for (arma::uword i = 0; i < x.n_rows; ++i)
      for (arma::uword l = 0; l < c; ++l)
        for (arma::uword k = 0; k < m; ++k)
          f(i, l) += width_factor() * v(w, l, k) * std::tanh(before(w, k, x.row(i)));
    return f;
  }

  /// Gradient and Hessian of one output at one sample.
  arma::vec gradient(const arma::vec& w, const arma::rowvec& x, arma::uword l) const {
    arma::vec g(parameters(), arma::fill::zeros);
    for (arma::uword k = 0; k < m; ++k) {
      const double t = std::tanh(before(w, k, x)), slope = 1 - t * t;
      for (arma::uword j = 0; j < d; ++j)
        g(k * d + j) = width_factor() * v(w, l, k) * slope * x(j) / std::sqrt(double(d));
      g(m * d + l * m + k) = width_factor() * t;
    }
    return g;
  }
  arma::mat hessian(const arma::vec& w, const arma::rowvec& x, arma::uword l) const {
    arma::mat h(parameters(), parameters(), arma::fill::zeros);
    for (arma::uword k = 0; k < m; ++k) {
      const double t = std::tanh(before(w, k, x)), slope = 1 - t * t, bend = -2 * t * slope;
      const arma::uword row = k * d, outer = m * d + l * m + k;
      h.submat(row, row, row + d - 1, row + d - 1) =
          width_factor() * v(w, l, k) * bend / double(d) * x.t() * x;
      h.submat(row, outer, row + d - 1, outer) =
          width_factor() * slope / std::sqrt(double(d)) * x.t();
      h.submat(outer, row, outer, row + d - 1) = h.submat(row, outer, row + d - 1, outer).t();
    }
    return h;
  }

  /// Rows (i c + l), columns parameters.
  arma::mat jacobian(const arma::vec& w, const arma::mat& x) const {
    arma::mat j(x.n_rows * c, parameters());
    for (arma::uword i = 0; i < x.n_rows; ++i)
      for (arma::uword l = 0; l < c; ++l) j.row(i * c + l) = gradient(w, x.row(i), l).t();
    return j;
  }
  arma::mat tangent_kernel(const arma::vec& w, const arma::mat& x) const {
    const arma::mat j = jacobian(w, x);
    return j * j.t();
  }
  /// Of the loss (constant/2) |f - y|².
  arma::mat loss_hessian(const arma::vec& w, const arma::mat& x, const arma::mat& y,
                         double constant) const {
    const arma::mat j = jacobian(w, x), r = outputs(w, x) - y;
    arma::mat h = j.t() * j;
    for (arma::uword i = 0; i < x.n_rows; ++i)
      for (arma::uword l = 0; l < c; ++l) h += r(i, l) * hessian(w, x.row(i), l);
    return constant * h;
  }
};

/// A two-layer network on given data from given parameters, and pipelines that train it.
class TwoLayerRuns {
 public:
  /// n samples, targets and parameters drawn by that seed.
  TwoLayerRuns(const TwoLayer& network, arma::uword n, unsigned seed) : net(network) {
    arma::arma_rng::set_seed(seed);
    x = arma::randn(n, net.d);
    y = arma::randn(n, net.c);
    start = arma::randn(net.parameters());
    write("x", x);
    write("y", y);
    write("w", start);
  }

  /// A run of gradient descent unless `optimizer` says otherwise; finished, or the test fails.
  host::RunOutcome run(const std::string& name, int steps, const std::string& diagnostics,
                       const std::string& loss = "half_sse",
                       const std::string& optimizer = "use = 'gd'\nlearning_rate = '0.7/lambda'",
                       const std::string& head = "") const {
    auto outcome = attempt(name, steps, diagnostics, loss, optimizer, head);
    INFO(outcome.message);
    REQUIRE(outcome.status == host::RunStatus::finished);
    return outcome;
  }
  host::RunOutcome attempt(const std::string& name, int steps, const std::string& diagnostics,
                           const std::string& loss, const std::string& optimizer,
                           const std::string& head = "") const {
    const auto file = [&](const char* array) { return (scratch_.path() / array).string(); };
    const host::Plan plan = plan_of(fmt::format(
        "{}[dataset]\nuse = 'npy'\ntrain = '{}'\ntrain_targets = '{}'\ntask = 'regression'\n"
        "[model]\nuse = 'fully_connected'\nwidths = [{}]\nactivation = 'tanh'\n"
        "[loss]\nuse = '{}'\n[optimizer]\n{}\nsteps = {}\n[loop]\nstart = '{}'\n{}",
        head, file("x.npy"), file("y.npy"), net.m, loss, optimizer, steps, file("w.npy"),
        diagnostics));
    host::RunRequest request;
    request.folder = scratch_.path() / name;
    return host::run_pipeline(plan, request);
  }

  arma::mat array(const std::string& run, const std::string& name) const {
    return host::copy_as<double>(
               host::read_npy(scratch_.path() / run / "arrays" / (name + ".npy")).view())
        .t();
  }
  /// Where a run ended.
  arma::vec parameters(const std::string& run) const {
    return arma::vectorise(array(run, "parameters"));
  }

  TwoLayer net;
  arma::mat x, y;
  arma::vec start;

 private:
  void write(const std::string& name, const arma::mat& values) const {
    const arma::mat rows = values.t();
    scratch_.file(name + ".npy", host::npy_bytes(host::NpyArray::copy_of(host::as_array(rows))));
  }

  Scratch scratch_;
};

/// A [[diagnostic]] table.
inline std::string diagnostic(const std::string& id, const std::string& parameters = "") {
  return fmt::format("[[diagnostic]]\nuse = '{}'\n{}\n", id, parameters);
}

}  // namespace onager::test
