// SPDX-License-Identifier: MIT
//
// A network and its derivatives over a batch.
#pragma once

#include "elementwise.hpp"
#include "graph.hpp"

namespace onager::plugins::network {

/// Where a network is evaluated and along which direction; u and s may be NULL.
template <class T>
struct Point {
  const T* w;
  const T* u;
  Matrix<const T> x;
  const Matrix<const T>* s;
};

/// What stays of the values inside the network once the output is known.
enum class Keep { nothing, what_pull_reads };

/// One pass forwards through a network and, where wanted, one back: f along w + e u, x + e s up to
/// a given order in e, then the derivatives of <v, f>. With dense layers a pass of order 0, 1, 2
/// costs 1, 3, 5 times the gemms of f, and back 2 and 5 times; where u or s is NULL, or w or x of
/// no interest, less.
template <class T>
class Evaluation {
 public:
  Evaluation(const Host& host, const Graph& graph, const Point<T>& at, int order, Keep keep)
      : host_(host), graph_(graph), at_(at), order_(order), keep_(keep), scratch_(host) {
    for (Node node = 0; node <= graph.last(); ++node)
      values_.emplace_back(scratch_, at.x.rows, graph.size(node));
    values_[Graph::input()].set(0, at.x);
    if (at.s && order > 0) values_[Graph::input()].set(1, *at.s);
  }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  Scratch<T>& scratch() { return scratch_; }
  const Series<T>& values(Node node) const { return values_[node]; }

  /// Derivative k of the output is to be written to out; before run.
  void place(int k, Matrix<T> out) { values_[graph_.last()].place(k, out); }

  void run() {
    for (std::size_t i = 0; i < graph_.steps().size(); ++i) {
      const Graph::Step& step = graph_.steps()[i];
      step.layer->push(Push<T>{host_, scratch_, order_, own(at_.w, step), own(at_.u, step),
                               inputs(step), values_[i + 1]});
      for (const Node node : step.inputs)
        if (graph_.last_reader(node) == i &&
            (keep_ == Keep::nothing || !graph_.read_backwards(node)))
          values_[node].release();
    }
  }

  /// Derivative k of the output where it was placed, also where nothing moves: then it is 0.
  void finish(int k, Matrix<T> out) const {
    if (!values_[graph_.last()].has(k)) fill(out, T(0));
  }

  /// gradient (p) and x_out (n x d) <- d<v, f>/dw and d<v, f>/dx, each NULL or wanted, or with
  /// order 1 their derivatives in e for fixed v. After run with Keep::what_pull_reads; the values
  /// are used up.
  void pull(Matrix<const T> v, T* gradient, const Matrix<T>* x_out) {
    std::vector<Series<T>> cotangents;
    for (Node node = 0; node <= graph_.last(); ++node)
      cotangents.emplace_back(scratch_, at_.x.rows, graph_.size(node));
    cotangents[graph_.last()].set(0, v);
    if (x_out) cotangents[Graph::input()].place(order_, *x_out);
    for (std::size_t i = graph_.steps().size(); i-- > 0;) {
      const Graph::Step& step = graph_.steps()[i];
      T* const own_gradient = step.parameters > 0 ? own(gradient, step) : nullptr;
      if (cotangents[i + 1].any()) {
        std::vector<Series<T>*> sums;
        for (const Node node : step.inputs)
          sums.push_back(x_out || graph_.learned(node) ? &cotangents[node] : nullptr);
        step.layer->pull(Pull<T>{host_, scratch_, order_, own(at_.w, step), own(at_.u, step),
                                 inputs(step), cotangents[i + 1], std::move(sums), own_gradient});
      } else if (own_gradient) {
        std::fill_n(own_gradient, step.parameters, T(0));
      }
      cotangents[i + 1].release();
      values_[i + 1].release();
    }
    if (x_out && !cotangents[Graph::input()].has(order_)) fill(*x_out, T(0));
  }

  std::vector<const Series<T>*> inputs(const Graph::Step& step) const {
    std::vector<const Series<T>*> out;
    for (const Node node : step.inputs) out.push_back(&values_[node]);
    return out;
  }

 private:
  template <class U>
  static U* own(U* parameters, const Graph::Step& step) {
    return parameters ? parameters + step.first_parameter : nullptr;
  }

  Host host_;
  const Graph& graph_;
  Point<T> at_;
  int order_;
  Keep keep_;
  Scratch<T> scratch_;
  std::vector<Series<T>> values_;
};

}  // namespace onager::plugins::network
