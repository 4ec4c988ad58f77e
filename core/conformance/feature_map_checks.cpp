// SPDX-License-Identifier: MIT
#include "conformance/feature_map_checks.hpp"

#include "conformance/difference_quotient.hpp"
#include "conformance/learning_stand_in.hpp"
#include "conformance/named_arrays.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace onager::host::conformance {

namespace {

constexpr std::int64_t training_samples = 40, unseen_samples = 17, outputs = 2;

/// Training inputs of the kind that data has: features on different scales, one of them constant.
Table training_inputs(const Trial& trial, std::int64_t dimension) {
  Table x = trial.normal(training_samples, dimension, "training");
  for (std::int64_t i = 0; i < x.rows; ++i) {
    if (dimension > 1) x(i, 1) = 3 * x(i, 1) + 2;
    if (dimension > 4) x(i, 4) = 0.5;
  }
  return x;
}

Table training_targets(const Trial& trial) {
  return trial.normal(training_samples, outputs, "targets");
}

/// A map and the dimension of its inputs.
class Map {
 public:
  explicit Map(const Specimen& specimen) : specimen_(specimen) {
    map = specimen.interface<onager_feature_map>(ONAGER_FEATURE_MAP);
    if (map == nullptr) {
      specimen.trial().report("feature_map.form",
                              fmt::format("it does not offer {}", ONAGER_FEATURE_MAP));
      throw CheckEnds{};
    }
    linear = specimen.interface<onager_linear_map>(ONAGER_FEATURE_MAP_LINEAR);
    learning = specimen.interface<onager_learning_map>(ONAGER_FEATURE_MAP_LEARN);
  }

  Trial& trial() const { return specimen_.trial(); }

  /// e, or nothing where the map takes no inputs of that dimension.
  std::optional<std::int64_t> width_for(std::int64_t features) const {
    const auto answer = trial().measured("output_dimension",
                                         [&] { return map->output_dimension(get(), features); });
    if (answer >= 1) return answer;
    if (take_error_reason().empty())
      trial().report("calls.reason",
                     fmt::format("output_dimension answered {} for {} features without a reason",
                                 answer, features));
    return std::nullopt;
  }

  void fit(const Table& x, const Table& y) const {
    if (map->fit == nullptr) return;
    GuardedArray inputs("x", Role::input, ONAGER_FLOAT64, x.rows, x.cols);
    GuardedArray targets("y", Role::input, ONAGER_FLOAT64, y.rows, y.cols);
    inputs.fill_and_seal(x);
    targets.fill_and_seal(y);
    const auto xs = inputs.view(), ys = targets.view();
    trial().must("fit", [&] { return map->fit(get(), &xs, &ys); });
  }

  /// Through one round with the next's fit. False when the map takes no such inputs.
  bool prepare(std::int64_t features) {
    d = features;
    const Table x = training_inputs(trial(), d), y = training_targets(trial());
    if (!width_for(d)) return false;
    fit(x, y);
    if (learning) {
      const LearningStandIn round(trial(), x, y);
      trial().must("learn", [&] { return learning->learn(get(), &round.abi()); });
      fit(x, y);
    }
    const auto width_after = width_for(d);
    if (!width_after) return false;
    e = *width_after;
    return true;
  }

  Operation apply(const Table& x) const {
    Operation out;
    out.call = "apply";
    out.arguments = {{"x", x}};
    out.results = {{"out", x.rows, e, {}}};
    out.run = [this](const onager_array* given, onager_array* filled) {
      return map->apply(get(), &given[0], &filled[0]);
    };
    return out;
  }
  Operation pullback(const Table& x, const Table& g) const {
    Operation out;
    out.call = "pullback";
    out.arguments = {{"x", x}, {"g", g}};
    out.results = {{"out", x.rows, d, {}}};
    out.run = [this](const onager_array* given, onager_array* filled) {
      return map->pullback(get(), &given[0], &given[1], &filled[0]);
    };
    return out;
  }

  /// A as d x e; also where the map gives its diagonal.
  Table matrix() const {
    const bool diagonal =
        trial().measured("diagonal", [&] { return linear->diagonal(get()); }) != 0;
    GuardedArray to("matrix", Role::output, ONAGER_FLOAT64, d, diagonal ? 1 : e);
    to.mark();
    auto view = to.view();
    trial().must("matrix", [&] { return linear->matrix(get(), &view); });
    if (const auto unset = to.unset(); !unset.empty())
      trial().report("memory.complete", fmt::format("matrix returned ONAGER_OK and {}", unset));
    Table out(d, e);
    for (std::int64_t i = 0; i < d; ++i)
      for (std::int64_t j = 0; j < e; ++j)
        out(i, j) = !diagonal ? to.at(i, j) : i == j ? to.at(i, 0) : 0.0;
    return out;
  }

  const onager_feature_map* map;
  const onager_linear_map* linear;
  const onager_learning_map* learning;
  std::int64_t d = 0, e = 0;

 private:
  void* get() const { return specimen_.get(); }
  const Specimen& specimen_;
};

/// A dimension of inputs that the map takes; many maps of data have one of their own.
constexpr std::int64_t dimensions[] = {5, 1, 2, 3, 4, 6, 8, 10, 14, 16, 25, 26};

std::shared_ptr<Map> prepared_map(const Specimen& specimen) {
  auto map = std::make_shared<Map>(specimen);
  for (const auto d : dimensions)
    if (map->prepare(d)) return map;
  specimen.trial().report(
      "feature_map.dimension",
      "output_dimension refuses all of the numbers of features that were tried (1 to 26)");
  throw CheckEnds{};
}

Table unseen(const Map& map) { return map.trial().normal(unseen_samples, map.d, "unseen"); }

/// Keeps the map that an operation calls.
Operation keeping(const std::shared_ptr<Map>& map, Operation operation) {
  operation.run = [map, run = std::move(operation.run)](const onager_array* given,
                                                        onager_array* filled) {
    return run(given, filled);
  };
  return operation;
}

Operations operations_of(const std::shared_ptr<Map>& map) {
  const Table x = unseen(*map);
  Operations out{keeping(map, map->apply(x))};
  if (map->map->pullback)
    out.push_back(keeping(map, map->pullback(x, map->trial().normal(x.rows, map->e, "gradients"))));
  return out;
}

}  // namespace

Operations feature_map_operations(const Specimen& specimen) {
  return operations_of(prepared_map(specimen));
}

std::vector<Call> feature_map_life(Specimen& specimen) {
  const auto map = prepared_map(specimen);
  std::vector<Call> out;
  if (map->map->fit)
    out.push_back({"fit", [map, x = training_inputs(map->trial(), map->d),
                           y = training_targets(map->trial()), instance = specimen.get()](Digest&) {
                     const auto xs = x.view().array(), ys = y.view().array();
                     return map->map->fit(instance, &xs, &ys);
                   }});
  for (auto& call : calls_of(operations_of(map))) out.push_back(std::move(call));
  return out;
}

void check_map_dimension(Trial& trial) {
  const Specimen specimen(trial);
  const auto map = prepared_map(specimen);
  // after a fit it may refuse another dimension, but not answer nonsense
  for (const auto d : dimensions) map->width_for(d);
  if (map->width_for(map->d) != map->e)
    trial.report("feature_map.dimension", "output_dimension answers differently when asked again");
}

void check_map_pullback(Trial& trial) {
  const Specimen specimen(trial);
  const auto map = prepared_map(specimen);
  if (!map->map->pullback && !map->linear) return;
  const Table x = trial.normal(5, map->d, "unseen"), g = trial.normal(5, map->e, "gradients");
  Table back(x.rows, map->d);
  const char* call = "pullback";
  if (map->map->pullback) {
    back = run_plain(trial, map->pullback(x, g)).front();
  } else {
    call = "matrix";
    const Table a = map->matrix();
    for (std::int64_t i = 0; i < x.rows; ++i)
      for (std::int64_t f = 0; f < map->d; ++f)
        for (std::int64_t j = 0; j < map->e; ++j) back(i, f) += a(f, j) * g(i, j);
  }
  for (std::int64_t i = 0; i < x.rows; ++i)
    for (std::int64_t f = 0; f < map->d; ++f) {
      Table moved(1, map->d);
      for (std::int64_t k = 0; k < map->d; ++k) moved(0, k) = x(i, k);
      const auto quotient = difference_quotient(
          [&](double value) {
            moved(0, f) = value;
            const Table phi = run_plain(trial, map->apply(moved)).front();
            double sum = 0;
            for (std::int64_t j = 0; j < map->e; ++j) sum += g(i, j) * phi(0, j);
            return sum;
          },
          x(i, f), 0.02);
      if (quotient.agrees(back(i, f))) continue;
      trial.report("feature_map.pullback",
                   fmt::format("by its {} the gradient [{}, {}] is {:.10g}, and the difference "
                               "quotient of <g, apply(x)> is {:.10g} (known to {:.2g})",
                               call, i, f, back(i, f), quotient.value, quotient.error),
                   {{"x", x}, {"g", g}});
      return;
    }
}

void check_map_matrix(Trial& trial) {
  const Specimen specimen(trial);
  const auto map = prepared_map(specimen);
  if (!map->linear) return;
  const Table x = unseen(*map), a = map->matrix();
  const Table phi = run_plain(trial, map->apply(x)).front();
  const Table constant = run_plain(trial, map->apply(Table(1, map->d))).front();
  for (std::int64_t i = 0; i < x.rows; ++i)
    for (std::int64_t j = 0; j < map->e; ++j) {
      double expected = constant(0, j), size = std::abs(constant(0, j));
      for (std::int64_t f = 0; f < map->d; ++f) {
        expected += x(i, f) * a(f, j);
        size += std::abs(x(i, f) * a(f, j));
      }
      if (std::abs(phi(i, j) - expected) <= 1e-12 * (size + std::abs(phi(i, j)))) continue;
      trial.report("feature_map.matrix",
                   fmt::format("apply gives out[{}, {}] = {:.10g}, and x A + apply(0) is {:.10g}",
                               i, j, phi(i, j), expected),
                   {{"x", x}, {"matrix", a}});
      return;
    }
}

void check_map_state(Trial& trial) {
  const Specimen specimen(trial), fresh(trial);
  const auto map = prepared_map(specimen);
  if (specimen.interface<onager_named_arrays>(ONAGER_STATE) == nullptr) {
    if (map->learning)
      trial.report("state.described", fmt::format("it learns and does not offer {}", ONAGER_STATE));
    return;
  }
  check_state(trial, specimen, fresh);
  if (trial.anything_reported()) return;
  Map restored(fresh);
  restored.d = map->d;
  restored.e = restored.width_for(map->d).value_or(0);
  const Table x = unseen(*map);
  const Values expected = run_plain(trial, map->apply(x)),
               got = run_plain(trial, restored.apply(x));
  const Values none{Table(x.rows, map->e, 0.0)};
  const auto text = difference(map->apply(x), got, expected, none,
                               " by a new instance with the state of another, by that ");
  if (!text.empty()) trial.report("state.restored", text, {{"x", x}});
}

}  // namespace onager::host::conformance
