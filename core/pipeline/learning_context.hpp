// SPDX-License-Identifier: MIT
#pragma once

#include "pipeline/predictor.hpp"

#include <onager/abi.h>

namespace onager::host {

/// What a learning feature map at stage s may ask of the round's predictor.
template <class T>
class LearningContext {
 public:
  LearningContext(Predictor<T>& predictor, const FeatureChain<T>& chain, const Data<T>& data,
                  std::size_t stage, std::int64_t round);
  LearningContext(const LearningContext&) = delete;
  LearningContext& operator=(const LearningContext&) = delete;
  const onager_learning& abi() const { return table_; }

  struct Context {
    Predictor<T>* predictor;
    const FeatureChain<T>* chain;
    const Data<T>* data;
    std::size_t stage;
  };

 private:
  Context context_;
  onager_learning table_;
};

}  // namespace onager::host
