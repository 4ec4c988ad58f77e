// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "../linear_problem.hpp"

#include <cmath>
#include <limits>

using namespace onager;
using test::Made;

namespace {

/// A loss at some outputs; f, y, t: c x n.
struct Loss {
  explicit Loss(const std::string& id)
      : made("loss", id), table(made.instance->interface<onager_loss>(ONAGER_LOSS)) {}

  template <class T = double>
  double value(const arma::Mat<T>& f, const arma::Mat<T>& y, std::int64_t samples = 0,
               arma::Mat<T>* gradient = nullptr) const {
    const auto vf = host::as_array(f), vy = host::as_array(y);
    if (gradient) gradient->set_size(f.n_rows, f.n_cols);
    onager_array vg{};
    if (gradient) vg = host::as_array(*gradient);
    double out = 0;
    made.instance->call("evaluate", [&] {
      return table->evaluate(made.instance->get(),
                             samples > 0 ? samples : static_cast<std::int64_t>(f.n_cols), &vf, &vy,
                             &out, gradient ? &vg : nullptr);
    });
    return out;
  }
  arma::mat gradient(const arma::mat& f, const arma::mat& y) const {
    arma::mat out;
    value(f, y, 0, &out);
    return out;
  }
  arma::mat curvature(const arma::mat& f, const arma::mat& y, const arma::mat& t) const {
    arma::mat out(f.n_rows, f.n_cols);
    const auto vf = host::as_array(f), vy = host::as_array(y), vt = host::as_array(t);
    auto vo = host::as_array(out);
    made.instance->call("curvature", [&] {
      return table->curvature(made.instance->get(), static_cast<std::int64_t>(f.n_cols), &vf, &vy,
                              &vt, &vo);
    });
    return out;
  }

  Made made;
  const onager_loss* table;
};

const arma::mat f{{1.0, -2.0, 0.5}, {3.0, 0.25, -1.0}}, y{{0.0, 1.0, 1.0}, {1.0, 0.0, 0.0}};

std::string refusal(const std::string& id, const arma::mat& outputs, const arma::mat& targets) {
  return plugin_test::error_of([&] { Loss(id).value(outputs, targets); });
}

}  // namespace

TEST_CASE("square losses differ by their constants only") {
  const double squares = arma::accu(arma::square(f - y));
  CHECK(Loss("mse").value(f, y) == Approx(squares / 6).epsilon(1e-15));
  CHECK(Loss("half_mse").value(f, y) == Approx(squares / 6).epsilon(1e-15));
  CHECK(Loss("half_sse").value(f, y) == Approx(squares / 2).epsilon(1e-15));
  const arma::mat one = f.row(0), target = y.row(0);
  const double of_one = arma::accu(arma::square(one - target));
  CHECK(Loss("mse").value(one, target) == Approx(of_one / 3).epsilon(1e-15));
  CHECK(Loss("half_mse").value(one, target) == Approx(of_one / 6).epsilon(1e-15));
}

TEST_CASE("a part of the samples counts as part of all") {
  for (const std::string id : {"mse", "half_mse", "half_sse", "logistic", "cross_entropy"}) {
    CAPTURE(id);
    const Loss loss(id);
    arma::mat gradient, first, rest;
    const double all = loss.value(f, y, 3, &gradient);
    const arma::mat f1 = f.head_cols(1), f2 = f.tail_cols(2), y1 = y.head_cols(1),
                    y2 = y.tail_cols(2);
    const double parts = loss.value(f1, y1, 3, &first) + loss.value(f2, y2, 3, &rest);
    CHECK(parts == Approx(all).epsilon(1e-14));
    CHECK(arma::abs(arma::join_rows(first, rest) - gradient).max() == 0);
  }
}

TEST_CASE("the logistic loss takes labels of -1 and 1 as those of 0 and 1") {
  const Loss loss("logistic");
  const double by_hand =
      (std::log(1 + std::exp(1.0)) + std::log(1 + std::exp(2.0)) + std::log(1 + std::exp(-0.5)) +
       std::log(1 + std::exp(-3.0)) + std::log(1 + std::exp(0.25)) + std::log(1 + std::exp(-1.0))) /
      6;
  CHECK(loss.value(f, y) == Approx(by_hand).epsilon(1e-14));
  CHECK(loss.value(f, arma::mat(2 * y - 1)) == loss.value(f, y));
}

TEST_CASE("cross entropy is the mean logarithm of the right class's probability") {
  double by_hand = 0;
  for (arma::uword i = 0; i < 3; ++i) {
    const arma::vec p = arma::exp(f.col(i)) / arma::accu(arma::exp(f.col(i)));
    by_hand -= std::log(arma::dot(p, y.col(i))) / 3;
  }
  CHECK(Loss("cross_entropy").value(f, y) == Approx(by_hand).epsilon(1e-14));
}

TEST_CASE("cross entropy of two classes is the logistic loss of their difference") {
  const arma::mat difference = f.row(0) - f.row(1), label = y.row(0);
  CHECK(Loss("cross_entropy").value(f, y) ==
        Approx(Loss("logistic").value(difference, label)).epsilon(1e-14));
  const arma::mat both = Loss("cross_entropy").gradient(f, y),
                  one = Loss("logistic").gradient(difference, label);
  CHECK(arma::abs(both.row(0) - one).max() < 1e-15);
  CHECK(arma::abs(both.row(1) + one).max() < 1e-15);
}

// exp(-700) is 9.9e-305: representable, where 1 - exp(-700) is not told from 1
TEST_CASE("outputs far from 0 neither overflow nor lose the small numbers") {
  const double tiny = std::exp(-700.0);
  const arma::mat far{{700.0, -700.0, 1e6, -1e6}}, right{{1.0, 0.0, 1.0, 0.0}};
  const Loss logistic("logistic");
  CHECK(logistic.value(far, right) == Approx(2 * tiny / 4).epsilon(1e-12));
  CHECK(logistic.value(far, arma::mat(1 - right)) == Approx((1400.0 + 2e6) / 4).epsilon(1e-14));
  const arma::mat slope = logistic.gradient(far, right);
  CHECK(slope(0) == Approx(-tiny / 4).epsilon(1e-12));
  CHECK(slope(1) == Approx(tiny / 4).epsilon(1e-12));
  CHECK(arma::abs(arma::mat(slope.tail_cols(2))).max() == 0);
  const arma::mat ones(1, 4, arma::fill::ones);
  const arma::mat bend = logistic.curvature(far, right, ones);
  CHECK(bend(0) == Approx(tiny / 4).epsilon(1e-12));
  CHECK(bend(1) == Approx(tiny / 4).epsilon(1e-12));
  CHECK(bend(3) == 0);

  const Loss entropy("cross_entropy");
  const arma::mat two{{700.0, 1e6}, {0.0, -1e6}}, first{{1.0, 1.0}, {0.0, 0.0}};
  CHECK(entropy.value(two, first) == Approx(tiny / 2).epsilon(1e-12));
  CHECK(entropy.value(two, arma::mat(1 - first)) == Approx((700 + 2e6) / 2).epsilon(1e-14));
  const arma::mat pull = entropy.gradient(two, first);
  CHECK(pull(0, 0) == Approx(-tiny / 2).epsilon(1e-12));
  CHECK(pull(1, 0) == Approx(tiny / 2).epsilon(1e-12));
  CHECK(pull(0, 1) == 0);
  const arma::mat along = entropy.curvature(two, first, arma::mat{{1.0, 1.0}, {3.0, 3.0}});
  CHECK(along(0, 0) == Approx(-2 * tiny / 2).epsilon(1e-12));
  CHECK(along(1, 0) == Approx(2 * tiny / 2).epsilon(1e-12));
}

TEST_CASE("outputs that are not finite give a loss that is not, without an error") {
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               inf = std::numeric_limits<double>::infinity();
  for (const std::string id : {"mse", "half_mse", "half_sse", "logistic", "cross_entropy"})
    for (const double broken : {nan, inf})
      for (arma::uword row = 0; row < 2; ++row) {
        CAPTURE(id, broken, row);
        arma::mat outputs = f;
        outputs(row, 1) = broken;
        arma::mat wrong = y;
        wrong.col(1) = row == 0 ? arma::vec{0, 1} : arma::vec{1, 0};
        CHECK_FALSE(std::isfinite(Loss(id).value(outputs, wrong)));
      }
}

TEST_CASE("targets that are no labels are refused") {
  const auto says = [](const std::string& id, const arma::mat& targets, const std::string& words) {
    const arma::mat outputs(targets.n_rows, targets.n_cols, arma::fill::zeros);
    CHECK_THAT(refusal(id, outputs, targets), ContainsSubstring(words));
  };
  says("logistic", {{0.0, 1.0, 0.5}}, "-1 and 1, or of 0 and 1, and one is 0.5");
  says("logistic", {{0.0, 1.0, -1.0}}, "there are both 0 and -1");
  says("logistic", {{2.0, 1.0}}, "and one is 2");
  says("cross_entropy", {{0.0, 0.5}, {1.0, 0.5}}, "1 in that of the sample and 0 elsewhere");
  says("cross_entropy", {{0.0, 1.0}, {1.0, 1.0}}, "1 in that of the sample and 0 elsewhere");
  says("cross_entropy", {{0.0, 1.0}, {0.0, 0.0}}, "1 in that of the sample and 0 elsewhere");
  says("cross_entropy", {{1.0, -1.0}}, "logistic takes one column");
}
