// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "../../common/function_samples.hpp"
#include "../../common/random_inputs.hpp"
#include "two_layer_network.hpp"

namespace {

using onager::Matrix;
using onager::Table;

constexpr std::uint64_t hidden_weights = 3, output_weights = 4;  // streams after the samples'

/// y = A s(W x / sqrt d) / sqrt m: the outputs of a two-layer network whose weights W (m x d) and A
/// (c x m) are standard normal, so that outputs are of the order of 1 for any d and m. Training
/// targets carry normal noise, test targets none.
class TeacherNetwork {
 public:
  TeacherNetwork(const onager::Config& c, const onager::Host& host)
      : host_(host),
        samples_(c, host, c.integer("outputs")),
        inputs_(c, host),
        network_{onager::plugins::network::Activation(c.choice("activation")),
                 Table(c.integer("width"), samples_.dimension()),
                 Table(c.integer("outputs"), c.integer("width"))} {}

  onager::Sizes describe() {
    Table &w = network_.hidden, &a = network_.output;
    w.values = host_.normal(hidden_weights, 0, w.rows * w.cols);
    a.values = host_.normal(output_weights, 0, a.rows * a.cols);
    egop_ = onager::plugins::expected_gradient_outer_product(network_, inputs_.law());
    return samples_.sizes();
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    samples_.fill(
        split, first, x, y,
        [&](std::uint64_t stream, std::int64_t from, std::int64_t rows) {
          return inputs_.of(stream, from, rows);
        },
        [&](const double* row, double* targets) { network_.evaluate(row, targets); });
  }

  template <class T>
  void draw(std::uint64_t number, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    fill(onager::Split::train, samples_.start_of(number) + first, x, y);
  }

  std::vector<onager::NamedTable> facts() {
    return {{"hidden_weights", "W, m x d", &network_.hidden},
            {"output_weights", "A, outputs x m", &network_.output},
            {"egop",
             "expected gradient outer product of the network; activation identity, or relu and "
             "gaussian or sphere",
             &egop_}};
  }

 private:
  onager::Host host_;
  onager::plugins::FunctionSamples samples_;
  onager::plugins::RandomInputs inputs_;
  onager::plugins::TwoLayerNetwork network_;
  Table egop_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.teacher_network", "1.0.0", "MIT",
    onager::dataset<TeacherNetwork>(
        "teacher_network", "Outputs of a random two-layer network for random inputs",
        onager::plugins::FunctionSamples::parameters(
            {onager::integer("width", 10, "Number of hidden neurons m").at_least(1),
             onager::integer("outputs", 1, "Number of outputs").at_least(1),
             onager::plugins::network::activation_parameter("activation", "relu",
                                                            "Function of each hidden neuron"),
             onager::plugins::RandomInputs::distribution("gaussian")}))
        .cite("Goldt, Advani, Saxe, Krzakala, Zdeborova, Dynamics of stochastic gradient descent "
              "for two-layer neural networks in the teacher-student setup, NeurIPS 2019"))
