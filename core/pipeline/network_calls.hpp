// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/network.hpp"

#include <onager/abi.h>

#include <armadillo>

namespace onager::host {

/// What stands behind an onager_network: the network and its present parameters.
template <class T>
struct NetworkContext {
  const Network<T>* network;
  const arma::Mat<T>* w;
};

/// The functions of an onager_network over a context that outlives the table.
template <class T>
onager_network network_table(const NetworkContext<T>& context, std::int64_t samples,
                             const onager_objective& objective);

}  // namespace onager::host
