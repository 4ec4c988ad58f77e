// SPDX-License-Identifier: MIT
//
// A small network with a loss, an optimizer and data of the tests' own: the host's side of network
// pipelines without any plugin file.
#pragma once

#include "../scratch.hpp"

#include "base/threads.hpp"
#include "config/plan.hpp"
#include "pipeline/network_machine.hpp"

#include <cmath>
#include <fstream>
#include <onager/dataset.hpp>
#include <onager/diagnostic.hpp>
#include <onager/loss.hpp>
#include <onager/model.hpp>
#include <onager/optimizer.hpp>
#include <string>
#include <vector>

namespace network_test {

using namespace onager::host;
using onager::Matrix;

constexpr std::int64_t samples = 12, features = 3, outputs = 2;

/// x and y by formula; y is no function of the network's form.
struct Waves {
  onager::Sizes describe() { return {onager::Task::regression, samples, 5, features, outputs}; }
  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) {
    const double shift = split == onager::Split::train ? 0.0 : 100.5;
    for (std::int64_t i = 0; i < x.rows; ++i) {
      const double t = shift + static_cast<double>(first + i);
      for (std::int64_t j = 0; j < features; ++j)
        x(i, j) = static_cast<T>(std::sin(1.7 * t + 2.3 * static_cast<double>(j)));
      for (std::int64_t l = 0; l < outputs; ++l)
        y(i, l) = static_cast<T>(std::cos(0.9 * t + static_cast<double>(l)));
    }
  }
};

/// f_l(x) = sum_k v_lk tanh(sum_j u_kj x_j), parameters u then v; forward and vjp only.
struct Tanh {
  static constexpr std::int64_t width = 4;
  explicit Tanh(const onager::Config&, const onager::Host& h) : host(h) {}
  std::int64_t prepare(std::int64_t, std::int64_t) { return width * (features + outputs); }
  template <class T>
  void initialise(Matrix<T> w) const {
    const auto draws = host.normal(0, 0, w.rows);
    for (std::int64_t i = 0; i < w.rows; ++i)
      w(i, 0) = static_cast<T>(0.5 * draws[static_cast<std::size_t>(i)]);
  }
  template <class T>
  static T hidden(Matrix<const T> w, Matrix<const T> x, std::int64_t i, std::int64_t k) {
    T sum = 0;
    for (std::int64_t j = 0; j < features; ++j) sum += w(k * features + j, 0) * x(i, j);
    return std::tanh(sum);
  }
  template <class T>
  static T outer(Matrix<const T> w, std::int64_t l, std::int64_t k) {
    return w(width * features + l * width + k, 0);
  }
  template <class T>
  void forward(Matrix<const T> w, Matrix<const T> x, Matrix<T> out) const {
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t l = 0; l < outputs; ++l) {
        out(i, l) = 0;
        for (std::int64_t k = 0; k < width; ++k) out(i, l) += outer(w, l, k) * hidden(w, x, i, k);
      }
  }
  template <class T>
  void vjp(Matrix<const T> w, Matrix<const T> x, Matrix<T> f, const onager::Cotangent& cotangent,
           Matrix<const T> v, Matrix<T>* w_out, Matrix<T>* x_out) const {
    forward(w, x, f);
    cotangent();
    for (std::int64_t i = 0; w_out && i < w_out->rows; ++i) (*w_out)(i, 0) = 0;
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t k = 0; k < width; ++k) {
        const T h = hidden(w, x, i, k);
        T back = 0;
        for (std::int64_t l = 0; l < outputs; ++l) {
          back += v(i, l) * outer(w, l, k);
          if (w_out) (*w_out)(width * features + l * width + k, 0) += v(i, l) * h;
        }
        back *= 1 - h * h;
        for (std::int64_t j = 0; j < features; ++j) {
          if (w_out) (*w_out)(k * features + j, 0) += back * x(i, j);
          if (x_out) {
            if (k == 0) (*x_out)(i, j) = 0;
            (*x_out)(i, j) += back * w(k * features + j, 0);
          }
        }
      }
  }
  onager::Host host;
};

/// l = (1/4n) sum_l (f_l - y_l)^4: its curvature is not constant.
struct Quartic {
  template <class T>
  double evaluate(std::int64_t n, Matrix<const T> f, Matrix<const T> y, Matrix<T>* gradient) const {
    double sum = 0;
    for (std::int64_t i = 0; i < f.rows; ++i)
      for (std::int64_t l = 0; l < f.cols; ++l) {
        const double r = static_cast<double>(f(i, l)) - static_cast<double>(y(i, l));
        sum += r * r * r * r / (4 * static_cast<double>(n));
        if (gradient) (*gradient)(i, l) = static_cast<T>(r * r * r / static_cast<double>(n));
      }
    return sum;
  }
  template <class T>
  void curvature(std::int64_t n, Matrix<const T> f, Matrix<const T> y, Matrix<const T> t,
                 Matrix<T> out) const {
    for (std::int64_t i = 0; i < f.rows; ++i)
      for (std::int64_t l = 0; l < f.cols; ++l) {
        const double r = static_cast<double>(f(i, l)) - static_cast<double>(y(i, l));
        out(i, l) = static_cast<T>(3 * r * r / static_cast<double>(n) * t(i, l));
      }
  }
};

/// Heavy ball on batches of four samples, so that there is state and an order of samples.
struct Ball {
  explicit Ball(const onager::Config& c) : rate(c.real("rate")), steps(c.integer("steps")) {}
  std::int64_t begin(const onager::Objective& o) {
    velocity = onager::Table(o.parameters(), 1);
    return steps;
  }
  template <class T>
  onager::Step step(const onager::Objective& o, std::int64_t index, Matrix<T> w) {
    list = {index % samples, (index + 3) % samples, (index + 5) % samples, (index + 7) % samples};
    std::vector<T> g(static_cast<std::size_t>(w.rows));
    Matrix<T> gradient(g.data(), w.rows, 1);
    const double loss = o.evaluate<T>(w, &list, &gradient);
    for (std::int64_t i = 0; i < w.rows; ++i) {
      velocity(i, 0) = 0.5 * velocity(i, 0) - rate * static_cast<double>(gradient(i, 0));
      w(i, 0) += static_cast<T>(velocity(i, 0));
    }
    return {loss, rate, &list};
  }
  std::vector<onager::NamedTable> state() { return {{"velocity", "Of the ball", &velocity}}; }

  double rate;
  std::int64_t steps;
  onager::Table velocity;
  std::vector<std::int64_t> list;
};

/// Emits how far the parameters moved in the last step.
struct Stride {
  explicit Stride(const onager::Config&, const onager::Host& h) : host(h) {}
  void observe(const onager::View& view) {
    const auto now = *view.find("parameters"), before = *view.find("initial_parameters");
    double sum = 0;
    for (std::int64_t i = 0; i < now.rows; ++i)
      sum += std::pow(onager::element(now, i, 0) - onager::element(before, i, 0), 2);
    host.emit("stride", std::sqrt(sum));
  }
  onager::Host host;
};

inline const Registry& registry() {
  using namespace onager;
  static const Plugin plugin{About{"org.test.network", "1.0.0", "MIT"},
                             dataset<Waves>("waves", "Waves"),
                             model<Tanh>("tanh", "Two layers"),
                             loss<Quartic>("quartic", "Fourth powers"),
                             step_optimizer<Ball>("ball", "Heavy ball",
                                                  {real("rate", 0.2, "Length of a step"),
                                                   integer("steps", 25, "How many").at_least(0)}),
                             diagnostic<Stride>("stride", "Distance travelled")};
  static const Registry made = [] {
    Registry r;
    r.add(plugin.descriptor(), "test");
    return r;
  }();
  return made;
}

inline Plan plan_of(const std::string& optimizer = "", const std::string& rest = "") {
  const onager::test::Scratch folder;
  const auto file = folder.path() / "p.toml";
  std::ofstream(file, std::ios::binary)
      << "[dataset]\nuse = 'waves'\n[model]\nuse = 'tanh'\n[loss]\nuse = 'quartic'\n[optimizer]\n"
         "use = 'ball'\n"
      << optimizer << "[loop]\n"
      << rest;
  return read_plan(file, {}, registry());
}

/// A machine that was loaded, and what it measured: row index, then column to value.
template <class T>
struct Trial {
  explicit Trial(const Plan& plan)
      : pool(1), machine(plan, [this, &plan](const std::string&) {
          Environment environment;
          environment.seed = plan.seed;
          environment.threads = &pool;
          environment.emit.scalar = [this](const std::string& name, double value) {
            row[name] = value;
          };
          environment.emit.array = [](const std::string&, const onager_array&) {};
          return environment;
        }) {
    PhaseTimes times;
    machine.load(times);
  }

  /// Up to the last row, or until the row `stop` is complete.
  Row run(std::int64_t from = 0, std::int64_t stop = -1) {
    PhaseTimes times;
    for (;;) {
      row.clear();
      const Row at = machine.advance(
          from, [this](const std::string& name, double value) { row[name] = value; }, times);
      rows[at.index] = row;
      from = at.index + 1;
      if (at.last || at.index == stop) return at;
    }
  }

  ThreadPool pool;
  std::map<std::string, double> row;
  std::map<std::int64_t, std::map<std::string, double>> rows;
  NetworkMachine<T> machine;
};

}  // namespace network_test
