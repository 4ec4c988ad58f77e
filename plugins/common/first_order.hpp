// SPDX-License-Identifier: MIT
//
// Optimizers that use gradients and change each parameter by itself. A plugin writes its update
// rule, a class R with
//
//   static constexpr std::array<Moment, N> moments      the numbers it keeps for each parameter
//   static constexpr Samples samples                    what a step takes: all or a batch
//   explicit R(const Config&)
//   auto step(double eta, std::int64_t t) const         the rule of step t = 1, 2, ..: a function
//       (double& w, double g, double& moment_1, ..)     of a parameter, its gradient and moments
//
// Steps, batches, learning rates, state and threads are here. Arithmetic is in double in either
// precision of the run; moments start at 0.
#pragma once

#include "batches.hpp"
#include "learning_rate.hpp"

#include <onager/buffer.hpp>
#include <onager/optimizer.hpp>

#include <array>
#include <memory>
#include <tuple>
#include <utility>

namespace onager::plugins {

struct Moment {
  const char* name;
  const char* doc;
};

enum class Samples { all, batch };

template <class Rule>
class FirstOrder {
 public:
  FirstOrder(const Config& c, const Host& host)
      : host_(host),
        rule_(c),
        learning_rate_(c),
        batches_(host, Rule::samples == Samples::all ? 0 : c.integer("batch_size")),
        steps_(c.integer("steps")),
        epochs_(c.integer("epochs")) {
    if (steps_ > 0 && epochs_ > 0)
      throw Error(ONAGER_INVALID, "steps = " + std::to_string(steps_) +
                                      " and epochs = " + std::to_string(epochs_) +
                                      " both say how long to go on; leave one of them out");
    if (steps_ == 0 && epochs_ == 0)
      throw Error(ONAGER_INVALID, "give steps or epochs, which say how long to go on");
  }

  std::int64_t begin(const Objective& objective) {
    batches_.begin(objective.samples());
    for (Table& moment : moments_) {
      if (moment.empty()) moment = Table(objective.parameters(), 1);
      if (moment.rows != objective.parameters() || moment.cols != 1)
        throw Error(ONAGER_INVALID, "the state is of " + std::to_string(moment.rows) +
                                        " parameters, the model has " +
                                        std::to_string(objective.parameters()));
    }
    return steps_ > 0 ? steps_ : epochs_ * batches_.steps_per_epoch();
  }

  template <class T>
  Step step(const Objective& objective, std::int64_t index, Matrix<T> w) {
    const double eta = learning_rate_.at(index, [&] { return objective.lambda<T>(w, nullptr); });
    const auto* batch = batches_.at(index);
    Matrix<T> g = gradient<T>(w.rows);
    const double loss = objective.evaluate<T>(w, batch, &g);
    update<T>(rule_.step(eta, index + 1), w, g, std::make_index_sequence<moment_count>());
    return {loss, eta, batch};
  }

  std::vector<NamedTable> state() {
    std::vector<NamedTable> tables{learning_rate_.state()};
    for (std::size_t m = 0; m < moment_count; ++m)
      tables.push_back({Rule::moments[m].name, Rule::moments[m].doc, &moments_[m]});
    return tables;
  }

 private:
  static constexpr std::size_t moment_count = Rule::moments.size();

  /// The rule over all parameters, in pieces that pay for their thread.
  template <class T, class UpdateRule, std::size_t... M>
  void update(const UpdateRule& rule, Matrix<T> w, Matrix<const T> g, std::index_sequence<M...>) {
    constexpr std::int64_t piece = 16384;
    const std::array<double*, moment_count> moments{moments_[M].values.data()...};
    host_.parallel((w.rows + piece - 1) / piece, [&](std::int64_t index, std::int32_t) {
      const std::int64_t end = std::min((index + 1) * piece, w.rows);
      for (std::int64_t j = index * piece; j < end; ++j) {
        auto wj = static_cast<double>(w(j, 0));
        rule(wj, static_cast<double>(g(j, 0)), moments[M][j]...);
        w(j, 0) = static_cast<T>(wj);
      }
    });
  }

  /// Memory for a gradient, kept between the steps.
  template <class T>
  Matrix<T> gradient(std::int64_t parameters) {
    auto& kept = std::get<Gradient<T>>(gradients_);
    if (!kept.memory || kept.parameters != parameters) {
      kept.memory = std::make_unique<Buffer<T>>(host_, parameters);
      kept.parameters = parameters;
    }
    return {kept.memory->data(), parameters, 1};
  }
  template <class T>
  struct Gradient {
    std::unique_ptr<Buffer<T>> memory;
    std::int64_t parameters = 0;
  };

  Host host_;
  Rule rule_;
  LearningRate learning_rate_;
  Batches batches_;
  std::int64_t steps_, epochs_;
  std::array<Table, moment_count> moments_;
  std::tuple<Gradient<float>, Gradient<double>> gradients_;
};

/// The optimizer of a rule, with the parameters that all have and the rule's own after them.
template <class Rule>
Component first_order(const char* id, const char* summary, const char* learning_rate,
                      std::vector<Parameter> own) {
  constexpr double most = 1e9;
  std::vector<Parameter> all{
      expression("learning_rate", learning_rate,
                 "A number, or relative to the curvature of the training loss, such as "
                 "\"1.8/lambda\"; 2/lambda is critical for gradient descent"),
      texts("schedule", "Later rates, each \"STEP: RATE\" from that step on; steps count from 0"),
      integer("steps", 0, "Steps in all; this or epochs").at_least(0).at_most(most),
      integer("epochs", 0, "Passes over the training samples; this or steps")
          .at_least(0)
          .at_most(most)};
  if (Rule::samples == Samples::batch)
    all.push_back(integer("batch_size", 0,
                          "Samples in a step, in an order that is drawn anew each epoch; the last "
                          "batch of an epoch takes what is left; 0: all samples")
                      .at_least(0));
  all.insert(all.end(), own.begin(), own.end());
  return step_optimizer<FirstOrder<Rule>>(id, summary, std::move(all));
}

inline Parameter weight_decay_parameter() {
  return real("weight_decay", 0.0,
              "a in (a/2) |w|², which the optimizer adds to the loss: a w in the gradient")
      .at_least(0);
}

}  // namespace onager::plugins
