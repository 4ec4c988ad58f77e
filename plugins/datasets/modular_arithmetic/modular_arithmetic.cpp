// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "../../common/modular.hpp"

#include <algorithm>
#include <cmath>

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::Operation;

/// One operation with its pairs: all of Z_p², or those with b != 0.
struct Part {
  Operation operation;
  std::int64_t modulus, least_second;

  std::int64_t second_values() const { return modulus - least_second; }
  std::int64_t pairs() const { return modulus * second_values(); }
};

/// Pairs (a, b) as one-hot(a), one-hot(b) in R^{2p}, labelled one-hot(a op b mod p) in R^p. With a
/// second operation the pairs of both are there, told apart by one more feature: 0 for the first,
/// 1 for the second. All of them are parted at random: floor(train_fraction * pairs) train. Split
/// by pairs, a pair trains for both operations or for neither; where one divides, b != 0 for both.
class ModularArithmetic {
 public:
  ModularArithmetic(const onager::Config& c, const onager::Host& host)
      : host_(host), p_(c.integer("modulus")), fraction_(c.real("train_fraction")) {
    add("operation", c.choice("operation"));
    const std::string second = c.choice("second_operation");
    if (second == c.choice("operation"))
      throw Error(ONAGER_INVALID, "second_operation = \"" + second +
                                      "\" is the first operation too; name another one, or leave "
                                      "it out");
    if (second != "none") add("second_operation", second);
    if (c.choice("split_by") == "pairs") join();
    else
      for (const auto& part : parts_) pairs_ += part.pairs();
    // the small term keeps a product such as 0.29 * 100 = 28.999... at 29
    const auto train =
        static_cast<std::int64_t>(std::floor(fraction_ * static_cast<double>(pairs_) + 1e-9));
    if (train < 1 || train >= pairs_)
      throw Error(ONAGER_INVALID, "train_fraction = " + std::to_string(fraction_) + " of " +
                                      std::to_string(pairs_) + " pairs leaves " +
                                      std::to_string(train) + " to train and " +
                                      std::to_string(pairs_ - train) +
                                      " to test; each needs at least one");
    train_ = train * samples_a_pair_;
    for (std::int64_t i = 0; i < p_; ++i) names_.push_back(std::to_string(i));
    groups_ = {{"a", 0, p_}, {"b", p_, p_}};
    if (parts_.size() == 2) groups_.push_back({"task", 2 * p_, 1});
    else know_circulants(parts_[0].operation);
  }

  onager::Sizes describe() {
    permutation_ = host_.permutation(0, pairs_);
    const auto task_bits = static_cast<std::int64_t>(parts_.size()) - 1;
    return {onager::Task::classification, train_, pairs_ * samples_a_pair_ - train_,
            2 * p_ + task_bits, p_};
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    const std::int64_t from = first + (split == onager::Split::test ? train_ : 0);
    for (std::int64_t i = 0; i < x.rows; ++i) {
      const std::int64_t sample = from + i;
      std::int64_t pair = permutation_.at(static_cast<std::size_t>(sample / samples_a_pair_));
      bool second = sample % samples_a_pair_ == 1;
      if (pair >= parts_[0].pairs()) {
        second = true;
        pair -= parts_[0].pairs();
      }
      const Part& part = parts_[second];
      const std::int64_t a = pair / part.second_values();
      const std::int64_t b = pair % part.second_values() + part.least_second;
      for (std::int64_t j = 0; j < p_; ++j) {
        x(i, j) = T(j == a);
        x(i, p_ + j) = T(j == b);
        y(i, j) = T(0);
      }
      if (parts_.size() == 2) x(i, 2 * p_) = T(second);
      y(i, onager::plugins::apply(part.operation, a, b, p_)) = T(1);
    }
  }

  const std::vector<std::string>& output_names() const { return names_; }
  const std::vector<onager::Group>& groups() const { return groups_; }
  std::vector<onager::NamedTable> facts() {
    return {{"circulant_order", "order of a group's features in which learned blocks are circulant",
             &order_, ONAGER_INT64},
            {"circulant_direction", "1: constant along diagonals, -1: along anti-diagonals",
             &direction_, ONAGER_INT64}};
  }

 private:
  void add(const std::string& parameter, const std::string& name) {
    const Operation operation = onager::plugins::operation_of(name);
    if (operation == Operation::divide && !onager::plugins::is_prime(p_))
      throw Error(ONAGER_INVALID,
                  "modulus = " + std::to_string(p_) +
                      " is not prime, and only modulo a prime every b but 0 has an inverse, as " +
                      parameter + " = \"divide\" needs; the nearest prime is " +
                      std::to_string(onager::plugins::nearest_prime(p_)));
    parts_.push_back({operation, p_, operation == Operation::divide ? 1 : 0});
  }

  /// One list of pairs for all operations: those that each of them has.
  void join() {
    std::int64_t least_second = 0;
    for (const auto& part : parts_) least_second = std::max(least_second, part.least_second);
    for (auto& part : parts_) part.least_second = least_second;
    pairs_ = parts_[0].pairs();
    samples_a_pair_ = static_cast<std::int64_t>(parts_.size());
  }

  /// Two operations share the blocks of one matrix: no order makes those circulant.
  void know_circulants(Operation operation) {
    const auto order = onager::plugins::circulant_order(operation, p_);
    if (order.empty()) return;
    order_ = Table(static_cast<std::int64_t>(order.size()), 1);
    for (std::size_t i = 0; i < order.size(); ++i) order_.values[i] = static_cast<double>(order[i]);
    direction_ = Table(1, 1, static_cast<double>(onager::plugins::circulant_direction(operation)));
  }

  onager::Host host_;
  std::int64_t p_, pairs_ = 0, samples_a_pair_ = 1, train_ = 0;
  double fraction_;
  std::vector<Part> parts_;
  std::vector<std::int64_t> permutation_;
  std::vector<std::string> names_;
  std::vector<onager::Group> groups_;
  Table order_, direction_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.modular_arithmetic", "1.2.0", "MIT",
    onager::dataset<ModularArithmetic>(
        "modular_arithmetic", "Pairs (a, b) with the class (a op b) mod p, one-hot",
        {onager::integer("modulus", 61, "p; prime for divide").at_least(2).at_most(65535),
         onager::choice("operation",
                        {"add", "subtract", "multiply", "divide", "a2_plus_b", "a2_plus_b2",
                         "a2_plus_ab_plus_b2", "a2_plus_ab_plus_b2_plus_a", "a3_plus_ab"},
                        "add", "The operation, a2 for a², a3 for a³; divide leaves out b = 0"),
         onager::choice("second_operation",
                        {"none", "add", "subtract", "multiply", "divide", "a2_plus_b", "a2_plus_b2",
                         "a2_plus_ab_plus_b2", "a2_plus_ab_plus_b2_plus_a", "a3_plus_ab"},
                        "none",
                        "A second task on the same pairs, told apart by one more feature: 0 for "
                        "operation, 1 for this"),
         onager::choice("split_by", {"samples", "pairs"}, "samples",
                        "With a second task: its pairs and those of the first part by themselves, "
                        "or a pair trains for both or for neither"),
         onager::real("train_fraction", 0.5, "Part of all pairs that is trained on, the rest tests")
             .above(0)
             .below(1)})
        .cite("Mallinar, Beaglehole, Zhu, Radhakrishnan, Pandit, Belkin, Emergence in non-neural "
              "models: grokking modular arithmetic via average gradient outer product, ICML 2025"))
