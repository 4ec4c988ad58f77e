// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/network_calls.hpp"
#include "pipeline/objective.hpp"
#include "plugin/registry.hpp"

#include <onager/array.hpp>

#include <string>
#include <utility>
#include <vector>

namespace onager::host::conformance {

/// The stand-in model as a run trains it on the mean square error: by gradient descent from its
/// initial parameters, in every second step on half of the samples. The third step is far above the
/// critical rate, and the loss has a spike there.
template <class T>
class NetworkStandIn {
 public:
  NetworkStandIn(const Table& x, const Table& y, std::int64_t steps);
  NetworkStandIn(const NetworkStandIn&) = delete;
  NetworkStandIn& operator=(const NetworkStandIn&) = delete;

  const onager_network& abi() const { return table_; }
  Table predictions(const Table& x) const;
  /// What the views of a network have beyond the data and the predictions.
  std::vector<std::pair<std::string, Table>> arrays() const;

 private:
  void make_step(std::int64_t index);
  /// The average gradient outer product.
  Table outer_product(bool centered) const;

  Registry registry_;
  Environment environment_;
  Instance model_, loss_;
  const arma::Mat<T> x_, y_;
  Network<T> network_;
  Objective<T> objective_;
  arma::Mat<T> initial_, previous_, w_;
  std::vector<std::int64_t> batch_;
  onager_step last_;
  NetworkContext<T> context_;
  onager_network table_;
};

}  // namespace onager::host::conformance
