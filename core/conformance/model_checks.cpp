// SPDX-License-Identifier: MIT
#include "conformance/model_checks.hpp"

#include "conformance/difference_quotient.hpp"
#include "conformance/model_function.hpp"
#include "conformance/plain_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace onager::host::conformance {

namespace {

using Inputs = std::vector<std::pair<std::string, Table>>;

double dot(const Table& a, const Table& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) sum += a.values[i] * b.values[i];
  return sum;
}

Table moved(const Table& from, double step, const Table& direction) {
  Table out = from;
  for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] += step * direction.values[i];
  return out;
}

/// A point, directions and a cotangent that the derivatives of a model are compared at.
struct Setting {
  explicit Setting(const ModelFunction& model, const Trial& trial)
      : w(model.some_parameters()),
        x(model.some_samples()),
        u(trial.normal(model.parameters(), 1, "u")),
        s(trial.normal(x.rows, x.cols, "s")),
        v(trial.normal(x.rows, model.outputs(), "v")) {
    // of the size of a sample's parameters, so that steps are moderate for any number of them
    const double length = std::sqrt(dot(u, u));
    for (double& number : u.values) number /= length;
  }
  Inputs inputs() const { return {{"w", w}, {"x", x}, {"u", u}, {"s", s}, {"v", v}}; }
  Table w, x, u, s, v;
};

void compare(Trial& trial, const char* rule, const Setting& setting, const std::string& what,
             double given, const DifferenceQuotient& quotient) {
  if (quotient.agrees(given)) return;
  trial.report(
      rule,
      fmt::format("{} is {:.10g}, and the difference quotient is {:.10g} (known to {:.2g})", what,
                  given, quotient.value, quotient.error),
      setting.inputs());
}

/// Compares what vjp gives with difference quotients along one direction and, where they differ,
/// along each coordinate: which of them is wrong tells more.
void compare_gradient(Trial& trial, const Setting& setting, const char* name, const Table& gradient,
                      const Table& direction,
                      const std::function<DifferenceQuotient(const Table& direction)>& along) {
  const auto quotient = along(direction);
  if (quotient.agrees(dot(gradient, direction))) return;
  for (std::int64_t i = 0; i < gradient.rows; ++i)
    for (std::int64_t j = 0; j < gradient.cols; ++j) {
      Table unit(gradient.rows, gradient.cols);
      unit(i, j) = 1;
      compare(trial, "model.vjp", setting, fmt::format("{}[{}, {}] of vjp", name, i, j),
              gradient(i, j), along(unit));
      if (trial.reported("model.vjp")) return;
    }
  compare(trial, "model.vjp", setting, fmt::format("{} of vjp along a direction", name),
          dot(gradient, direction), quotient);
}

Operation keeping(const std::shared_ptr<ModelFunction>& model, Operation operation) {
  operation.run = [model, run = std::move(operation.run)](const onager_array* given,
                                                          onager_array* filled) {
    return run(given, filled);
  };
  return operation;
}

Operations operations_of(const std::shared_ptr<ModelFunction>& model, const Trial& trial) {
  const Setting at(*model, trial);
  Operations out{model->forward(at.w, at.x), model->vjp_parameters(at.w, at.x, at.v)};
  if (model->has_input_derivative()) out.push_back(model->vjp_inputs(at.w, at.x, at.v));
  const Table* s = model->has_input_derivative() ? &at.s : nullptr;
  if (model->has_tangent()) {
    out.push_back(model->jvp(at.w, at.x, &at.u, s));
    out.push_back(model->second(at.w, at.x, &at.u, model->has_input_curvature() ? s : nullptr));
    out.push_back(model->hvp_parameters(at.w, at.x, at.v, &at.u, s));
    if (model->has_input_curvature()) out.push_back(model->hvp_inputs(at.w, at.x, at.v, &at.u, s));
  }
  if (model->has_tangent_kernel()) out.push_back(model->tangent_kernel(at.w, at.x, nullptr));
  for (auto& operation : out) operation = keeping(model, std::move(operation));
  return out;
}

}  // namespace

Operations model_operations(const Specimen& specimen) {
  return operations_of(std::make_shared<ModelFunction>(specimen), specimen.trial());
}

std::vector<Call> model_life(Specimen& specimen) {
  const auto model = std::make_shared<ModelFunction>(specimen);
  std::vector<Call> out;
  out.push_back({"initialise", [model](Digest& digest) {
                   const PlainArray w(ONAGER_FLOAT64, model->parameters(), 1);
                   auto view = w.view();
                   const auto status = model->table().initialise(model->instance(), &view);
                   digest.add(w.table());
                   return status;
                 }});
  for (auto& call : calls_of(operations_of(model, specimen.trial())))
    out.push_back(std::move(call));
  return out;
}

void check_model_parameters(Trial& trial) {
  const Specimen specimen(trial);
  const ModelFunction model(specimen);
  GuardedArray w("w", Role::output, ONAGER_FLOAT64, model.parameters(), 1);
  w.mark();
  auto view = w.view();
  trial.must("initialise", [&] { return model.table().initialise(model.instance(), &view); });
  if (!w.unset().empty() || w.spilled())
    trial.report(w.spilled() ? "memory.outputs" : "memory.complete",
                 fmt::format("initialise filled {} wrongly", w.described()));
  if (w.table().values != model.initial().values)
    trial.report("values.deterministic", "initialise gives other parameters when called again");
  for (std::int64_t index = 0; model.table().part; ++index) {
    onager_model_part part{};
    part.struct_size = sizeof part;
    const auto status =
        trial.ask("part", [&] { return model.table().part(model.instance(), index, &part); });
    if (status == ONAGER_NOT_FOUND) break;
    const bool inside =
        status == ONAGER_OK && part.name && part.first >= 0 && part.rows >= 1 && part.cols >= 1 &&
        part.first + part.rows * part.cols <= model.parameters() && index < model.parameters();
    if (inside) continue;
    trial.report("model.parts",
                 fmt::format("part {} ({} x {} from {} on, of {} parameters) lies outside, has no "
                             "name or is one too many",
                             index, part.rows, part.cols, part.first, model.parameters()));
    break;
  }
}

namespace {

/// What a cotangent that computes v from f sees.
struct CotangentCall {
  const onager_array* f;
  onager_array* v;
  Table f_then;
  int calls = 0;
};

/// v <- 2 f, only now.
onager_status twice_the_outputs(void* argument) {
  auto& call = *static_cast<CotangentCall*>(argument);
  ++call.calls;
  call.f_then = Table::copy_of(*call.f);
  for (std::int64_t i = 0; i < call.v->rows; ++i)
    for (std::int64_t l = 0; l < call.v->cols; ++l)
      set_element(*call.v, i, l, 2 * call.f_then(i, l));
  return ONAGER_OK;
}

void check_cotangent(Trial& trial, const ModelFunction& model, const Setting& at, const Table& f) {
  Table filled(f.rows, f.cols), v(f.rows, f.cols, std::nan("")), gradient(model.parameters(), 1);
  const auto ws = at.w.view().array(), xs = at.x.view().array();
  auto fs = filled.view().array(), vs = v.view().array(), out = gradient.view().array();
  CotangentCall call{&fs, &vs, {}, 0};
  trial.must("vjp", [&] {
    return model.table().vjp(model.instance(), &ws, &xs, &fs, twice_the_outputs, &call, &vs, &out,
                             nullptr);
  });
  if (call.calls != 1) {
    trial.report("model.cotangent", fmt::format("the cotangent was called {} times", call.calls));
    return;
  }
  Table twice = f;
  for (double& number : twice.values) number *= 2;
  const Table expected = run_plain(trial, model.vjp_parameters(at.w, at.x, twice)).back();
  double worst = 0, size = 0;
  for (std::size_t k = 0; k < gradient.values.size(); ++k) {
    worst = std::max(worst, std::abs(gradient.values[k] - expected.values[k]));
    size = std::max(size, std::abs(expected.values[k]));
  }
  if (!(worst <= 1e-10 * size))
    trial.report(
        "model.cotangent",
        fmt::format("with a cotangent that sets v to 2 f, w_out differs by {:.3g} from that "
                    "for this v",
                    worst),
        at.inputs());
}

}  // namespace

void check_model_vjp(Trial& trial) {
  const Specimen specimen(trial);
  const ModelFunction model(specimen);
  const Setting at(model, trial);
  const Table f = run_plain(trial, model.forward(at.w, at.x)).front();
  const Values by_parameters = run_plain(trial, model.vjp_parameters(at.w, at.x, at.v));
  for (std::size_t i = 0; i < f.values.size(); ++i)
    if (!(std::abs(by_parameters[0].values[i] - f.values[i]) <=
          1e-12 * (1 + std::abs(f.values[i]))))
      trial.report("model.vjp",
                   fmt::format("number {} of f is {:.17g} by vjp and {:.17g} by forward", i,
                               by_parameters[0].values[i], f.values[i]),
                   at.inputs());
  compare_gradient(trial, at, "w_out", by_parameters[1], at.u, [&](const Table& direction) {
    return difference_quotient(
        [&](double step) {
          return dot(run_plain(trial, model.forward(moved(at.w, step, direction), at.x)).front(),
                     at.v);
        },
        0, 0.05);
  });
  if (model.has_input_derivative()) {
    const Table by_inputs = run_plain(trial, model.vjp_inputs(at.w, at.x, at.v)).back();
    compare_gradient(trial, at, "x_out", by_inputs, at.s, [&](const Table& direction) {
      return difference_quotient(
          [&](double step) {
            return dot(run_plain(trial, model.forward(at.w, moved(at.x, step, direction))).front(),
                       at.v);
          },
          0, 0.02);
    });
  }
  check_cotangent(trial, model, at, f);
}

void check_model_tangent(Trial& trial) {
  const Specimen specimen(trial);
  const ModelFunction model(specimen);
  if (!model.has_tangent()) return;
  const Setting at(model, trial);
  const bool inputs = model.has_input_derivative();
  const Table* s = inputs ? &at.s : nullptr;
  const auto point = [&](double step) {
    return std::make_pair(moved(at.w, step, at.u), inputs ? moved(at.x, step, at.s) : at.x);
  };

  const Table along = run_plain(trial, model.jvp(at.w, at.x, &at.u, s)).front();
  compare(trial, "model.jvp", at, "<v, jvp(u, s)>", dot(along, at.v),
          difference_quotient(
              [&](double step) {
                const auto [w, x] = point(step);
                return dot(run_plain(trial, model.forward(w, x)).front(), at.v);
              },
              0, 0.02));
  const Table only_u = run_plain(trial, model.jvp(at.w, at.x, &at.u, nullptr)).front();
  const double forth = dot(only_u, at.v);
  const double back = dot(run_plain(trial, model.vjp_parameters(at.w, at.x, at.v)).back(), at.u);
  if (!(std::abs(forth - back) <= 1e-9 * (std::abs(forth) + std::abs(back) + 1e-9)))
    trial.report("model.jvp",
                 fmt::format("<v, J u> is {:.15g} by jvp, and <J' v, u> is {:.15g} by "
                             "vjp",
                             forth, back),
                 at.inputs());

  // what follows is compared with difference quotients of jvp
  if (trial.anything_reported()) return;
  const Table* bent = model.has_input_curvature() ? s : nullptr;
  const Table bend = run_plain(trial, model.second(at.w, at.x, &at.u, bent)).front();
  compare(trial, "model.second", at, "<v, second(u, s)>", dot(bend, at.v),
          difference_quotient(
              [&](double step) {
                const auto [w, x] = point(step);
                return dot(run_plain(trial, model.jvp(w, bent ? x : at.x, &at.u, bent)).front(),
                           at.v);
              },
              0, 0.02));

  const Table other = trial.normal(model.parameters(), 1, "other direction");
  const Table hu = run_plain(trial, model.hvp_parameters(at.w, at.x, at.v, &at.u, s)).front();
  compare(trial, "model.hvp", at, "<u', w_out> of hvp(u, s)", dot(hu, other),
          difference_quotient(
              [&](double step) {
                const auto [w, x] = point(step);
                return dot(run_plain(trial, model.vjp_parameters(w, x, at.v)).back(), other);
              },
              0, 0.02));
  const Table h_u =
      run_plain(trial, model.hvp_parameters(at.w, at.x, at.v, &at.u, nullptr)).front();
  const Table h_o =
      run_plain(trial, model.hvp_parameters(at.w, at.x, at.v, &other, nullptr)).front();
  const double left = dot(h_u, other), right = dot(h_o, at.u);
  if (!(std::abs(left - right) <= 1e-8 * (std::abs(left) + std::abs(right) + 1e-6)))
    trial.report("model.hvp",
                 fmt::format("the Hessian is not symmetric: <u', H u> is {:.12g} and "
                             "<u, H u'> is {:.12g}",
                             left, right),
                 at.inputs());
  if (!model.has_input_curvature()) return;
  const Table hx = run_plain(trial, model.hvp_inputs(at.w, at.x, at.v, &at.u, s)).front();
  const Table elsewhere = trial.normal(at.x.rows, at.x.cols, "other inputs");
  compare(trial, "model.hvp", at, "<s', x_out> of hvp(u, s)", dot(hx, elsewhere),
          difference_quotient(
              [&](double step) {
                const auto [w, x] = point(step);
                return dot(run_plain(trial, model.vjp_inputs(w, x, at.v)).back(), elsewhere);
              },
              0, 0.02));
}

void check_model_tangent_kernel(Trial& trial) {
  const Specimen specimen(trial);
  const ModelFunction model(specimen);
  if (!model.has_tangent_kernel()) return;
  const Setting at(model, trial);
  const std::int64_t c = model.outputs(), n = at.x.rows;
  // the gradient of every output at every sample, by vjps of single ones
  std::vector<Table> gradients;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t l = 0; l < c; ++l) {
      Table v(n, c);
      v(i, l) = 1;
      gradients.push_back(run_plain(trial, model.vjp_parameters(at.w, at.x, v)).back());
    }
  Table z(2, at.x.cols);
  for (std::int64_t i = 0; i < z.rows; ++i)
    for (std::int64_t f = 0; f < z.cols; ++f) z(i, f) = at.x(i + 1, f);
  const Table own = run_plain(trial, model.tangent_kernel(at.w, at.x, nullptr)).front();
  const Table part = run_plain(trial, model.tangent_kernel(at.w, at.x, &z)).front();
  double size = 0;
  for (const double v : own.values) size = std::max(size, std::abs(v));
  const auto check = [&](const Table& k, std::int64_t first, const char* words) {
    for (std::int64_t i = 0; i < k.rows; ++i)
      for (std::int64_t j = 0; j < k.cols; ++j) {
        const double expected = dot(gradients[static_cast<std::size_t>(i)],
                                    gradients[static_cast<std::size_t>(first * c + j)]);
        if (std::abs(k(i, j) - expected) <= 1e-10 * size) continue;
        trial.report(
            "model.tangent_kernel",
            fmt::format("element [{}, {}] {} is {:.12g}, and the gradients by vjp have the "
                        "inner product {:.12g}",
                        i, j, words, k(i, j), expected),
            at.inputs());
        return;
      }
  };
  check(own, 0, "of the block of x");
  check(part, 1, "of the block of x against z");
}

}  // namespace onager::host::conformance
