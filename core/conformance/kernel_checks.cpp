// SPDX-License-Identifier: MIT
#include "conformance/kernel_checks.hpp"

#include "conformance/difference_quotient.hpp"
#include "conformance/points.hpp"
#include "linalg/blas.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace onager::host::conformance {

namespace {

using Form = KernelFunction::Form;
using Outputs = KernelFunction::Outputs;

constexpr std::int64_t dimension = 5, samples = 37;
constexpr double eps = std::numeric_limits<double>::epsilon();

double largest(const Table& table) {
  double most = 0;
  for (const double v : table.values) most = std::max(most, std::abs(v));
  return most;
}

/// Pairs of moderate samples, some of them coincident, as a profile sees them.
Table moderate_arguments(const KernelFunction& kernel, const Trial& trial) {
  const Table x = trial.normal(samples, dimension, "x");
  Table z = trial.normal(samples, dimension, "z");
  for (std::int64_t i = 0; i < samples; i += 6)
    for (std::int64_t f = 0; f < dimension; ++f) z(i, f) = x(i, f);
  return kernel.arguments(x, z);
}

std::vector<Outputs> offered_outputs(const KernelFunction& kernel) {
  if (!kernel.has_derivative()) return {Outputs::value};
  return {Outputs::both, Outputs::value, Outputs::slopes};
}

std::string at(const std::vector<std::string>& names, const Table& arguments, std::int64_t row) {
  std::string out;
  for (std::size_t a = 0; a < names.size(); ++a)
    out += fmt::format("{}{} = {:.17g}", a == 0 ? "" : ", ", names[a],
                       arguments(row, static_cast<std::int64_t>(a)));
  return out;
}

}  // namespace

Operations kernel_operations(const KernelFunction& kernel, const Trial& trial) {
  Operations out;
  if (kernel.form() == Form::none) return out;
  if (kernel.form() != Form::block) {
    const Table arguments = moderate_arguments(kernel, trial);
    for (const auto outputs : offered_outputs(kernel))
      out.push_back(kernel.evaluation(arguments, outputs));
  }
  if (kernel.has_block()) {
    const Table x = trial.normal(11, dimension, "x"), z = trial.normal(7, dimension, "z");
    out.push_back(kernel.block(x, z));
    if (kernel.form() == Form::block && kernel.has_derivative())
      out.push_back(kernel.gradient(x, z, trial.normal(11, 7, "weights")));
  }
  return out;
}

void check_kernel_form(Trial& trial) {
  const Specimen specimen(trial);
  if (KernelFunction(specimen).form() != Form::none) return;
  trial.report("kernel.form",
               fmt::format("it offers none of {}, {}, {} and {}", ONAGER_KERNEL_RADIAL,
                           ONAGER_KERNEL_DOT, ONAGER_KERNEL_COMPOSITE, ONAGER_KERNEL_BLOCK));
}

void check_kernel_outputs(Trial& trial, const KernelFunction& kernel) {
  if (kernel.form() == Form::block) return;
  const Table arguments = moderate_arguments(kernel, trial);
  const Operation both = kernel.evaluation(arguments, Outputs::both);
  if (!kernel.has_derivative()) {
    // refused for an empty run, so refused for every run
    const Operation slopes = kernel.evaluation(arguments, Outputs::slopes);
    for (const auto* operation : {&both, &slopes}) {
      std::vector<Table> memory;
      for (const auto& a : operation->arguments) memory.push_back(a.numbers);
      for (const auto& r : operation->results) memory.emplace_back(r.rows, r.cols);
      std::vector<onager_array> arrays;
      for (auto& table : memory) arrays.push_back(table.view().array());
      const auto status = trial.ask("evaluate", [&] {
        return operation->run(arrays.data(), arrays.data() + operation->arguments.size());
      });
      if (status != ONAGER_UNSUPPORTED)
        trial.report("kernel.derivative_offered",
                     fmt::format("slopes are answered with ONAGER_UNSUPPORTED for count 0 and with "
                                 "the status {} for count {}",
                                 status, arguments.rows));
    }
    return;
  }
  const Values whole = run_plain(trial, both), allowed = rounding(trial, both, eps);
  const auto compare = [&](Outputs outputs, std::size_t first, std::size_t count,
                           const char* words) {
    const Operation part = kernel.evaluation(arguments, outputs);
    const auto begin = static_cast<std::ptrdiff_t>(first),
               end = static_cast<std::ptrdiff_t>(first + count);
    const auto text =
        difference(part, run_plain(trial, part), Values(whole.begin() + begin, whole.begin() + end),
                   Values(allowed.begin() + begin, allowed.begin() + end), words);
    if (text.empty()) return;
    std::vector<std::pair<std::string, Table>> inputs;
    for (const auto& a : part.arguments) inputs.emplace_back(a.name, a.numbers);
    trial.report("kernel.outputs", text, inputs);
  };
  compare(Outputs::value, 0, 1, " when slopes are NULL, and otherwise ");
  compare(Outputs::slopes, 1, whole.size() - 1, " when k is NULL, and otherwise ");
}

void check_kernel_extremes(Trial& trial, const KernelFunction& kernel) {
  for (const auto& set : awkward_points(trial, dimension)) {
    const Table k = kernel.values(set.points, set.points);
    for (std::int64_t i = 0; i < k.rows; ++i)
      for (std::int64_t j = 0; j < k.cols; ++j)
        if (std::isnan(k(i, j))) {
          trial.report("values.finite", fmt::format("k(x_{}, x_{}) is NaN for {}", i, j, set.name),
                       {{"x", set.points}});
          return;
        }
  }
}

void check_kernel_symmetry(Trial& trial, const KernelFunction& kernel) {
  const Table x = trial.normal(13, dimension, "x"), z = trial.normal(9, dimension, "z");
  const Table xz = kernel.values(x, z), zx = kernel.values(z, x);
  const double bound = 256 * eps * largest(xz);
  for (std::int64_t i = 0; i < xz.rows; ++i)
    for (std::int64_t j = 0; j < xz.cols; ++j)
      if (!(std::abs(xz(i, j) - zx(j, i)) <= bound)) {
        trial.report("kernel.symmetric",
                     fmt::format("k(x_{}, z_{}) is {:.17g} and k(z_{}, x_{}) is {:.17g}", i, j,
                                 xz(i, j), j, i, zx(j, i)),
                     {{"x", x}, {"z", z}});
        return;
      }
}

void check_kernel_definiteness(Trial& trial, const KernelFunction& kernel) {
  for (const auto& set : awkward_points(trial, dimension)) {
    Table k = kernel.values(set.points, set.points);
    const bool finite =
        std::all_of(k.values.begin(), k.values.end(), [](double v) { return std::isfinite(v); });
    if (!finite) continue;  // overflow of long samples
    const Table matrix = k;
    std::vector<double> eigenvalues(static_cast<std::size_t>(k.rows));
    blas::eigen_symmetric<double>(k.rows, k.values.data(), k.rows, eigenvalues.data());
    const double least = eigenvalues.front(), most = eigenvalues.back();
    // each entry has a few eps of the largest, and n of them add up
    if (least >= -16 * static_cast<double>(k.rows) * eps * std::max(most, largest(matrix)))
      continue;
    trial.report("kernel.positive_semidefinite",
                 fmt::format("the matrix of {} {} has eigenvalues from {:.6g} to {:.6g}", k.rows,
                             set.name, least, most),
                 {{"x", set.points}, {"matrix", matrix}});
    return;
  }
}

namespace {

/// How far an argument may move before it leaves what pairs of samples give.
double room_for_steps(Form form, const Table& pair, std::size_t argument) {
  if (form == Form::radial) return pair(0, 0);
  if (form == Form::composite)
    return std::max(std::abs(pair(0, static_cast<std::int64_t>(argument))), 1e-3);
  const double s = pair(0, 0), a = pair(0, 1), b = pair(0, 2);
  return argument == 0 ? std::sqrt(a * b) - std::abs(s) : a - s * s / b;
}

/// The slopes of a profile by each of its arguments; of a dot kernel those by s and a.
void check_slopes(Trial& trial, const KernelFunction& kernel) {
  // inside the domain, with room for steps: no coincident or collinear pairs
  const Table x = trial.normal(samples, dimension, "x"), z = trial.normal(samples, dimension, "z");
  const Table arguments = kernel.arguments(x, z);
  const auto slopes = run_plain(trial, kernel.evaluation(arguments, Outputs::slopes));
  const auto names = kernel.argument_names(), slope_names = kernel.slope_names();
  for (std::size_t s = 0; s < slopes.size(); ++s)
    for (std::int64_t i = 0; i < arguments.rows; ++i) {
      const double start = arguments(i, static_cast<std::int64_t>(s));
      Table moved(1, arguments.cols);
      for (std::int64_t a = 0; a < arguments.cols; ++a) moved(0, a) = arguments(i, a);
      const double room = room_for_steps(kernel.form(), moved, s);
      const auto quotient = difference_quotient(
          [&](double value) {
            moved(0, static_cast<std::int64_t>(s)) = value;
            return run_plain(trial, kernel.evaluation(moved, Outputs::value)).front()(0, 0);
          },
          start, 0.1 * room);
      const double slope = slopes[s](i, 0);
      if (quotient.agrees(slope)) continue;
      std::vector<std::pair<std::string, Table>> inputs;
      for (const auto& a : kernel.evaluation(arguments, Outputs::value).arguments)
        inputs.emplace_back(a.name, a.numbers);
      trial.report("kernel.derivative",
                   fmt::format("at {} the {} is {:.10g}, and the difference quotient of k by {} is "
                               "{:.10g} (known to {:.2g})",
                               at(names, arguments, i), slope_names[s], slope, names[s],
                               quotient.value, quotient.error),
                   inputs);
      return;
    }
}

/// sum_j weights_ij grad_1 k(x_i, z_j), and that a coincident pair counts 0.
void check_block_gradient(Trial& trial, const KernelFunction& kernel) {
  const Table x = trial.normal(6, dimension, "x"), z = trial.normal(5, dimension, "z"),
              weights = trial.normal(6, 5, "weights");
  const std::vector<std::pair<std::string, Table>> inputs = {
      {"x", x}, {"z", z}, {"weights", weights}};
  const Table g = run_plain(trial, kernel.gradient(x, z, weights)).front();
  for (std::int64_t i = 0; i < x.rows; ++i)
    for (std::int64_t f = 0; f < dimension; ++f) {
      Table moved(1, dimension);
      for (std::int64_t k = 0; k < dimension; ++k) moved(0, k) = x(i, k);
      const auto quotient = difference_quotient(
          [&](double value) {
            moved(0, f) = value;
            const Table k = kernel.block_values(moved, z);
            double sum = 0;
            for (std::int64_t j = 0; j < z.rows; ++j) sum += weights(i, j) * k(0, j);
            return sum;
          },
          x(i, f), 0.05);
      if (quotient.agrees(g(i, f))) continue;
      trial.report("kernel.derivative",
                   fmt::format("gradient[{}, {}] is {:.10g}, and the difference quotient of the "
                               "weighted sum of k is {:.10g} (known to {:.2g})",
                               i, f, g(i, f), quotient.value, quotient.error),
                   inputs);
      return;
    }
  const Table one(x.rows, x.rows, 1.0);
  Table only_itself(x.rows, x.rows);
  for (std::int64_t i = 0; i < x.rows; ++i) only_itself(i, i) = 1;
  const Table own = run_plain(trial, kernel.gradient(x, x, only_itself)).front();
  if (largest(own) != 0)
    trial.report("kernel.coincident",
                 fmt::format("the gradient of coincident pairs is not 0 but as much as {:.6g}",
                             largest(own)),
                 {{"x", x}, {"z", x}, {"weights", only_itself}});
}

}  // namespace

void check_kernel_derivative(Trial& trial, const KernelFunction& kernel) {
  if (!kernel.has_derivative()) return;
  if (kernel.form() == Form::block) check_block_gradient(trial, kernel);
  else check_slopes(trial, kernel);
}

void check_kernel_forms_agree(Trial& trial, const KernelFunction& kernel) {
  if (kernel.form() == Form::block || !kernel.has_block()) return;
  const Table x = trial.normal(9, dimension, "x"), z = trial.normal(7, dimension, "z");
  const Table profile = kernel.values(x, z), block = kernel.block_values(x, z);
  const double bound = 1e4 * eps * largest(profile);
  for (std::int64_t i = 0; i < profile.rows; ++i)
    for (std::int64_t j = 0; j < profile.cols; ++j)
      if (!(std::abs(profile(i, j) - block(i, j)) <= bound)) {
        trial.report("kernel.forms_agree",
                     fmt::format("k(x_{}, z_{}) is {:.17g} by its profile and {:.17g} by its block",
                                 i, j, profile(i, j), block(i, j)),
                     {{"x", x}, {"z", z}});
        return;
      }
}

}  // namespace onager::host::conformance
