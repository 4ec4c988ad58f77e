// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "model_under_test.hpp"

using namespace onager;
using test::ModelUnderTest;
using test::relative_error;

namespace {

constexpr double tolerance =
    1e-10;  // of an independent implementation by automatic differentiation

struct Case {
  const char *name, *lines;
};

arma::mat reference(const Case& c, const std::string& what) {
  return test::reference("net_" + std::string(c.name) + "_" + what);
}
arma::vec vector_of(const Case& c, const std::string& what) {
  return arma::vectorise(reference(c, what));
}

}  // namespace

TEST_CASE("networks agree with the reference in outputs, Jacobian, tangent kernel and Hessians") {
  const auto c =
      GENERATE(Case{"relu_8", "use = 'fully_connected'\nwidths = [8]\nactivation = 'relu'\n"},
               Case{"tanh_8_6", "use = 'fully_connected'\nwidths = [8, 6]\nactivation = 'tanh'\n"});
  CAPTURE(c.name);
  const arma::mat x = test::reference("net_X");
  const ModelUnderTest model(c.lines, static_cast<std::int64_t>(x.n_rows), 1);
  const arma::vec w0 = vector_of(c, "w0"), dw = vector_of(c, "dw"), u = vector_of(c, "direction");
  REQUIRE(model.parameters() == w0.n_elem);

  CHECK(relative_error(model.forward<double>(w0, x), vector_of(c, "f").t()) < tolerance);
  CHECK(relative_error(model.forward<double>(w0 + dw, x), vector_of(c, "f_at_dw").t()) < tolerance);
  const arma::mat jacobian = model.jacobian(w0, x);
  CHECK(relative_error(jacobian.t(), reference(c, "jacobian")) < tolerance);
  CHECK(relative_error(model.tangent_kernel<double>(w0, x), reference(c, "tangent_kernel")) <
        tolerance);

  const arma::mat hvp = reference(c, "hvp");
  const arma::vec norms = vector_of(c, "hessian_norm");
  for (arma::uword i = 0; i < x.n_cols; ++i) {
    const arma::mat xi = x.col(i), one(1, 1, arma::fill::ones);
    CHECK(relative_error(model.hvp<double>(w0, xi, one, &u, nullptr).w, hvp.col(i)) < tolerance);
    arma::mat hessian(w0.n_elem, w0.n_elem);
    for (arma::uword k = 0; k < w0.n_elem; ++k) {
      arma::vec e(w0.n_elem, arma::fill::zeros);
      e(k) = 1;
      hessian.col(k) = model.hvp<double>(w0, xi, one, &e, nullptr).w;
    }
    CHECK(arma::abs(hessian - hessian.t()).max() < tolerance * norms(i));
    CHECK(arma::abs(arma::eig_sym(hessian)).max() == Approx(norms(i)).epsilon(tolerance));
  }

  // the linear and the quadratic model about w0
  const arma::mat first = model.jvp<double>(w0, x, &dw, nullptr),
                  second = model.second<double>(w0, x, &dw, nullptr),
                  linear = model.forward<double>(w0, x) + first;
  CHECK(relative_error(linear, vector_of(c, "linear_at_dw").t()) < tolerance);
  CHECK(relative_error(linear + second / 2, vector_of(c, "quadratic_at_dw").t()) < tolerance);
}
