// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/predictor.hpp"

#include <onager/abi.h>

#include <string>

namespace onager::host {

/// The run after a round's fit, as diagnostics see it. Without a predictor (a run stopped in the
/// middle of a round) the arrays that come from one are not found.
template <class T>
class RunView {
 public:
  RunView(Predictor<T>* predictor, const FeatureChain<T>& chain, const Data<T>& data,
          std::int64_t round);
  RunView(const RunView&) = delete;
  RunView& operator=(const RunView&) = delete;
  const onager_view& abi() const { return table_; }

  struct Context {
    Predictor<T>* predictor;
    const FeatureChain<T>* chain;
    const Data<T>* data;
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
