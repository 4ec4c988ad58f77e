// SPDX-License-Identifier: MIT
//
// Networks large enough, or with little enough memory, that work is cut into blocks and tasks.
#include "../catch.hpp"
#include "model_under_test.hpp"

#include "../../plugins/common/network/activation_layer.hpp"
#include "../../plugins/common/network/affine.hpp"
#include "../../plugins/common/network/network_model.hpp"

using namespace onager;
using test::difference;
using test::ModelUnderTest;
namespace network = onager::plugins::network;

namespace {

constexpr double by_rounding = 1e-12;

/// One hidden layer, with a tangent kernel that may hold little.
class Small {
 public:
  Small(const Config& c, const Host& host)
      : host_(host), parametrisation_(c), numbers_(c.integer("numbers")) {}
  std::int64_t prepare(std::int64_t features, std::int64_t outputs) {
    graph_.emplace(features);
    const auto h =
        graph_->add(std::make_unique<network::Affine>(features, 5, parametrisation_), {0});
    const auto a = graph_->add(
        std::make_unique<network::ActivationLayer>(5, network::Activation("tanh")), {h});
    graph_->add(std::make_unique<network::Affine>(5, outputs, parametrisation_), {a});
    return graph_->parameters();
  }
  template <class T>
  void initialise(Matrix<T> w) const {
    graph_->initialise(host_, w.data);
  }
  template <class T>
  void forward(Matrix<const T>, Matrix<const T>, Matrix<T>) const {}
  template <class T>
  void vjp(Matrix<const T> w, Matrix<const T> x, Matrix<T> f, const Cotangent& cotangent,
           Matrix<const T> v, Matrix<T>* w_out, Matrix<T>* x_out) const {
    network::Evaluation<T> pass(host_, *graph_, {w.data, nullptr, x, nullptr}, 0,
                                network::Keep::what_pull_reads);
    pass.place(0, f);
    pass.run();
    cotangent();
    pass.pull(v, w_out ? w_out->data : nullptr, x_out);
  }
  template <class T>
  void tangent_kernel(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* z,
                      Matrix<T> out) const {
    network::tangent_kernel<T>(host_, *graph_, w.data, x, z, out, numbers_);
  }

 private:
  Host host_;
  network::Parametrisation parametrisation_;
  std::int64_t numbers_;
  std::optional<network::Graph> graph_;
};

const host::Registry& registry() {
  static const Plugin plugin = [] {
    auto parameters = network::Parametrisation::parameters();
    parameters.push_back(integer("numbers", 1, "What the kernel may hold"));
    return Plugin{About{"org.test.small", "1.0.0", "MIT"},
                  model<Small>("small", "A small network", parameters)};
  }();
  static const host::Registry all = [] {
    host::Registry r;
    r.add(plugin.descriptor(), "test");
    return r;
  }();
  return all;
}

arma::mat normal(arma::uword rows, arma::uword cols) { return arma::randn(rows, cols); }

}  // namespace

TEST_CASE("a tangent kernel is the same whatever the blocks of samples") {
  arma::arma_rng::set_seed(2);
  const arma::mat x = normal(4, 7), z = normal(4, 5);
  for (const int samples_in_a_block : {1, 2, 3, 100}) {
    CAPTURE(samples_in_a_block);
    // a block of x and one of z, each sample with 16 values and signals of 2 outputs, both sides
    const int numbers = samples_in_a_block * 2 * (4 + 5 + 5 + 2 + 2 * 2 * 5);
    const ModelUnderTest model(
        "use = 'small'\nbias = true\nnumbers = " + std::to_string(numbers) + "\n", 4, 2,
        registry());
    const arma::vec w = model.start();
    const arma::mat jx = model.jacobian(w, x), jz = model.jacobian(w, z);
    CHECK(difference(model.tangent_kernel<double>(w, x), jx * jx.t()) < by_rounding);
    CHECK(difference(model.tangent_kernel<double>(w, x, &z), jx * jz.t()) < by_rounding);
    CHECK(difference(model.tangent_kernel<double>(w, z, &x), jz * jx.t()) < by_rounding);
  }
}

TEST_CASE("layers whose kernel is summed in blocks of parameters give the product of Jacobians") {
  arma::arma_rng::set_seed(2);
  struct Case {
    std::string lines;
    arma::uword features, samples;
  };
  // more than 2^20 numbers of the Jacobian of one layer
  for (const Case& c :
       {Case{"use = 'neuron_graph'\nlevels = 2\nin_degree = 150\nwidth = 200\n", 20, 40},
        Case{"use = 'convolutional'\nchannels = [16, 80]\nactivation = 'tanh'\n", 64, 60}}) {
    CAPTURE(c.lines);
    const ModelUnderTest model(c.lines, static_cast<std::int64_t>(c.features), 1);
    const arma::vec w = model.start();
    const arma::mat x = normal(c.features, c.samples), z = normal(c.features, c.samples - 3);
    const arma::mat jx = model.jacobian(w, x), jz = model.jacobian(w, z);
    CHECK(difference(model.tangent_kernel<double>(w, x), jx * jx.t()) < by_rounding);
    CHECK(difference(model.tangent_kernel<double>(w, x, &z), jx * jz.t()) < by_rounding);
  }
}

TEST_CASE("networks give the same numbers on one thread and on several") {
  host::ThreadPool pool(3);
  arma::arma_rng::set_seed(2);
  for (const std::string lines :
       {"use = 'fully_connected'\nwidths = [700]\nactivation = 'swish'\n",
        "use = 'neuron_graph'\nlevels = 2\nin_degree = 40\n",
        "use = 'convolutional'\nwidth = 8\npooling = 'max'\nactivation = 'tanh'\n"}) {
    CAPTURE(lines);
    const ModelUnderTest alone(lines, 144, 2), together(lines, 144, 2, test::built_in(), &pool);
    const arma::vec w = alone.start(), u = arma::randn(w.n_elem);
    const arma::mat x = normal(144, 60), s = normal(144, 60), v = normal(2, 60);
    CHECK(difference(alone.forward<double>(w, x), together.forward<double>(w, x)) < by_rounding);
    const auto a = alone.hvp<double>(w, x, v, &u, &s), b = together.hvp<double>(w, x, v, &u, &s);
    CHECK(difference(a.w, b.w) < by_rounding);
    CHECK(difference(a.x, b.x) < by_rounding);
    CHECK(difference(alone.tangent_kernel<double>(w, x), together.tangent_kernel<double>(w, x)) <
          by_rounding);
  }
}
