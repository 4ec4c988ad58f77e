// SPDX-License-Identifier: MIT
#include "pipeline/learning_context.hpp"

#include "linalg/arrays.hpp"
#include "plugin/abi_guard.hpp"

#include <fmt/format.h>

#include <string_view>

namespace onager::host {

namespace {

template <class T>
struct Calls {
  using Context = typename LearningContext<T>::Context;
  static const Context& context(const onager_learning* learning) {
    return *static_cast<const Context*>(learning->context);
  }

  static onager_status outer_product(const onager_learning* learning, std::uint32_t flags,
                                     onager_array* out) {
    return abi_guard([&] {
      const auto& c = context(learning);
      const bool diagonal = (flags & ONAGER_AGOP_DIAGONAL) != 0;
      const std::int64_t d = learning->dimension;
      if (out->rows != d || out->cols != (diagonal ? 1 : d))
        throw Error(Category::plugin,
                    fmt::format("the gradient outer product is {} x {}, the array given {} x {}", d,
                                diagonal ? 1 : d, out->rows, out->cols));
      const arma::Mat<T>& g = c.predictor->outer_product(
          c.stage, diagonal ? OuterProduct::diagonal : OuterProduct::full,
          flags & ONAGER_AGOP_CENTERED ? Centering::mean : Centering::none);
      copy_into(g, *out);  // symmetric or a single column: the order in memory is that of the rows
    });
  }

  static onager_status gradients(const onager_learning* learning, std::int64_t output,
                                 std::int64_t first, onager_array* out) {
    return abi_guard([&] {
      const auto& c = context(learning);
      if (output < 0 || output >= learning->outputs || first < 0 ||
          first + out->rows > learning->samples || out->cols != learning->dimension)
        throw Error(Category::plugin,
                    fmt::format("gradients of output {}, samples {} to {}, were asked for in an "
                                "array of {} columns; there are {} outputs, {} samples and {} "
                                "features",
                                output, first, first + out->rows, out->cols, learning->outputs,
                                learning->samples, learning->dimension));
      if (out->rows == 0) return;
      const arma::Mat<T>& g = c.predictor->gradients(c.stage, output);
      copy_into(arma::Mat<T>(g.cols(static_cast<arma::uword>(first),
                                    static_cast<arma::uword>(first + out->rows - 1))),
                *out);
    });
  }

  static onager_status array(const onager_learning* learning, const char* name, onager_array* out) {
    const auto& c = context(learning);
    const std::string_view wanted = name;
    if (wanted == "inputs") *out = as_array(c.chain->train(c.stage));
    else if (wanted == "targets") *out = as_array(c.data->train.y);
    else if (wanted == "predictions") *out = as_array(c.predictor->train_prediction);
    else return ONAGER_NOT_FOUND;
    return ONAGER_OK;
  }
};

}  // namespace

template <class T>
LearningContext<T>::LearningContext(Predictor<T>& predictor, const FeatureChain<T>& chain,
                                    const Data<T>& data, std::size_t stage, std::int64_t round)
    : context_{&predictor, &chain, &data, stage},
      table_{sizeof table_,
             dtype_of<T>(),
             &context_,
             round,
             static_cast<std::int64_t>(data.train.x.n_cols),
             static_cast<std::int64_t>(chain.train(stage).n_rows),
             static_cast<std::int64_t>(data.train.y.n_rows),
             Calls<T>::outer_product,
             Calls<T>::gradients,
             Calls<T>::array,
             nullptr} {}

template class LearningContext<float>;
template class LearningContext<double>;

}  // namespace onager::host
