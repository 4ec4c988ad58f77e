// SPDX-License-Identifier: MIT
#pragma once

#include "config/kernel_loop.hpp"
#include "linalg/arrays.hpp"
#include "plugin/instance.hpp"
#include "results/npy.hpp"
#include "results/summary.hpp"

#include <armadillo>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// Samples with their targets: columns of d x n and c x n matrices.
template <class T>
struct Split {
  arma::Mat<T> x, y;
};

/// Sizes of a dataset, known before it is in memory.
struct DataShape {
  std::int64_t train_samples = 0;       // that are fitted
  std::int64_t validation_samples = 0;  // that are held out of the dataset's training samples
  std::int64_t test_samples = 0, features = 0, outputs = 0;
  bool classification = false;
  double fact_bytes = 0;

  std::int64_t unseen_samples() const { return validation_samples + test_samples; }
};

/// A dataset in memory, as the run uses it.
template <class T>
struct Data {
  DataShape shape;
  Split<T> train;  // x is empty once it was given to the kernel
  Split<T>
      unseen;  // what is predicted and not fitted: the validation samples, then the test samples
  std::vector<std::string> output_names;
  std::vector<FeatureGroup> groups;
  std::map<std::string, NpyArray> facts;
};

/// What belongs to the validation or the test samples, by the name of the split, of columns that
/// belong to all unseen ones. Nothing for another name, and where no samples are held out for
/// validation.
template <class T>
std::optional<onager_array> unseen_array(const arma::Mat<T>& columns, const DataShape& shape,
                                         std::string_view split) {
  const std::int64_t v = shape.validation_samples;
  if (split == "test") return as_array(columns, v, shape.test_samples);
  if (split == "validation" && v > 0) return as_array(columns, 0, v);
  return std::nullopt;
}

/// Asks a dataset component for its sizes, once. Throws Error(system) when it has no training
/// samples.
DataShape describe_data(const Instance& dataset);

/// Writes sizes and groups into a summary.
void describe_shape(const DataShape& shape, const std::vector<FeatureGroup>& groups,
                    Summary& summary);

/// Takes the validation samples out of the training samples: floor(validation * n). Throws
/// Error(config) at the key's place when that would be none or all.
void hold_out(DataShape& shape, const KernelLoop& loop);

/// Then for everything else. `held_out` are the training samples for validation, ascending. Throws
/// Error(system) when the dataset gives a number that is not finite, with the split, sample and
/// feature.
template <class T>
Data<T> load_data(const Instance& dataset, const DataShape& shape,
                  const std::vector<std::int64_t>& held_out = {});

/// Replaces the samples that are fitted by the first ones of another draw. Throws as load_data
/// does. For a dataset that offers ONAGER_DATASET_DRAW.
template <class T>
void draw_train(const Instance& dataset, std::uint64_t draw, Data<T>& data);

/// All arrays of a named-array interface (state or facts) of an instance; empty without it.
std::map<std::string, NpyArray> read_named_arrays(const Instance& instance, const char* interface);

/// Bytes of them, without reading them.
double named_array_bytes(const Instance& instance, const char* interface);

}  // namespace onager::host
