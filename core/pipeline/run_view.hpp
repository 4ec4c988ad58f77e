// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/feature_chain.hpp"

#include <onager/abi.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace onager::host {

/// The run after a row, as diagnostics see it: the data, what is known of it, the feature maps'
/// state, and what the experiment has beyond these.
template <class T>
class RunView {
 public:
  /// The array of that name, where the experiment has one.
  using Further = std::function<std::optional<onager_array>(std::string_view name)>;

  /// All arguments stay with the caller.
  RunView(const FeatureChain<T>& chain, const Data<T>& data, std::int64_t index, Further further,
          const onager_network* network = nullptr);
  RunView(const RunView&) = delete;
  RunView& operator=(const RunView&) = delete;
  const onager_view& abi() const { return table_; }

  struct Context {
    const FeatureChain<T>* chain;
    const Data<T>* data;
    Further further;
    std::map<std::string, NpyArray> states;  // of the feature maps, once one was asked for
    bool states_read = false;
  };

 private:
  Context context_;
  onager_view table_;
};

/// State of all feature maps by name; the first map keeps a name that two use, the next get
/// NAME.2, NAME.3 ...
template <class T>
std::map<std::string, NpyArray> feature_map_states(const FeatureChain<T>& chain);

}  // namespace onager::host
