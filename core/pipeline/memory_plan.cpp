// SPDX-License-Identifier: MIT
#include "pipeline/memory_plan.hpp"

#include "base/error.hpp"
#include "base/memory.hpp"
#include "base/text.hpp"
#include "linalg/kernel_matrix.hpp"
#include "linalg/outer_product_plan.hpp"
#include "pipeline/kernel_operator.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

using Item = MemoryPhase::Item;

constexpr double mebibyte = 1024.0 * 1024;

// The program, its plugins and libraries, and the packing buffers of BLAS, which each thread has:
// measured on runs of a few hundred samples.
constexpr double program_bytes = 16 * mebibyte, thread_bytes = 16 * mebibyte;

double numbers(std::int64_t rows, std::int64_t cols) {
  return static_cast<double>(rows) * static_cast<double>(cols);
}

/// The counts of one run, in bytes.
class Count {
 public:
  explicit Count(const MemoryShape& shape)
      : shape_(shape),
        n_(shape.train_samples),
        t_(shape.unseen_samples),
        c_(shape.outputs),
        d_(shape.stages.empty() ? shape.features : shape.stages.back().outputs),
        size_(shape.number_size) {
    for (std::size_t s = shape.stages.size(); s-- > 0;)
      if (shape.stages[s].learns) first_learning_ = s;
  }

  double program() const { return program_bytes + thread_bytes * threads(); }
  double data() const { return size_ * numbers(n_ + t_, shape_.features + c_) + shape_.fact_bytes; }

  /// Training samples as every map but the first gets them, and unseen ones as the first learning
  /// one does.
  double stage_inputs() const {
    double sum = 0;
    for (std::size_t s = 1; s < shape_.stages.size(); ++s)
      sum += size_ * numbers(n_, shape_.stages[s].inputs) +
             (s == first_learning_ ? size_ * numbers(t_, shape_.stages[s].inputs) : 0);
    return sum;
  }

  /// What the kernel sees: of the last map, or a copy of the data where that is still needed as it
  /// was given, or the data itself.
  double kernel_samples() const {
    const bool own =
        !shape_.stages.empty() || (shape_.shifts && (shape_.diagnoses || shape_.fresh_samples));
    return size_ * (numbers(n_ + t_, 1) + (own ? numbers(n_ + t_, d_) : 0));
  }

  /// The unseen samples on their way from map to map.
  double unseen_on_their_way() const {
    double most = 0;
    for (std::size_t s = 1; s < shape_.stages.size(); ++s)
      if (s != first_learning_) most = std::max(most, size_ * numbers(t_, shape_.stages[s].inputs));
    return most;
  }

  /// Matrices inside linear maps: with their root and both precisions, where they learn.
  double map_matrices() const {
    double sum = 0;
    for (const auto& stage : shape_.stages)
      if (stage.linear && !stage.diagonal)
        sum += (stage.learns ? 20.0 : 12.0) * numbers(stage.inputs, stage.outputs);
    return sum;
  }

  double coefficients() const { return size_ * numbers(n_, c_); }
  double predictions() const { return size_ * numbers(n_ + t_, c_); }
  double tiles() const {
    return size_ * threads() *
           static_cast<double>(KernelMatrix::tile_numbers(shape_.block_kernels));
  }
  double gathered() const {
    return 2 * size_ * numbers(std::min(n_, KernelOperator<double>::gathered_samples), d_ + 1);
  }

  /// For the outer product of the gradients at the training samples with respect to input s, in
  /// whichever form it is computed, and for the gradients themselves.
  double gradients(std::size_t s) const {
    const auto blocks = static_cast<std::int64_t>(shape_.block_kernels);
    const OuterProductShape shape{n_,          n_,        d_, c_, static_cast<std::int64_t>(size_),
                                  blocks == 0, 1 + blocks};
    const auto by_output = plan_outer_product(shape, OuterProductForm::by_output);
    const std::int64_t d = s < shape_.stages.size() ? shape_.stages[s].inputs : d_;
    const double wider =
        size_ * numbers(by_output.rows * by_output.outputs, std::max<std::int64_t>(0, d - d_));
    const double most = std::max(plan_outer_product(shape).bytes, by_output.bytes + wider);
    const double of_one_output = size_ * (numbers(n_, d_) + numbers(n_, std::max(d, d_)));
    const bool rows_of_weights = !shape_.shifts || blocks > 0;
    return std::max(most, of_one_output) + size_ * numbers(n_, d_ + 1) +
           (rows_of_weights ? size_ * threads() * 128.0 * static_cast<double>(n_ + d_) : 0) +
           size_ * (2 * numbers(d, d) + numbers(d_, d_) + 2 * numbers(d, d_));
  }

  /// The block of weights among those.
  double weights() const {
    const OuterProductShape shape{n_, n_, d_, c_, static_cast<std::int64_t>(size_), false, 1};
    return size_ * numbers(plan_outer_product(shape).rows, n_);
  }

  /// Two symmetric eigenproblems and powers of the result, in double.
  double learning(std::size_t s) const {
    const auto& stage = shape_.stages[s];
    return stage.diagonal ? 0 : 8.0 * 6 * numbers(stage.inputs, stage.inputs);
  }

  /// The state of the maps as files.
  double checkpoint() const {
    double sum = 0;
    for (const auto& stage : shape_.stages)
      if (stage.learns) sum += 8.0 * 2 * numbers(stage.inputs, stage.diagonal ? 1 : stage.inputs);
    return sum;
  }

 private:
  double threads() const { return static_cast<double>(shape_.threads); }
  const MemoryShape& shape_;
  std::int64_t n_, t_, c_, d_;
  double size_;
  std::size_t first_learning_ = static_cast<std::size_t>(-1);
};

/// The items that make more than a hundredth of the phase, the largest first.
std::string items_text(const MemoryPhase& phase) {
  std::vector<Item> items = phase.items;
  std::stable_sort(items.begin(), items.end(),
                   [](const Item& a, const Item& b) { return a.bytes > b.bytes; });
  std::vector<std::string> parts;
  for (const auto& item : items)
    if (item.bytes > phase.bytes / 100)
      parts.push_back(fmt::format("{} {}", item.what, bytes(item.bytes)));
  return joined(parts, ", ");
}

std::string allowed_text(const MemoryPlan& plan) {
  return fmt::format("{} allowed ({})", bytes(plan.limit), plan.limit_source);
}

}  // namespace

const MemoryPhase& MemoryPlan::peak() const {
  static const MemoryPhase none;
  const auto largest = std::max_element(
      phases.begin(), phases.end(), [](const auto& a, const auto& b) { return a.bytes < b.bytes; });
  return largest == phases.end() ? none : *largest;
}

MemoryPlan plan_memory(const MemoryShape& shape, double limit, const SolverMemory& solver) {
  const Count count(shape);
  MemoryPlan plan;
  plan.limit = limit;
  std::vector<Item> held;
  const auto hold = [&](const char* what, double amount) {
    if (amount > 0) held.push_back({what, amount});
  };
  const auto phase = [&](const char* name, std::vector<Item> own) -> MemoryPhase& {
    plan.phases.push_back({name, held, 0});
    auto& added = plan.phases.back();
    for (auto& item : own)
      if (item.bytes > 0) added.items.push_back(std::move(item));
    for (const auto& item : added.items) added.bytes += item.bytes;
    return added;
  };

  hold("program", count.program());
  hold("data", count.data());
  if (shape.fresh_samples) hold("the dataset's own", shape.dataset_bytes);
  phase("load", {{"the dataset's own", shape.fresh_samples ? 0 : shape.dataset_bytes}});
  hold("inputs of feature maps", count.stage_inputs());
  hold("matrices of feature maps", count.map_matrices());
  hold("samples for the kernel", count.kernel_samples());
  phase("transform", {{"unseen samples between feature maps", count.unseen_on_their_way()}});
  hold("coefficients", count.coefficients());
  auto& fit = phase("fit", {{"tiles", count.tiles()}, {"gathered samples", count.gathered()}});
  plan.solver_allowed = std::max(0.0, limit - fit.bytes);
  double released = 0;  // by the solver, and kept for the next large block
  if (const auto needed = solver(plan.solver_allowed)) {
    fit.items.push_back({"solver", *needed});
    fit.bytes += *needed;
    released = *needed;
  } else {
    plan.unknown.push_back("the solver does not tell what it takes");
  }
  hold("predictions", count.predictions());
  if (shape.validates) hold("features of the best round", count.checkpoint());
  phase("predict", {{"tiles", count.tiles()}, {"kept for the next round", released}});
  // the gradients' weights take the kept block's place, or it is given back
  const double excess = std::min(released, (kept_block_excess - 1) * count.weights());
  if (shape.diagnoses && shape.differentiable)
    phase("diagnose", {{"tiles", count.tiles()},
                       {"gradients", count.gradients(0)},
                       {"kept for the next round", excess},
                       {"state of feature maps", count.checkpoint()}});
  if (shape.rounds > 1)
    for (std::size_t s = 0; s < shape.stages.size(); ++s)
      if (shape.stages[s].learns)
        phase("learn", {{"tiles", count.tiles()},
                        {"gradients", count.gradients(s)},
                        {"kept for the next round", excess},
                        {"what the feature map does with them", count.learning(s)}});
  phase("write", {{"state of feature maps", count.checkpoint()}});
  return plan;
}

void require_memory(const MemoryPlan& plan) {
  if (!plan.exceeded()) return;
  const MemoryPhase& peak = plan.peak();
  throw Error(Category::system,
              fmt::format("the phase {} needs {} of memory, of {}; nothing was computed\n"
                          "it holds: {}{}\n"
                          "fewer training samples or precision = \"float32\" take less, and so "
                          "may another optimizer or other parameters of it (onager check shows "
                          "each phase); memory_limit sets what is allowed",
                          peak.name, bytes(peak.bytes), allowed_text(plan), items_text(peak),
                          plan.solver_reason.empty() ? "" : "\nthe solver: " + plan.solver_reason));
}

std::vector<std::string> memory_lines(const MemoryPlan& plan) {
  std::vector<std::string> lines;
  for (const auto& phase : plan.phases)
    lines.push_back(
        fmt::format("{:<10} {:>9}  {}", phase.name, bytes(phase.bytes), items_text(phase)));
  for (const auto& what : plan.unknown) lines.push_back("not counted: " + what);
  lines.push_back(fmt::format("peak {}{} in {}, of {}{}", plan.known() ? "" : "at least ",
                              bytes(plan.peak().bytes), plan.peak().name, allowed_text(plan),
                              plan.exceeded() ? ": a run is refused" : ""));
  return lines;
}

}  // namespace onager::host
