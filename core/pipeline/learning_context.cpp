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

  /// Writes what compute(form, centering) gives: symmetric or a single column, so that the order in
  /// memory is that of the rows.
  template <class Compute>
  static onager_status write_outer_product(const onager_learning* learning, std::uint32_t flags,
                                           onager_array* out, Compute&& compute) {
    return abi_guard([&] {
      const bool diagonal = (flags & ONAGER_AGOP_DIAGONAL) != 0;
      const std::int64_t d = learning->dimension;
      if (out->rows != d || out->cols != (diagonal ? 1 : d))
        throw Error(Category::plugin,
                    fmt::format("the gradient outer product is {} x {}, the array given {} x {}", d,
                                diagonal ? 1 : d, out->rows, out->cols));
      copy_into<T>(compute(diagonal ? OuterProduct::diagonal : OuterProduct::full,
                           flags & ONAGER_AGOP_CENTERED ? Centering::mean : Centering::none),
                   *out);
    });
  }

  static onager_status outer_product(const onager_learning* learning, std::uint32_t flags,
                                     onager_array* out) {
    const auto& c = context(learning);
    return write_outer_product(learning, flags, out,
                               [&](OuterProduct form, Centering centering) -> const arma::Mat<T>& {
                                 return c.predictor->outer_product(c.stage, form, centering);
                               });
  }

  static onager_status outer_product_of(const onager_learning* learning, std::uint32_t flags,
                                        std::int64_t count, const std::int64_t* samples,
                                        onager_array* out) {
    const auto& c = context(learning);
    return write_outer_product(learning, flags, out, [&](OuterProduct form, Centering centering) {
      if (count < 1 || !samples)
        throw Error(Category::plugin,
                    fmt::format("a gradient outer product over {} samples", count));
      for (std::int64_t i = 0; i < count; ++i)
        if (samples[i] < 0 || samples[i] >= learning->samples)
          throw Error(Category::plugin,
                      fmt::format("sample {} of {} was asked for", samples[i], learning->samples));
      return c.predictor->outer_product_of(c.stage, form, centering, {samples, samples + count});
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
             data.shape.train_samples,
             chain.dimension(stage),
             data.shape.outputs,
             Calls<T>::outer_product,
             Calls<T>::gradients,
             Calls<T>::array,
             Calls<T>::outer_product_of} {}

template class LearningContext<float>;
template class LearningContext<double>;

}  // namespace onager::host
