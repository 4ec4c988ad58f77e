// SPDX-License-Identifier: MIT
//
// What particular networks compute, and how they refuse what they cannot be.
#include "../catch.hpp"
#include "model_under_test.hpp"

using namespace onager;
using test::difference;
using test::ModelUnderTest;

namespace {

constexpr double by_rounding = 1e-13;

arma::mat normal(arma::uword rows, arma::uword cols) {
  arma::arma_rng::set_seed(3);
  return arma::randn(rows, cols);
}

/// y = convolution of one sample by its definition; x by rows of pixels with their channels.
arma::vec convolved(const arma::vec& x, arma::uword side, arma::uword channels, const arma::mat& w,
                    arma::uword kernel, int stride, int padding) {
  const int out_side =
      (static_cast<int>(side) + 2 * padding - static_cast<int>(kernel)) / stride + 1;
  std::vector<double> y;
  for (int oy = 0; oy < out_side; ++oy)
    for (int ox = 0; ox < out_side; ++ox)
      for (arma::uword f = 0; f < w.n_rows; ++f) {
        double sum = 0;
        for (int ky = 0; ky < static_cast<int>(kernel); ++ky)
          for (int kx = 0; kx < static_cast<int>(kernel); ++kx)
            for (arma::uword c = 0; c < channels; ++c) {
              const int row = oy * stride + ky - padding, col = ox * stride + kx - padding;
              if (row < 0 || col < 0 || row >= static_cast<int>(side) ||
                  col >= static_cast<int>(side))
                continue;
              const auto pixel =
                  static_cast<arma::uword>(row) * side + static_cast<arma::uword>(col);
              const auto at =
                  (static_cast<arma::uword>(ky) * kernel + static_cast<arma::uword>(kx)) *
                      channels +
                  c;
              sum += w(f, at) * x(pixel * channels + c);
            }
        y.push_back(sum / std::sqrt(static_cast<double>(w.n_cols)));
      }
  return arma::vec(y);
}

}  // namespace

TEST_CASE("a layered neuron graph is the fully connected network with the same numbers") {
  const ModelUnderTest graph(
      "use = 'neuron_graph'\nlevels = 3\nin_degree = 7\nwidth = 7\nskip = 0\n"
      "activation = 'tanh'\n",
      5, 2),
      layered("use = 'fully_connected'\nwidths = [7, 7, 7]\nactivation = 'tanh'\n", 5, 2);
  REQUIRE(graph.parameters() == layered.parameters());
  const arma::vec w = layered.start(), u = arma::vectorise(normal(w.n_elem, 1));
  const arma::mat x = normal(5, 6), v = normal(2, 6);
  CHECK(difference(graph.start(), w) == 0);
  CHECK(difference(graph.forward<double>(w, x), layered.forward<double>(w, x)) < by_rounding);
  CHECK(difference(graph.vjp<double>(w, x, v).w, layered.vjp<double>(w, x, v).w) < by_rounding);
  CHECK(difference(graph.hvp<double>(w, x, v, &u, nullptr).w,
                   layered.hvp<double>(w, x, v, &u, nullptr).w) < by_rounding);
  CHECK(difference(graph.tangent_kernel<double>(w, x), layered.tangent_kernel<double>(w, x)) <
        by_rounding);
}

TEST_CASE("a network written line by line is the one it describes") {
  const ModelUnderTest written(
      "use = 'network'\nwidth = 6\nlayers = ['h1 = affine(x, width)', 'a1 "
      "= relu(h1)', 'f = affine(a1, outputs)']\n",
      5, 2),
      layered("use = 'fully_connected'\nwidth = 6\n", 5, 2);
  const arma::vec w = layered.start();
  const arma::mat x = normal(5, 4);
  CHECK(difference(written.start(), w) == 0);
  CHECK(difference(written.forward<double>(w, x), layered.forward<double>(w, x)) < by_rounding);
  CHECK(written.part_names() == std::vector<std::string>{"h1.w", "f.w"});
  CHECK(layered.part_names() == std::vector<std::string>{"w1", "w2"});
}

TEST_CASE("convolutions are what their definition says") {
  const arma::uword side = 5, channels = 2;
  const arma::mat x = normal(side * side * channels, 3);
  struct Form {
    arma::uword kernel;
    int stride, padding;
  };
  for (const Form form : {Form{3, 1, 0}, Form{3, 2, 1}, Form{2, 1, 2}, Form{1, 1, 0}}) {
    CAPTURE(form.kernel, form.stride, form.padding);
    const std::string conv = "'c = convolution(i, 4, kernel = " + std::to_string(form.kernel) +
                             ", stride = " + std::to_string(form.stride) +
                             ", padding = " + std::to_string(form.padding) + ")'";
    const arma::uword patch = form.kernel * form.kernel * channels;
    const arma::mat w = normal(patch, 4);  // its columns are the filters
    const arma::vec expected =
        convolved(x.col(0), side, channels, w.t(), form.kernel, form.stride, form.padding);
    const ModelUnderTest model(
        "use = 'network'\nlayers = ['i = image(x, 5, 5, 2)', " + conv + "]\n",
        static_cast<std::int64_t>(x.n_rows), static_cast<std::int64_t>(expected.n_elem));
    const arma::mat y = model.forward<double>(arma::vec(arma::vectorise(w)), x);
    CHECK(difference(y.col(0), expected) < by_rounding);
    for (arma::uword i = 1; i < x.n_cols; ++i)
      CHECK(difference(y.col(i), convolved(x.col(i), side, channels, w.t(), form.kernel,
                                           form.stride, form.padding)) < by_rounding);
  }
}

TEST_CASE("channels may come first in the data") {
  const arma::mat last = normal(4 * 4 * 3, 2);
  arma::mat first(arma::size(last));
  for (arma::uword pixel = 0; pixel < 16; ++pixel)
    for (arma::uword c = 0; c < 3; ++c) first.row(c * 16 + pixel) = last.row(pixel * 3 + c);
  const std::string lines = "use = 'convolutional'\ndepth = 1\nwidth = 4\nimage_channels = 3\n";
  const ModelUnderTest a(lines, 48, 1), b(lines + "image_layout = 'channels_first'\n", 48, 1);
  CHECK(difference(a.forward<double>(a.start(), last), b.forward<double>(b.start(), first)) <
        by_rounding);
}

TEST_CASE("activations are the functions they are called after, to rounding") {
  struct Case {
    const char* name;
    double (*value)(double);
    double (*slope)(double);
  };
  const auto sigmoid = [](double z) { return 1 / (1 + std::exp(-z)); };
  static const auto s = sigmoid;
  const Case cases[] = {
      {"identity", [](double z) { return z; }, [](double) { return 1.0; }},
      {"relu", [](double z) { return z > 0 ? z : 0; }, [](double z) { return z > 0 ? 1.0 : 0.0; }},
      {"quadratic", [](double z) { return z * z; }, [](double z) { return 2 * z; }},
      {"tanh", [](double z) { return std::tanh(z); },
       [](double z) { return std::pow(std::cosh(z), -2); }},
      {"sigmoid", s, [](double z) { return s(z) * s(-z); }},
      {"swish", [](double z) { return z * s(z); },
       [](double z) { return s(z) + z * s(z) * s(-z); }},
      {"softplus", [](double z) { return std::log1p(std::exp(-std::abs(z))) + std::max(z, 0.0); },
       s},
      {"erf", [](double z) { return std::erf(z); },
       [](double z) { return 2 / std::sqrt(std::acos(-1)) * std::exp(-z * z); }},
      {"sine", [](double z) { return std::sin(z); }, [](double z) { return std::cos(z); }}};
  // from 1e-6 to 12 on both sides, and 0
  std::vector<double> points{0};
  for (double z = 1e-6; z < 12; z *= 1.01) points.insert(points.end(), {z, -z});
  const arma::mat x = arma::rowvec(points), ones(arma::size(x), arma::fill::ones);
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const ModelUnderTest model("use = 'network'\nlayers = ['f = " + std::string(c.name) + "(x)']\n",
                               1, 1);
    const arma::mat f = model.forward<double>(arma::vec(), x),
                    slope = model.jvp<double>(arma::vec(), x, nullptr, &ones);
    double value_error = 0, slope_error = 0;
    for (arma::uword i = 0; i < x.n_cols; ++i) {
      const double v = c.value(x(i)), d = c.slope(x(i));
      if (v != 0) value_error = std::max(value_error, std::abs(f(i) - v) / std::abs(v));
      else CHECK(f(i) == 0);
      slope_error = std::max(slope_error, std::abs(slope(i) - d));
    }
    CHECK(value_error < 1e-15);  // a few units in the last place
    CHECK(slope_error < 1e-14);
    const arma::mat nan(1, 1, arma::fill::value(NAN));
    CHECK(std::isnan(model.forward<double>(arma::vec(), nan)(0)));
  }
}

TEST_CASE("pooling takes the mean or the largest of each window") {
  const arma::vec x = {1, 5, 2, 0, 3, 4, 8, 6, 0, 0, 1, 1, 2, 0, 1, 9};
  const auto pooled = [&](const std::string& pool) {
    const ModelUnderTest model(
        "use = 'network'\nlayers = ['i = image(x, 4, 4)', 'p = " + pool + "(i, 2)']\n", 16, 4);
    return arma::vec(model.forward<double>(arma::vec(), arma::mat(x)));
  };
  CHECK(difference(pooled("average_pool"), arma::vec{3.25, 4, 0.5, 3}) < by_rounding);
  CHECK(difference(pooled("max_pool"), arma::vec{5, 8, 2, 9}) < by_rounding);
}

TEST_CASE("with equal draws both parametrisations start as one function") {
  const std::string lines =
      "use = 'fully_connected'\nwidths = [6, 4]\nbias = true\nbias_scale = 0.5\n";
  const arma::mat x = normal(5, 4);
  for (const std::string law : {"normal", "uniform"}) {
    CAPTURE(law);
    const std::string drawn = lines + "initial_scale = 1.4\ninitial_law = '" + law + "'\n";
    const ModelUnderTest tangent(drawn, 5, 1),
        standard(drawn + "parametrisation = 'standard'\n", 5, 1);
    CHECK(difference(tangent.forward<double>(tangent.start(), x),
                     standard.forward<double>(standard.start(), x)) < by_rounding);
  }
}

TEST_CASE("starts follow their law") {
  const auto start = [](const std::string& lines) {
    return ModelUnderTest("use = 'fully_connected'\nwidth = 2000\n" + lines, 4, 1).start();
  };
  const arma::vec normal_law = start("initial_scale = 2.0\n");
  CHECK(arma::stddev(normal_law) == Approx(2).epsilon(0.05));
  CHECK(std::abs(arma::mean(normal_law)) < 0.1);
  const arma::vec uniform = start("parametrisation = 'standard'\ninitial_law = 'uniform'\n");
  const arma::vec first = uniform.head(8000), last = uniform.tail(2000);
  CHECK(arma::abs(first).max() <= 0.5);
  CHECK(arma::stddev(first) == Approx(0.5 / std::sqrt(3)).epsilon(0.05));
  CHECK(arma::abs(last).max() <= 1 / std::sqrt(2000.0));
  const arma::vec signs = start("output_weights = 'signs'\n").tail(2000);
  CHECK(arma::all(arma::abs(signs) == 1));
  CHECK(std::abs(arma::mean(signs)) < 0.1);
}

TEST_CASE("fixed output weights are no parameters") {
  const std::string lines = "use = 'fully_connected'\nwidth = 30\nactivation = 'tanh'\n";
  const ModelUnderTest fixed(lines + "output_weights = 'fixed_signs'\n", 3, 1);
  REQUIRE(fixed.parameters() == 90);
  // |H| = max_i |v_i s''(z_i)| |x|² / (d sqrt m), as H is diagonal in the neurons
  const arma::vec w = fixed.start();
  const arma::mat x = normal(3, 1), one(1, 1, arma::fill::ones);
  const arma::mat weights = arma::reshape(w, 3, 30);
  const arma::rowvec z = (weights.t() * x).t() / std::sqrt(3.0), t = arma::tanh(z);
  const double expected =
      arma::abs(2 * t % (1 - t % t)).max() * arma::dot(x, x) / (3 * std::sqrt(30.0));
  arma::mat hessian(90, 90);
  for (arma::uword k = 0; k < 90; ++k) {
    const arma::vec e = arma::eye(90, 90).eval().col(k);
    hessian.col(k) = fixed.hvp<double>(w, x, one, &e, nullptr).w;
  }
  CHECK(arma::abs(arma::eig_sym(arma::symmatu(hessian))).max() == Approx(expected).epsilon(1e-12));
}

TEST_CASE("a graph of neurons comes from a list of edges") {
  const test::Scratch folder;
  const auto from = [&](const std::string& edges, std::int64_t features = 2) {
    const auto file = folder.file("edges.txt", edges);
    return ModelUnderTest(
        "use = 'neuron_graph'\nactivation = 'tanh'\nedges = '" + file.string() + "'\n", features,
        1);
  };
  // a on level 1, b on level 2 (by a), skips from x2 to b and from a to f1
  const auto model = from("# two neurons\nx1 a\nx2 a\na b\n\nx2 b\nb f1   # out\na f1\n");
  REQUIRE(model.parameters() == 6);
  const arma::vec w = {0.3, -1.2, 0.7, 0.4, 1.1, -0.6};
  const arma::mat x = arma::vec{0.5, -2.0};
  const double a = std::tanh((0.3 * 0.5 + 1.2 * 2.0) / std::sqrt(2.0));
  // b reads x2, which comes before a
  const double b = std::tanh((0.7 * -2.0 + 0.4 * a) / std::sqrt(2.0));
  const double f = (1.1 * a - 0.6 * b) / std::sqrt(2.0);
  CHECK(model.forward<double>(w, x)(0, 0) == Approx(f).epsilon(1e-14));

  const auto refusal = [&](const std::string& edges) -> std::string {
    try {
      from(edges);
    } catch (const host::Error& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK_THAT(
      refusal("x1 a\na b\nb a\nb f1\n"),
      ContainsSubstring("edges.txt, line 2: the edge from a to b lies on or leads from a cycle"));
  CHECK_THAT(refusal("x1 a\na f1 2\n"),
             ContainsSubstring("line 2") && ContainsSubstring("3 words"));
  CHECK_THAT(refusal("x1 a\nx1 a\na f1\n"), ContainsSubstring("is on line 1 already"));
  CHECK_THAT(refusal("x3 a\na f1\n"), ContainsSubstring("x3 is past the last feature, x2"));
  CHECK_THAT(refusal("x1 a\na f2\n"), ContainsSubstring("f2 is past the last output, f1"));
  CHECK_THAT(refusal("x1 a\n"), ContainsSubstring("the output f1 reads no neuron"));
  CHECK_THAT(refusal("x1 a\na f1\nb f1\n"), ContainsSubstring("b reads no neuron and is no input"));
  CHECK_THAT(refusal("x1 a\nx1 b\na f1\n"), ContainsSubstring("line 2: no neuron reads b"));
  CHECK_THAT(refusal("x1 a\na x2\na f1\n"), ContainsSubstring("the input x2 cannot read"));
  CHECK_THAT(refusal("x1 a\na f1\nf1 a\n"), ContainsSubstring("the output f1 cannot be read"));
}

TEST_CASE("a network that makes no sense is refused at the line that is wrong") {
  const auto refusal = [](const std::string& lines, std::int64_t features = 6) -> std::string {
    try {
      const ModelUnderTest model("use = 'network'\nlayers = [" + lines + "]\n", features, 1);
    } catch (const host::Error& error) {
      return error.what();
    }
    return "accepted";
  };
  const auto says = [](const std::string& text) { return ContainsSubstring(text); };
  CHECK_THAT(
      refusal("'h = affine(x, 4)', 'a = rellu(h)', 'f = affine(a, 1)'"),
      says("layers, line 2: \"a = rellu(h)\", character 5: there is no layer 'rellu'; did you "
           "mean 'relu'?"));
  CHECK_THAT(refusal("'h1 = affine(x, 4)', 'f = affine(h2, 1)'"),
             says("character 12: no line before makes 'h2'; did you mean 'h1'?"));
  CHECK_THAT(refusal("'h = affine x, 4'"), says("( and the arguments should follow"));
  CHECK_THAT(refusal("'h  affine(x, 4)'"), says("character 4: = should follow the name"));
  CHECK_THAT(refusal("'h = affine(x, 4'"), says(", or ) should follow an argument"));
  CHECK_THAT(refusal("'h = affine(x, 4) 5'"), says("the line should end after )"));
  CHECK_THAT(refusal("'h = affine(x)'"), says("this is written affine(values, width)"));
  CHECK_THAT(refusal("'h = affine(x, wide)'"), says("a whole number, features, outputs or width"));
  CHECK_THAT(refusal("'h = affine(x, 0)'"), says("at least 1"));
  CHECK_THAT(refusal("'x = affine(x, 4)'"), says("the name 'x' is taken"));
  CHECK_THAT(refusal("'h = affine(x, 4)', 'f = affine(x, 1)'"), says("no line reads 'h'"));
  CHECK_THAT(refusal("'f = affine(x, 3)'"),
             says("makes 3 numbers where the dataset has 1 outputs"));
  CHECK_THAT(refusal("'h = affine(x, 4)', 'f = sum(h, x)'"), says("'x' has 6 numbers and 'h' 4"));
  CHECK_THAT(refusal("'c = convolution(x, 4)'"), says("'x' is no image; write image(x, "));
  CHECK_THAT(refusal("'i = image(x, 3, 3)'"), says("'x' has 6 numbers, not 9"));
  CHECK_THAT(refusal("'i = image(x, 3, 2)', 'c = convolution(i, 4, kernel = 5)'"),
             says("a window of 5 pixels does not fit into an image of 3 x 2"));
  CHECK_THAT(refusal("'i = image(x, 3, 2)', 'c = convolution(i, 4, kernle = 2)'"),
             says("'convolution' has no option 'kernle'; did you mean 'kernel'?"));
  CHECK_THAT(refusal("'a = relu(x, slope = 2)'"),
             says("'relu' has no option 'slope'; it has none"));
  CHECK_THAT(refusal("'a = scale(x, two)', 'f = affine(a, 1)'"), says("a number was expected"));
  CHECK_THAT(refusal(""), says("layers is empty"));
}

TEST_CASE("images that do not fit their samples are refused") {
  const auto refusal = [](const std::string& lines) -> std::string {
    try {
      const ModelUnderTest model("use = 'convolutional'\n" + lines, 48, 1);
    } catch (const host::Error& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK_THAT(refusal(""), ContainsSubstring("samples have 48 features, which is no image of any x "
                                            "any pixels with 1 channels"));
  CHECK(refusal("image_channels = 3\ndepth = 1\n") == "accepted");
  CHECK(refusal("image_width = 6\n") == "accepted");
  CHECK_THAT(refusal("image_channels = 3\nkernel_size = 5\n"),
             ContainsSubstring("a window of 5 x 5 pixels does not fit into an image of 4 x 4"));
}
