// SPDX-License-Identifier: MIT
//
// The tangent kernel of a network, layer by layer.
#pragma once

#include "evaluation.hpp"

namespace onager::plugins::network {

/// The values inside a network at some samples and, layer by layer from the last to the first, the
/// signals: the derivatives of each output with respect to each layer's output.
template <class T>
class Signals {
 public:
  Signals(const Host& host, const Graph& graph, const T* w, Matrix<const T> x, std::int64_t outputs)
      : host_(host),
        graph_(graph),
        w_(w),
        samples_(x.rows),
        outputs_(static_cast<std::size_t>(outputs)),
        evaluation_(host, graph, {w, nullptr, x, nullptr}, 0, Keep::what_pull_reads) {
    evaluation_.run();
  }

  std::int64_t samples() const { return samples_; }

  /// Before a walk through the layers: the signal of output l at the output is its unit vector.
  void start() {
    signals_.assign(graph_.last() + 1, {});
    for (Node node = 0; node <= graph_.last(); ++node)
      for (std::size_t l = 0; l < outputs_; ++l)
        signals_[node].emplace_back(evaluation_.scratch(), samples_, graph_.size(node));
    for (std::size_t l = 0; l < outputs_; ++l) {
      const Matrix<T> unit = signals_[graph_.last()][l].target(0).m;
      fill(unit, T(0));
      for (std::int64_t i = 0; i < samples_; ++i) unit(i, static_cast<std::int64_t>(l)) = 1;
    }
  }

  bool reached(std::size_t step) const { return signals_[step + 1][0].has(0); }

  Side<T> side(std::size_t step) const {
    Side<T> out{evaluation_.values(graph_.steps()[step].inputs[0])[0], {}};
    for (const Series<T>& signal : signals_[step + 1]) out.signals.push_back(signal[0]);
    return out;
  }

  /// Carries the signals from the output of a layer to its inputs.
  void pull(std::size_t index) {
    const Graph::Step& step = graph_.steps()[index];
    for (std::size_t l = 0; l < outputs_; ++l) {
      std::vector<Series<T>*> sums;
      for (const Node node : step.inputs)
        sums.push_back(graph_.learned(node) ? &signals_[node][l] : nullptr);
      step.layer->pull(Pull<T>{host_, evaluation_.scratch(), 0, w_ + step.first_parameter, nullptr,
                               evaluation_.inputs(step), signals_[index + 1][l], std::move(sums),
                               nullptr});
      signals_[index + 1][l].release();
    }
  }

 private:
  Host host_;
  const Graph& graph_;
  const T* w_;
  std::int64_t samples_;
  std::size_t outputs_;
  Evaluation<T> evaluation_;
  std::vector<std::vector<Series<T>>> signals_;  // by node and output
};

/// Adds the kernel between two sets of samples to out; lower: they are one, and elements (i c + l,
/// j c + k) with i < j are left out.
template <class T>
void add_tangent_kernel(const Host& host, const Graph& graph, Scratch<T>& scratch, Signals<T>& x,
                        Signals<T>& z, bool lower, Matrix<T> out) {
  x.start();
  if (&z != &x) z.start();
  for (std::size_t i = graph.steps().size(); i-- > 0;) {
    if (!x.reached(i)) continue;
    if (graph.steps()[i].parameters > 0) {
      const Side<T> xs = x.side(i), zs = z.side(i);
      graph.steps()[i].layer->add_kernel(KernelSum<T>{host, scratch, xs, zs, lower, out});
    }
    x.pull(i);
    if (&z != &x) z.pull(i);
  }
}

/// out (n c x m c), element (i c + l, j c + k) <- <df_l(x_i)/dw, df_k(z_j)/dw>; z NULL: z = x.
///
///   K = sum over layers of what the layer's own parameters give: for a dense layer
///       (A A') o (B_l B_k'),  A its inputs, B_l the signals d f_l / d (its output)
///
/// A pass forwards, c passes back, and products of n x m matrices: no Jacobian, and no memory that
/// grows with the number of parameters. Samples are taken in blocks so that values and signals stay
/// within `most_numbers`.
template <class T>
void tangent_kernel(const Host& host, const Graph& graph, const T* w, Matrix<const T> x,
                    const Matrix<const T>* z, Matrix<T> out,
                    std::int64_t most_numbers = std::int64_t{1} << 25) {
  const std::int64_t c = graph.size(graph.last());
  std::int64_t numbers = 0, widest_node = 0;
  for (Node node = 0; node <= graph.last(); ++node) {
    numbers += graph.size(node);
    widest_node = std::max(widest_node, graph.size(node));
  }
  numbers += 2 * c * widest_node;
  const std::int64_t block = std::max<std::int64_t>(1, most_numbers / (2 * numbers));

  const bool symmetric = z == nullptr;
  const Matrix<const T> columns = symmetric ? x : *z;
  const auto rows_of = [](auto m, std::int64_t first, std::int64_t count) {
    m.data = m.row(first);
    m.rows = count;
    return m;
  };
  fill(out, T(0));
  Scratch<T> scratch(host);
  for (std::int64_t i = 0; i < x.rows; i += block) {
    const std::int64_t n = std::min(block, x.rows - i);
    Signals<T> at_x(host, graph, w, rows_of(x, i, n), c);
    for (std::int64_t j = 0; j < (symmetric ? i + 1 : columns.rows); j += block) {
      const std::int64_t m = std::min(block, columns.rows - j);
      Matrix<T> part = rows_of(out, i * c, n * c);
      part.data += j * c;
      part.cols = m * c;
      host.stop_if_cancelled();
      if (symmetric && i == j) {
        add_tangent_kernel(host, graph, scratch, at_x, at_x, true, part);
      } else {
        Signals<T> at_z(host, graph, w, rows_of(columns, j, m), c);
        add_tangent_kernel(host, graph, scratch, at_x, at_z, false, part);
      }
    }
  }
  if (symmetric)
    in_squares(out.rows, out.rows, [&](std::int64_t i, std::int64_t j) {
      if (j > i) out(i, j) = out(j, i);
    });
}

}  // namespace onager::plugins::network
