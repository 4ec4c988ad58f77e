// SPDX-License-Identifier: MIT
//
// Properties of every network: what its derivatives must satisfy, whatever it computes.
#include "../catch.hpp"
#include "model_under_test.hpp"

#include <thread>

using namespace onager;
using test::central;
using test::difference;
using test::Gradients;
using test::ModelUnderTest;

namespace {

struct Case {
  std::string lines;
  std::int64_t features = 5, outputs = 2;
};

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const char* activation :
       {"relu", "tanh", "swish", "softplus", "sigmoid", "erf", "quadratic", "identity", "sine"})
    out.push_back({"use = 'fully_connected'\nwidths = [7, 6]\nactivation = '" +
                   std::string(activation) + "'\n"});
  for (const char* lines :
       {"depth = 0\n", "depth = 0\nbias = true\noutput_activation = 'softplus'\n",
        "widths = [9, 1, 4]\nactivation = 'tanh'\nbias = true\nbias_scale = 0.3\n",
        "widths = [6, 6]\nactivation = 'swish'\noutput_activation = 'sigmoid'\n"
        "parametrisation = 'standard'\ninitial_law = 'uniform'\nbias = true\n",
        "width = 8\nactivation = 'erf'\noutput_weights = 'fixed_signs'\nbias = true\n",
        "width = 8\nactivation = 'sine'\noutput_weights = 'signs'\nparametrisation = 'standard'\n"
        "initial_scale = 1.4\n"})
    out.push_back({"use = 'fully_connected'\n" + std::string(lines)});
  for (const char* lines : {"activation = 'softplus'\n",
                            "depth = 2\nactivation = 'tanh'\nbranch_scale = -0.5\nbias = true\n",
                            "depth = 0\nactivation = 'relu'\noutput_weights = 'fixed_signs'\n"})
    out.push_back({"use = 'residual'\nwidth = 6\n" + std::string(lines)});
  for (const char* lines :
       {"activation = 'tanh'\nbias = true\n",
        "channels = [3, 0]\nactivation = 'relu'\npadding = 1\n",
        "depth = 1\nactivation = 'swish'\nstride = 2\npadding = 2\nbias = true\n"
        "parametrisation = 'standard'\n",
        "depth = 1\nkernel_size = 1\nactivation = 'softplus'\npooling = 'average'\n",
        "depth = 1\npadding = 1\nactivation = 'tanh'\npooling = 'max'\nmean_of_channels = true\n"})
    out.push_back({"use = 'convolutional'\nwidth = 4\n" + std::string(lines), 36});
  out.push_back(
      {"use = 'convolutional'\nwidth = 4\ndepth = 1\nactivation = 'erf'\n"
       "image_channels = 3\nimage_layout = 'channels_first'\nimage_height = 4\n",
       60});
  // few positions and many channels: its kernel is computed the other way
  out.push_back(
      {"use = 'convolutional'\nchannels = [6, 40]\npadding = 1\nstride = 3\nbias = true\n"
       "activation = 'tanh'\n",
       36});
  for (const char* lines :
       {"in_degree = 4\n", "levels = 4\nin_degree = 3\nspread = 1.0\nskip = 0.6\nbias = true\n",
        "levels = 3\nin_degree = 4\nthin_level = 2\nactivation = 'swish'\n",
        "levels = 1\nin_degree = 2\nwidth = 5\nactivation = 'relu'\n"})
    out.push_back({"use = 'neuron_graph'\n" + std::string(lines)});
  for (const char* layers :
       {"'f = affine(x, outputs)'",
        "'h1 = affine(x, width)', 'a1 = tanh(h1)', 's = sum(a1, h1)', 'c = concatenate(s, x)', "
        "'d = scale(c, -0.5)', 'f = affine(d, outputs)'",
        "'h = affine(x, 4)', 'a = erf(h)', 'b = sum(a, a, h)', 'g = affine(b, 4)', "
        "'q = quadratic(g)', 'r = sum(q, a)', 'f = affine(r, outputs)', 'y = swish(f)'",
        // nothing before the first affine has parameters
        "'a = sine(x)', 'b = concatenate(a, x)', 'f = affine(b, outputs)'"})
    out.push_back(
        {"use = 'network'\nwidth = 5\nbias = true\nlayers = [" + std::string(layers) + "]\n"});
  out.push_back(
      {"use = 'network'\nlayers = ['i = image(x, 5, 4, channels = 3)', "
       "'c = convolution(i, 4, kernel = 2, padding = 1)', 'a = softplus(c)', "
       "'p = average_pool(a, 3, stride = 2)', 'd = convolution(p, 4, kernel = 1)', "
       "'s = sum(p, d)', 'f = affine(s, outputs)']\n",
       60});
  return out;
}

/// A point and directions for a model, the same in every run.
struct Setting {
  explicit Setting(const Case& c, arma::uword samples = 6)
      : model(c.lines, c.features, c.outputs), w(model.start()) {
    arma::arma_rng::set_seed(11);
    const auto d = static_cast<arma::uword>(c.features), k = static_cast<arma::uword>(c.outputs);
    x.randn(d, samples);
    z.randn(d, samples - 1);
    s.randn(d, samples);
    v.randn(k, samples);
    u.randn(w.n_elem);
    w += 0.1 * arma::randn<arma::vec>(w.n_elem);
  }
  ModelUnderTest model;
  arma::vec w, u;
  arma::mat x, z, s, v;
};

// Central differences of step 1e-5: truncation of order 1e-10 and rounding of order 1e-11 of the
// function, times its third derivatives.
constexpr double step = 1e-5, by_differences = 1e-7;
// Two ways of adding up the same numbers.
constexpr double by_rounding = 1e-12;

}  // namespace

TEST_CASE("derivatives of networks along a direction are what differences give") {
  for (const Case& c : cases()) {
    CAPTURE(c.lines);
    const Setting p(c);
    const auto moved_w = [&](double e) { return arma::vec(p.w + e * p.u); };
    const auto moved_x = [&](double e) { return arma::mat(p.x + e * p.s); };
    const auto both = p.model.jvp<double>(p.w, p.x, &p.u, &p.s);
    CHECK(difference(both, central(step, [&](double e) {
                       return p.model.forward<double>(moved_w(e), moved_x(e));
                     })) < by_differences);
    const auto second = p.model.second<double>(p.w, p.x, &p.u, &p.s);
    CHECK(difference(second, central(step, [&](double e) {
                       return p.model.jvp<double>(moved_w(e), moved_x(e), &p.u, &p.s);
                     })) < by_differences);
    const auto product = p.model.hvp<double>(p.w, p.x, p.v, &p.u, &p.s);
    CHECK(difference(product.w, central(step, [&](double e) -> arma::mat {
                       return p.model.vjp<double>(moved_w(e), moved_x(e), p.v).w;
                     })) < by_differences);
    CHECK(difference(product.x, central(step, [&](double e) -> arma::mat {
                       return p.model.vjp<double>(moved_w(e), moved_x(e), p.v).x;
                     })) < by_differences);
  }
}

TEST_CASE("derivatives forwards and backwards are each other's transpose") {
  for (const Case& c : cases()) {
    CAPTURE(c.lines);
    const Setting p(c);
    const auto g = p.model.vjp<double>(p.w, p.x, p.v);
    const auto h = p.model.hvp<double>(p.w, p.x, p.v, &p.u, &p.s);
    const auto paired = [&](const Gradients<double>& a) {
      return arma::dot(a.w, p.u) + arma::dot(a.x, p.s);
    };
    const auto first = p.model.jvp<double>(p.w, p.x, &p.u, &p.s),
               second = p.model.second<double>(p.w, p.x, &p.u, &p.s);
    const double size = arma::norm(p.v, "fro");
    CHECK(paired(g) == Approx(arma::dot(p.v, first)).margin(by_rounding * size * arma::norm(g.w)));
    CHECK(paired(h) == Approx(arma::dot(p.v, second)).margin(by_rounding * size * arma::norm(h.w)));
  }
}

TEST_CASE("a direction that is left out is a direction of zeros") {
  for (const Case& c : cases()) {
    CAPTURE(c.lines);
    const Setting p(c);
    const arma::vec no_u(p.u.n_elem, arma::fill::zeros);
    const arma::mat no_s(arma::size(p.s), arma::fill::zeros);
    const auto equal = [](const arma::mat& a, const arma::mat& b) {
      return difference(a, b) < by_rounding;
    };
    struct Pair {
      const arma::vec *u, *full_u;
      const arma::mat *s, *full_s;
    };
    for (const Pair d : {Pair{&p.u, &p.u, nullptr, &no_s}, Pair{nullptr, &no_u, &p.s, &p.s},
                         Pair{nullptr, &no_u, nullptr, &no_s}}) {
      CHECK(equal(p.model.jvp<double>(p.w, p.x, d.u, d.s),
                  p.model.jvp<double>(p.w, p.x, d.full_u, d.full_s)));
      CHECK(equal(p.model.second<double>(p.w, p.x, d.u, d.s),
                  p.model.second<double>(p.w, p.x, d.full_u, d.full_s)));
      const auto left_out = p.model.hvp<double>(p.w, p.x, p.v, d.u, d.s),
                 zeros = p.model.hvp<double>(p.w, p.x, p.v, d.full_u, d.full_s);
      CHECK(equal(left_out.w, zeros.w));
      CHECK(equal(left_out.x, zeros.x));
    }
  }
}

TEST_CASE("tangent kernels without a Jacobian are products of Jacobians") {
  for (const Case& c : cases()) {
    CAPTURE(c.lines);
    const Setting p(c);
    const arma::mat at_x = p.model.jacobian(p.w, p.x), at_z = p.model.jacobian(p.w, p.z);
    const auto kernel = p.model.tangent_kernel<double>(p.w, p.x);
    CHECK(difference(kernel, at_x * at_x.t()) < by_rounding);
    CHECK(difference(kernel, kernel.t()) == 0);
    CHECK(difference(p.model.tangent_kernel<double>(p.w, p.x, &p.z), at_x * at_z.t()) <
          by_rounding);
  }
}

TEST_CASE("the cotangent is asked for once the outputs are there") {
  for (const Case& c : cases()) {
    CAPTURE(c.lines);
    const Setting p(c);
    const auto f = p.model.forward<double>(p.w, p.x);
    const auto expected = p.model.vjp<double>(p.w, p.x, 2 * f);
    const auto got =
        p.model.vjp_of<double>(p.w, p.x, [](const arma::mat& out) { return arma::mat(2 * out); });
    CHECK(difference(got.w, expected.w) < by_rounding);
    CHECK(difference(got.x, expected.x) < by_rounding);
  }
}

TEST_CASE("networks in float32 are those in float64 rounded") {
  using Single = arma::fmat;
  // float32 sums of tens of terms, second derivatives of three layers
  constexpr double tolerance = 1e-4;
  for (const Case& c : cases()) {
    CAPTURE(c.lines);
    const Setting p(c);
    const auto single = [](const auto& m) { return arma::conv_to<Single>::from(m); };
    const auto column = [](const auto& m) { return arma::conv_to<arma::fvec>::from(m); };
    const auto near = [&](const Single& a, const arma::mat& b) {
      return difference(arma::conv_to<arma::mat>::from(a), b) < tolerance;
    };
    const arma::fvec w = column(p.w), u = column(p.u);
    const Single x = single(p.x), s = single(p.s), v = single(p.v);
    CHECK(near(p.model.forward<float>(w, x), p.model.forward<double>(p.w, p.x)));
    CHECK(near(p.model.jvp<float>(w, x, &u, &s), p.model.jvp<double>(p.w, p.x, &p.u, &p.s)));
    CHECK(near(p.model.second<float>(w, x, &u, &s), p.model.second<double>(p.w, p.x, &p.u, &p.s)));
    const auto g = p.model.vjp<float>(w, x, v), h = p.model.hvp<float>(w, x, v, &u, &s);
    const auto g2 = p.model.vjp<double>(p.w, p.x, p.v),
               h2 = p.model.hvp<double>(p.w, p.x, p.v, &p.u, &p.s);
    CHECK(near(g.w, g2.w));
    CHECK(near(g.x, g2.x));
    CHECK(near(h.w, h2.w));
    CHECK(near(h.x, h2.x));
    CHECK(near(p.model.tangent_kernel<float>(w, x), p.model.tangent_kernel<double>(p.w, p.x)));
    CHECK(near(p.model.start<float>(), p.model.start<double>()));
  }
}

TEST_CASE("two threads may use one network at once") {
  for (const Case& c : cases()) {
    CAPTURE(c.lines);
    const Setting p(c, 40);
    const auto all = [&] {
      const auto g = p.model.vjp<double>(p.w, p.x, p.v),
                 h = p.model.hvp<double>(p.w, p.x, p.v, &p.u, &p.s);
      return arma::vec(arma::join_cols(
          g.w, arma::join_cols(h.w, arma::vectorise(p.model.tangent_kernel<double>(p.w, p.x)))));
    };
    const arma::vec alone = all();
    std::vector<arma::vec> found(2);
    std::vector<std::thread> threads;
    for (auto& result : found)
      threads.emplace_back([&] {
        for (int k = 0; k < 5; ++k) result = all();
      });
    for (auto& thread : threads) thread.join();
    for (const auto& result : found) CHECK(difference(result, alone) == 0);
  }
}

TEST_CASE("a network's batch is its samples one by one") {
  for (const Case& c : cases()) {
    CAPTURE(c.lines);
    const Setting p(c);
    const auto f = p.model.forward<double>(p.w, p.x);
    const auto g = p.model.vjp<double>(p.w, p.x, p.v);
    arma::vec sum(g.w.n_elem, arma::fill::zeros);
    for (arma::uword i = 0; i < p.x.n_cols; ++i) {
      const arma::mat xi = p.x.col(i), vi = p.v.col(i);
      CHECK(difference(p.model.forward<double>(p.w, xi), f.col(i)) < by_rounding);
      const auto gi = p.model.vjp<double>(p.w, xi, vi);
      CHECK(difference(gi.x, g.x.col(i)) < by_rounding);
      sum += gi.w;
    }
    CHECK(difference(sum, g.w) < by_rounding);
  }
}
