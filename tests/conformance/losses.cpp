// SPDX-License-Identifier: MIT
//
// What holds for any loss: its derivatives are those of its value, and it is convex.
#include "../catch.hpp"
#include "examples.hpp"

#include <cmath>

using namespace onager;
using test::Example;

namespace {

template <class T>
class Loss {
 public:
  explicit Loss(const Example& example)
      : instance_(test::plan_of(example), environment_),
        table_(instance_.interface<onager_loss>(ONAGER_LOSS)) {
    REQUIRE(table_ != nullptr);
  }

  double value(const arma::Mat<T>& f, const arma::Mat<T>& y) const {
    double out = 0;
    evaluate(f, y, &out, nullptr);
    return out;
  }
  arma::mat gradient(const arma::Mat<T>& f, const arma::Mat<T>& y) const {
    double ignored = 0;
    arma::Mat<T> out(f.n_rows, f.n_cols);
    auto view = host::as_array(out);
    evaluate(f, y, &ignored, &view);
    return arma::conv_to<arma::mat>::from(out);
  }
  arma::mat curvature(const arma::Mat<T>& f, const arma::Mat<T>& y, const arma::Mat<T>& t) const {
    arma::Mat<T> out(f.n_rows, f.n_cols);
    const auto vf = host::as_array(f), vy = host::as_array(y), vt = host::as_array(t);
    auto view = host::as_array(out);
    instance_.call("curvature", [&] {
      return table_->curvature(instance_.get(), samples(f), &vf, &vy, &vt, &view);
    });
    return arma::conv_to<arma::mat>::from(out);
  }

 private:
  static std::int64_t samples(const arma::Mat<T>& f) { return static_cast<std::int64_t>(f.n_cols); }
  void evaluate(const arma::Mat<T>& f, const arma::Mat<T>& y, double* value,
                onager_array* gradient) const {
    const auto vf = host::as_array(f), vy = host::as_array(y);
    instance_.call("evaluate", [&] {
      return table_->evaluate(instance_.get(), samples(f), &vf, &vy, value, gradient);
    });
  }

  host::Environment environment_;
  host::Instance instance_;
  const onager_loss* table_;
};

/// Outputs and directions in steps of 1/64, which float32 adds without rounding; classes as
/// targets.
struct Case {
  arma::mat f, y, t;
};

Case a_case(arma::uword outputs) {
  const auto coarse = [](const arma::mat& m) { return arma::mat(arma::round(64 * m) / 64); };
  Case made{coarse(test::normal_numbers(outputs, 6, 21)), arma::mat(outputs, 6, arma::fill::zeros),
            coarse(test::normal_numbers(outputs, 6, 22))};
  for (arma::uword i = 0; i < 6; ++i) made.y(i % outputs, i) = 1;
  return made;
}

}  // namespace

// Central differences with step h are off by h²/6 times the third derivative, at most about 1 here,
// and by the rounding of what they subtract over h.
TEMPLATE_TEST_CASE("gradient and curvature are the derivatives of the loss", "", double, float) {
  using T = TestType;
  const double h = 1.0 / 1024, eps = static_cast<double>(std::numeric_limits<T>::epsilon());
  const double difference = h * h, rounding = 4 * eps / h;
  for (const auto& example : test::examples("loss"))
    for (const arma::uword outputs : {2u, 5u}) {
      CAPTURE(example.label(), outputs);
      const Loss<T> loss(example);
      const Case at = a_case(outputs);
      const auto f = arma::conv_to<arma::Mat<T>>::from(at.f),
                 y = arma::conv_to<arma::Mat<T>>::from(at.y),
                 t = arma::conv_to<arma::Mat<T>>::from(at.t);
      const arma::Mat<T> ahead = f + T(h) * t, behind = f - T(h) * t;

      const double slope = (loss.value(ahead, y) - loss.value(behind, y)) / (2 * h);
      const arma::mat gradient = loss.gradient(f, y);
      const double size = arma::norm(gradient, "fro") * arma::norm(at.t, "fro");
      CHECK(std::abs(arma::dot(gradient, at.t) - slope) <= (difference + rounding) * size);

      const arma::mat bend = (loss.gradient(ahead, y) - loss.gradient(behind, y)) / (2 * h);
      const arma::mat curvature = loss.curvature(f, y, t);
      CHECK(arma::norm(curvature - bend, "fro") <= 10 * difference * arma::norm(curvature, "fro") +
                                                       rounding * arma::norm(gradient, "fro"));
    }
}

TEST_CASE("the curvature of a loss is symmetric and not negative") {
  for (const auto& example : test::examples("loss")) {
    CAPTURE(example.label());
    const Loss<double> loss(example);
    const Case at = a_case(4);
    const arma::mat u = test::normal_numbers(4, 6, 23);
    const arma::mat of_t = loss.curvature(at.f, at.y, at.t), of_u = loss.curvature(at.f, at.y, u);
    const double size = arma::norm(of_t, "fro") * arma::norm(u, "fro");
    CHECK(std::abs(arma::dot(of_t, u) - arma::dot(of_u, at.t)) <= 1e-14 * size);
    for (arma::uword i = 0; i < 6; ++i) CHECK(arma::dot(of_t.col(i), at.t.col(i)) >= -1e-15 * size);
  }
}

TEST_CASE("a loss in float32 is that in float64, rounded") {
  for (const auto& example : test::examples("loss")) {
    CAPTURE(example.label());
    const Loss<double> wide(example);
    const Loss<float> narrow(example);
    const Case at = a_case(3);
    const auto f = arma::conv_to<arma::fmat>::from(at.f), y = arma::conv_to<arma::fmat>::from(at.y),
               t = arma::conv_to<arma::fmat>::from(at.t);
    const double eps = static_cast<double>(std::numeric_limits<float>::epsilon());
    CHECK(narrow.value(f, y) == Approx(wide.value(at.f, at.y)).epsilon(4 * eps));
    CHECK(test::relative_error(narrow.gradient(f, y), wide.gradient(at.f, at.y)) <= 4 * eps);
    CHECK(test::relative_error(narrow.curvature(f, y, t), wide.curvature(at.f, at.y, at.t)) <=
          4 * eps);
  }
}
