// SPDX-License-Identifier: MIT
//
// A component of kind "model" from the graph of a network.
#pragma once

#include "tangent_kernel.hpp"

#include <optional>

namespace onager::plugins::network {

/// The members that onager::model asks for. Architecture: a class with a constructor (const
/// Config&, const Host&) and `Graph graph(std::int64_t features, std::int64_t outputs) const`,
/// whose last node has `outputs` numbers a sample.
template <class Architecture>
class NetworkModel {
 public:
  NetworkModel(const Config& config, const Host& host) : host_(host), architecture_(config, host) {}

  std::int64_t prepare(std::int64_t features, std::int64_t outputs) {
    graph_.emplace(architecture_.graph(features, outputs));
    return graph_->parameters();
  }
  const std::vector<Part>& parts() const { return graph_->parts(); }
  template <class A = Architecture>
  auto facts() -> decltype(std::declval<A&>().facts()) {
    return architecture_.facts();
  }

  template <class T>
  void initialise(Matrix<T> w) const {
    graph_->initialise(host_, parameters<T>(w));
  }

  template <class T>
  void forward(Matrix<const T> w, Matrix<const T> x, Matrix<T> out) const {
    evaluate<T>({parameters<const T>(w), nullptr, inputs(x), nullptr}, 0, out);
  }

  template <class T>
  void vjp(Matrix<const T> w, Matrix<const T> x, Matrix<T> f, const Cotangent& cotangent,
           Matrix<const T> v, Matrix<T>* w_out, Matrix<T>* x_out) const {
    Evaluation<T> pass(host_, *graph_, {parameters<const T>(w), nullptr, inputs(x), nullptr}, 0,
                       Keep::what_pull_reads);
    pass.place(0, f);
    pass.run();
    cotangent();
    pass.pull(v, w_out ? parameters<T>(*w_out) : nullptr, x_out);
  }

  template <class T>
  void jvp(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u, const Matrix<const T>* s,
           Matrix<T> out) const {
    evaluate<T>(point(w, x, u, s), 1, out);
  }

  template <class T>
  void hvp(Matrix<const T> w, Matrix<const T> x, Matrix<const T> v, const Matrix<const T>* u,
           const Matrix<const T>* s, Matrix<T>* w_out, Matrix<T>* x_out) const {
    Evaluation<T> pass(host_, *graph_, point(w, x, u, s), 1, Keep::what_pull_reads);
    pass.run();
    pass.pull(v, w_out ? parameters<T>(*w_out) : nullptr, x_out);
  }

  template <class T>
  void second(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u,
              const Matrix<const T>* s, Matrix<T> out) const {
    evaluate<T>(point(w, x, u, s), 2, out);
  }

  template <class T>
  void tangent_kernel(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* z,
                      Matrix<T> out) const {
    if (z) inputs(*z);
    network::tangent_kernel<T>(host_, *graph_, parameters<const T>(w), inputs(x), z, out);
  }

 private:
  /// out <- derivative `order` of f along the point's direction
  template <class T>
  void evaluate(const Point<T>& at, int order, Matrix<T> out) const {
    Evaluation<T> pass(host_, *graph_, at, order, Keep::nothing);
    pass.place(order, out);
    pass.run();
    pass.finish(order, out);
  }

  template <class T>
  Point<T> point(Matrix<const T> w, Matrix<const T> x, const Matrix<const T>* u,
                 const Matrix<const T>* s) const {
    return {parameters<const T>(w), u ? parameters<const T>(*u) : nullptr, inputs(x), s};
  }

  template <class T>
  T* parameters(Matrix<T> w) const {
    if (!graph_) throw Error(ONAGER_INVALID, "the model was not prepared");
    if (w.rows != graph_->parameters() || w.cols != 1 || (w.rows > 1 && w.row_stride != 1))
      throw Error(ONAGER_INVALID, "the parameters are " + std::to_string(w.rows) + " x " +
                                      std::to_string(w.cols) + " where a run of " +
                                      std::to_string(graph_->parameters()) + " was expected");
    return w.data;
  }
  template <class T>
  Matrix<const T> inputs(Matrix<const T> x) const {
    if (x.cols != graph_->size(Graph::input()))
      throw Error(ONAGER_INVALID, "samples have " + std::to_string(x.cols) + " features where " +
                                      std::to_string(graph_->size(Graph::input())) +
                                      " were expected");
    return x;
  }

  Host host_;
  Architecture architecture_;
  std::optional<Graph> graph_;
};

/// The component, with a table of parameters joined from several.
template <class Architecture>
Component network_model(const char* id, const char* summary,
                        std::initializer_list<std::vector<Parameter>> tables) {
  std::vector<Parameter> all;
  for (const auto& table : tables) all.insert(all.end(), table.begin(), table.end());
  return model<NetworkModel<Architecture>>(id, summary, std::move(all));
}

}  // namespace onager::plugins::network
