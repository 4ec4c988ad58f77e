// SPDX-License-Identifier: MIT
#pragma once

#include "conformance/trial.hpp"

#include <onager/array.hpp>

#include <string>
#include <vector>

namespace onager::host::conformance {

/// Samples that a check is made on, one a row.
struct PointSet {
  std::string name;
  Table points;
};

/// Normal samples, samples that occur twice, zeros, samples far from the origin and from each
/// other, very short and very long ones, and a single one: what numerical code stumbles over.
std::vector<PointSet> awkward_points(const Trial& trial, std::int64_t dimension);

}  // namespace onager::host::conformance
