// SPDX-License-Identifier: MIT
//
// A dataset of the build with the samples that it gives.
#pragma once

#include "../support.hpp"

#include <cstdint>
#include <vector>

namespace onager::tests {

/// A dataset from the lines of a [dataset] table, already described.
class Dataset {
 public:
  explicit Dataset(const std::string& lines)
      : instance_(test::plan_of("[dataset]\n" + lines +
                                "\n[kernel]\nuse = 'gaussian'\n[optimizer]\nuse = 'cholesky'\n")
                      .dataset,
                  environment_),
        table_(instance_.interface<onager_dataset>(ONAGER_DATASET)) {
    info.struct_size = sizeof info;
    instance_.call("describe", [&] { return table_->describe(instance_.get(), &info); });
  }

  struct Samples {
    arma::mat x, y;  // samples as columns
  };
  Samples samples(std::uint32_t split) const {
    const std::int64_t count = split == ONAGER_TRAIN ? info.train_samples : info.test_samples;
    const auto n = static_cast<arma::uword>(count);
    Samples out{arma::mat(static_cast<arma::uword>(info.features), n),
                arma::mat(static_cast<arma::uword>(info.outputs), n)};
    if (count == 0) return out;
    auto x = host::as_array(out.x, 0, count), y = host::as_array(out.y, 0, count);
    instance_.call("fill", [&] { return table_->fill(instance_.get(), split, 0, &x, &y); });
    return out;
  }

  std::vector<std::string> classes() const {
    std::vector<std::string> out;
    for (std::int64_t i = 0; const char* name = table_->output_name(instance_.get(), i); ++i)
      out.emplace_back(name);
    return out;
  }

  /// A fact, its rows as columns; empty where it is not known.
  arma::mat fact(const std::string& name) const {
    const auto* facts = instance_.interface<onager_named_arrays>(ONAGER_FACTS);
    for (std::int64_t i = 0;; ++i) {
      onager_array_info described{};
      described.struct_size = sizeof described;
      if (facts->describe(instance_.get(), i, &described) != ONAGER_OK) return {};
      if (name != described.name || described.dtype != ONAGER_FLOAT64) continue;
      arma::mat out(static_cast<arma::uword>(described.cols),
                    static_cast<arma::uword>(described.rows));
      auto array = host::as_array(out);
      instance_.call("read", [&] { return facts->read(instance_.get(), i, &array); });
      return out;
    }
  }

  onager_dataset_info info{};

 private:
  host::Environment environment_;
  host::Instance instance_;
  const onager_dataset* table_;
};

/// What is said of a dataset that cannot be had.
inline std::string problem_of(const std::string& lines) {
  try {
    Dataset{lines};
  } catch (const host::Error& error) {
    return error.what();
  }
  return "no problem";
}

}  // namespace onager::tests
