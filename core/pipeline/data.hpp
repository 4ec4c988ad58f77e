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

/// A dataset in memory, as the run uses it.
template <class T>
struct Data {
  Split<T> train, test;
  bool classification = false;
  std::vector<std::string> output_names;
  std::vector<FeatureGroup> groups;
  std::map<std::string, NpyArray> facts;
};

/// Asks a dataset component for everything. Throws Error(system) when it has no training samples or
/// gives a number that is not finite, with the split, sample and feature.
template <class T>
Data<T> load_data(const Instance& dataset);

/// All arrays of a named-array interface (state or facts) of an instance; empty without it.
std::map<std::string, NpyArray> read_named_arrays(const Instance& instance, const char* interface);

}  // namespace onager::host
