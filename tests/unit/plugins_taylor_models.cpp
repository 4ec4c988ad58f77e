// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "model_under_test.hpp"

#include <onager/model.hpp>

using namespace onager;
using test::central;
using test::difference;
using test::ModelUnderTest;

namespace {

/// A model that starts from the numbers of a file. With `blunt` it gives forward and vjp alone, as
/// a stranger's model may.
template <bool Blunt>
class Restarted {
 public:
  Restarted(const Config& c, const Host& host)
      : child_(c.children("of").at(0), host), start_(c.text("start")) {}

  std::int64_t prepare(std::int64_t features, std::int64_t outputs) {
    return child_.prepare(features, outputs);
  }
  template <class T>
  void initialise(Matrix<T> w) const {
    if (start_.empty()) return child_.initialise(w);
    const arma::mat numbers = test::reference(start_);
    for (std::int64_t i = 0; i < w.rows; ++i)
      w(i, 0) = static_cast<T>(numbers(static_cast<arma::uword>(i)));
  }
  template <class T>
  void forward(Matrix<const T> w, Matrix<const T> x, Matrix<T> out) const {
    child_.forward(w, x, out);
  }
  template <class T>
  void vjp(Matrix<const T> w, Matrix<const T> x, Matrix<T> f, const Cotangent& cotangent,
           Matrix<const T> v, Matrix<T>* w_out, Matrix<T>* x_out) const {
    child_.forward(w, x, f);
    cotangent();
    child_.vjp(w, x, f, v, w_out, x_out);
  }
  template <class T>
  void jvp(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u, const Matrix<const T>* s,
           Matrix<T> out) const {
    child_.jvp(w, x, u, s, out);
  }
  template <class T>
  void hvp(Matrix<const T> w, Matrix<const T> x, Matrix<const T> v, const Matrix<const T>* u,
           const Matrix<const T>* s, Matrix<T>* w_out, Matrix<T>* x_out) const {
    child_.hvp(w, x, v, u, s, w_out, x_out);
  }
  template <class T, bool exact = !Blunt, class = std::enable_if_t<exact>>
  void second(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u,
              const Matrix<const T>* s, Matrix<T> out) const {
    child_.second(w, x, u, s, out);
  }

 private:
  NestedModel child_;
  std::string start_;
};

const host::Registry& registry() {
  static const auto parameters = [] {
    return std::vector<Parameter>{component("of", "model", "The model"),
                                  text("start", "", "A reference array, or the model's own start")};
  };
  static const Plugin plugin{
      About{"org.test.models", "1.0.0", "MIT"},
      model<Restarted<false>>("restarted", "From given parameters", parameters()),
      model<Restarted<true>>("blunt", "Without exact directional derivatives", parameters())};
  static const host::Registry all = [] {
    host::Registry r = host::Registry::load({{ONAGER_PLUGIN_DIR, "test"}});
    r.add(plugin.descriptor(), "test");
    return r;
  }();
  return all;
}

struct Reference {
  std::string name, network;
};
const Reference references[] = {
    {"relu_8", "{ use = 'fully_connected', widths = [8], activation = 'relu' }"},
    {"tanh_8_6", "{ use = 'fully_connected', widths = [8, 6], activation = 'tanh' }"}};

std::string expansion(const std::string& use, const std::string& of) {
  return "use = '" + use + "'\nof = " + of + "\n";
}

/// A network of two outputs, a point away from its start, and directions.
struct Setting {
  explicit Setting(const std::string& use, const std::string& of)
      : model(expansion(use, of), 4, 2, registry()) {
    arma::arma_rng::set_seed(5);
    w0 = model.start();
    w = w0 + 0.3 * arma::randn<arma::vec>(w0.n_elem);
    u.randn(w0.n_elem);
    x.randn(4, 5), z.randn(4, 3), s.randn(4, 5), v.randn(2, 5);
  }
  arma::mat g(double along_u, double along_s) const {
    return model.forward<double>(w + along_u * u, x + along_s * s);
  }
  ModelUnderTest model;
  arma::vec w0, w, u;
  arma::mat x, z, s, v;
};

const std::string swish =
    "{ use = 'fully_connected', widths = [6, 5], activation = 'swish', bias "
    "= true }";

constexpr double step = 1e-4, by_differences = 1e-6, by_rounding = 1e-11;

}  // namespace

TEST_CASE("linear and quadratic models agree with the reference at a point away from the start") {
  for (const auto& r : references) {
    CAPTURE(r.name);
    const arma::mat x = test::reference("net_X");
    const auto load = [&](const char* what) {
      return arma::vec(arma::vectorise(test::reference("net_" + r.name + "_" + what)));
    };
    const arma::vec w = load("w0") + load("dw");
    for (const std::string degree : {"linear", "quadratic"}) {
      const ModelUnderTest model(
          expansion(degree + "_model", "{ use = 'restarted', start = 'net_" + r.name +
                                           "_w0', of = " + r.network + "}"),
          5, 1, registry());
      const arma::mat expected = load((degree + "_at_dw").c_str()).t();
      CHECK(difference(model.forward<double>(w, x), expected) < 1e-10);
    }
  }
}

TEST_CASE("gradient descent of networks and their expansions follows the reference") {
  const arma::mat x = test::reference("net_X"), y = arma::vectorise(test::reference("net_Y")).t();
  const double n = static_cast<double>(x.n_cols);
  for (const auto& r : references) {
    const std::string start =
        "{ use = 'restarted', start = 'net_" + r.name + "_w0', of = " + r.network + "}";
    const ModelUnderTest network(
        "use = 'restarted'\nstart = 'net_" + r.name + "_w0'\nof = " + r.network + "\n", 5, 1,
        registry());
    const arma::mat jacobian = network.jacobian(network.start(), x);
    const double lambda = std::pow(arma::norm(jacobian), 2) / n;
    for (const std::string kind : {"network", "linear", "quadratic"}) {
      CAPTURE(r.name, kind);
      std::unique_ptr<ModelUnderTest> expanded;
      if (kind != "network")
        expanded =
            std::make_unique<ModelUnderTest>(expansion(kind + "_model", start), 5, 1, registry());
      const ModelUnderTest& model = expanded ? *expanded : network;
      const arma::vec losses =
          arma::vectorise(test::reference("net_" + r.name + "_gd_" + kind + "_loss"));
      arma::vec w = model.start();
      for (const double expected : losses) {
        double loss = 0;
        const auto gradient = model.vjp_of<double>(w, x, [&](const arma::mat& f) {
          loss = arma::accu(arma::square(f - y)) / (2 * n);
          return arma::mat((f - y) / n);
        });
        CHECK(loss == Approx(expected).epsilon(1e-7));
        w -= gradient.w / lambda;
      }
    }
  }
}

TEST_CASE("an expansion starts where its model does and equals it there to the first order") {
  const ModelUnderTest network(
      "use = 'fully_connected'\nwidths = [6, 5]\nactivation = "
      "'swish'\nbias = true\n",
      4, 2);
  for (const char* use : {"linear_model", "quadratic_model"}) {
    CAPTURE(use);
    const Setting p(use, swish);
    CHECK(difference(p.w0, network.start()) == 0);
    CHECK(difference(arma::conv_to<arma::vec>::from(p.model.start<float>()),
                     arma::conv_to<arma::vec>::from(network.start<float>())) == 0);
    CHECK(p.model.part_names() == network.part_names());
    CHECK(difference(p.model.forward<double>(p.w0, p.x), network.forward<double>(p.w0, p.x)) == 0);
    CHECK(difference(p.model.vjp<double>(p.w0, p.x, p.v).w, network.vjp<double>(p.w0, p.x, p.v).w) <
          by_rounding);
    CHECK(difference(p.model.vjp<double>(p.w0, p.x, p.v).x, network.vjp<double>(p.w0, p.x, p.v).x) <
          by_rounding);
    CHECK(difference(p.model.tangent_kernel<double>(p.w0, p.x),
                     network.tangent_kernel<double>(p.w0, p.x)) < by_rounding);
  }
}

TEST_CASE("in its parameters an expansion is a polynomial of its degree") {
  for (const char* use : {"linear_model", "quadratic_model"}) {
    CAPTURE(use);
    const Setting p(use, swish);
    // of a polynomial of degree 2 differences are exact whatever the step
    const arma::mat first = (p.g(1, 0) - p.g(-1, 0)) / 2,
                    second = p.g(1, 0) - 2 * p.g(0, 0) + p.g(-1, 0);
    CHECK(difference(p.model.jvp<double>(p.w, p.x, &p.u, nullptr), first) < by_rounding);
    CHECK(difference(p.model.second<double>(p.w, p.x, &p.u, nullptr), second) < by_rounding);
    const auto gradient = [&](double e) -> arma::mat {
      return p.model.vjp<double>(p.w + e * p.u, p.x, p.v).w;
    };
    CHECK(difference(p.model.hvp_w<double>(p.w, p.x, p.v, &p.u, nullptr), central(1, gradient)) <
          by_rounding);
    CHECK(arma::dot(p.v, first) ==
          Approx(arma::dot(p.u, p.model.vjp<double>(p.w, p.x, p.v).w)).epsilon(1e-10));
    const auto jx = p.model.jacobian(p.w, p.x), jz = p.model.jacobian(p.w, p.z);
    CHECK(difference(p.model.tangent_kernel<double>(p.w, p.x), jx * jx.t()) < by_rounding);
    CHECK(difference(p.model.tangent_kernel<double>(p.w, p.x, &p.z), jx * jz.t()) < by_rounding);
  }
}

TEST_CASE("expansions have derivatives in the inputs") {
  for (const char* use : {"linear_model", "quadratic_model"}) {
    CAPTURE(use);
    const Setting p(use, swish);
    CHECK(difference(p.model.jvp<double>(p.w, p.x, &p.u, &p.s),
                     central(step, [&](double e) { return p.g(e, e); })) < by_differences);
    CHECK(arma::dot(p.s, p.model.vjp<double>(p.w, p.x, p.v).x) ==
          Approx(arma::dot(p.v, p.model.jvp<double>(p.w, p.x, nullptr, &p.s))).epsilon(1e-7));
    CHECK(difference(p.model.hvp_w<double>(p.w, p.x, p.v, &p.u, &p.s),
                     central(step, [&](double e) -> arma::mat {
                       return p.model.vjp<double>(p.w + e * p.u, p.x + e * p.s, p.v).w;
                     })) < by_differences);
  }
  const Setting linear("linear_model", swish);
  CHECK(difference(linear.model.second<double>(linear.w, linear.x, &linear.u, &linear.s),
                   central(step, [&](double e) {
                     return linear.model.jvp<double>(linear.w + e * linear.u,
                                                     linear.x + e * linear.s, &linear.u, &linear.s);
                   })) < by_differences);
  CHECK(difference(linear.model.hvp<double>(linear.w, linear.x, linear.v, &linear.u, &linear.s).x,
                   central(step, [&](double e) -> arma::mat {
                     return linear.model
                         .vjp<double>(linear.w + e * linear.u, linear.x + e * linear.s, linear.v)
                         .x;
                   })) < by_differences);
}

TEST_CASE("what would need fourth derivatives is refused with the reason") {
  const Setting p("quadratic_model", swish);
  CHECK_THROWS_WITH(p.model.hvp<double>(p.w, p.x, p.v, &p.u, nullptr),
                    ContainsSubstring("a derivative of input gradients of a quadratic model needs "
                                      "fourth derivatives"));
  CHECK_THROWS_WITH(p.model.second<double>(p.w, p.x, &p.u, &p.s),
                    ContainsSubstring("a second derivative along inputs"));
}

TEST_CASE("a model with forward and vjp alone has expansions too, by differences") {
  const std::string blunt = "{ use = 'blunt', of = " + swish + " }";
  for (const char* use : {"linear_model", "quadratic_model"}) {
    CAPTURE(use);
    const Setting exact(use, swish), p(use, blunt);
    CHECK(difference(p.w0, exact.w0) == 0);
    // differences of second order: the square root of the precision
    CHECK(difference(p.g(0, 0), exact.g(0, 0)) < 1e-6);
    CHECK(difference(p.model.vjp<double>(p.w, p.x, p.v).w,
                     exact.model.vjp<double>(p.w, p.x, p.v).w) < 1e-6);
  }
}

TEST_CASE("expansions in float32 are those in float64 rounded") {
  for (const char* use : {"linear_model", "quadratic_model"}) {
    CAPTURE(use);
    const Setting p(use, swish);
    const auto w = arma::conv_to<arma::fvec>::from(p.w), u = arma::conv_to<arma::fvec>::from(p.u);
    const auto x = arma::conv_to<arma::fmat>::from(p.x), v = arma::conv_to<arma::fmat>::from(p.v);
    const auto near = [](const arma::fmat& a, const arma::mat& b) {
      return difference(arma::conv_to<arma::mat>::from(a), b) < 1e-4;
    };
    CHECK(near(p.model.forward<float>(w, x), p.g(0, 0)));
    CHECK(near(p.model.vjp<float>(w, x, v).w, p.model.vjp<double>(p.w, p.x, p.v).w));
    CHECK(
        near(p.model.jvp<float>(w, x, &u, nullptr), p.model.jvp<double>(p.w, p.x, &p.u, nullptr)));
    CHECK(near(p.model.tangent_kernel<float>(w, x), p.model.tangent_kernel<double>(p.w, p.x)));
  }
}

TEST_CASE("derivatives of expansions along inputs lose no digits of float32 to differences") {
  const auto wide = [](const auto& m) { return arma::conv_to<arma::mat>::from(m); };
  for (const std::string use : {"linear_model", "quadratic_model"}) {
    CAPTURE(use);
    const Setting p(use, swish);
    const arma::fvec w = arma::conv_to<arma::fvec>::from(p.w),
                     u = arma::conv_to<arma::fvec>::from(p.u);
    const arma::fmat x = arma::conv_to<arma::fmat>::from(p.x),
                     s = arma::conv_to<arma::fmat>::from(p.s),
                     v = arma::conv_to<arma::fmat>::from(p.v);
    const arma::vec w2 = wide(w), u2 = wide(u);
    const arma::mat x2 = wide(x), s2 = wide(s), v2 = wide(v);
    const auto near = [&](const arma::fmat& a, const arma::mat& b) {
      return difference(wide(a), b) < 2e-6;
    };
    CHECK(near(p.model.jvp<float>(w, x, &u, &s), p.model.jvp<double>(w2, x2, &u2, &s2)));
    CHECK(near(p.model.vjp<float>(w, x, v).x, p.model.vjp<double>(w2, x2, v2).x));
    if (use == "quadratic_model") continue;
    CHECK(near(p.model.second<float>(w, x, &u, &s), p.model.second<double>(w2, x2, &u2, &s2)));
    CHECK(near(p.model.hvp<float>(w, x, v, &u, &s).x, p.model.hvp<double>(w2, x2, v2, &u2, &s2).x));
  }
}
