// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/instance.hpp"
#include "results/npy.hpp"
#include "results/summary.hpp"

#include <armadillo>
#include <map>
#include <string>
#include <vector>

namespace onager::host {

/// Samples with their targets: columns of d x n and c x n matrices.
template <class T>
struct Split {
  arma::Mat<T> x, y;
};

/// Sizes of a dataset, known before it is in memory.
struct DataShape {
  std::int64_t train_samples = 0, test_samples = 0, features = 0, outputs = 0;
  bool classification = false;
  double fact_bytes = 0;
};

/// A dataset in memory, as the run uses it.
template <class T>
struct Data {
  DataShape shape;
  Split<T> train, test;  // x is empty once it was given to the kernel
  std::vector<std::string> output_names;
  std::vector<FeatureGroup> groups;
  std::map<std::string, NpyArray> facts;
};

/// Asks a dataset component for its sizes, once. Throws Error(system) when it has no training
/// samples.
DataShape describe_data(const Instance& dataset);

/// Writes sizes and groups into a summary.
void describe_shape(const DataShape& shape, const std::vector<FeatureGroup>& groups,
                    Summary& summary);

/// Then for everything else. Throws Error(system) when it gives a number that is not finite, with
/// the split, sample and feature.
template <class T>
Data<T> load_data(const Instance& dataset, const DataShape& shape);

/// All arrays of a named-array interface (state or facts) of an instance; empty without it.
std::map<std::string, NpyArray> read_named_arrays(const Instance& instance, const char* interface);

/// Bytes of them, without reading them.
double named_array_bytes(const Instance& instance, const char* interface);

}  // namespace onager::host
