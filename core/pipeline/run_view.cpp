// SPDX-License-Identifier: MIT
#include "pipeline/run_view.hpp"

#include "linalg/arrays.hpp"
#include "plugin/abi_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace onager::host {

namespace {

template <class T>
struct Calls {
  using Context = typename RunView<T>::Context;

  static const NpyArray* find(const std::map<std::string, NpyArray>& arrays,
                              std::string_view name) {
    const auto found = arrays.find(std::string(name));
    return found == arrays.end() ? nullptr : &found->second;
  }

  static const NpyArray* named(Context& c, std::string_view name) {
    if (name.substr(0, 5) == "fact.") return find(c.data->facts, name.substr(5));
    if (name.substr(0, 6) != "state.") return nullptr;
    if (!c.states_read) {
      c.states = feature_map_states(*c.chain);
      c.states_read = true;
    }
    return find(c.states, name.substr(6));
  }

  /// "train.inputs", "test.targets" and the like.
  static std::optional<onager_array> of_split(const Context& c, std::string_view name) {
    const auto dot = std::min(name.find('.'), name.size());
    const std::string_view split = name.substr(0, dot), what = name.substr(dot);
    if (what != ".inputs" && what != ".targets") return std::nullopt;
    const auto of = [&](const Split<T>& samples) -> const arma::Mat<T>& {
      return what == ".inputs" ? samples.x : samples.y;
    };
    if (split == "train") return as_array(of(c.data->train));
    return unseen_array(of(c.data->unseen), c.data->shape, split);
  }

  static onager_status array(const onager_view* view, const char* name, onager_array* out) {
    bool found = true;
    const auto status = abi_guard([&] {
      auto& c = *static_cast<Context*>(view->context);
      const std::string_view wanted = name;
      if (const auto samples = of_split(c, wanted)) *out = *samples;
      else if (const NpyArray* known = named(c, wanted)) *out = known->view();
      else if (const auto further = c.further(wanted)) *out = *further;
      else found = false;
    });
    return status == ONAGER_OK && !found ? ONAGER_NOT_FOUND : status;
  }

  static std::int64_t group_count(const onager_view* view) {
    return static_cast<std::int64_t>(static_cast<Context*>(view->context)->data->groups.size());
  }

  static onager_status group(const onager_view* view, std::int64_t index,
                             onager_feature_group* out) {
    const auto& groups = static_cast<Context*>(view->context)->data->groups;
    if (index < 0 || index >= group_count(view)) return ONAGER_NOT_FOUND;
    const auto& g = groups[static_cast<std::size_t>(index)];
    out->name = g.name.c_str();
    out->first = g.first;
    out->count = g.count;
    return ONAGER_OK;
  }
};

}  // namespace

template <class T>
RunView<T>::RunView(const FeatureChain<T>& chain, const Data<T>& data, std::int64_t index,
                    Further further, const onager_network* network)
    : context_{&chain, &data, std::move(further), {}, false},
      table_{sizeof table_,   0,      &context_, index, Calls<T>::array, Calls<T>::group_count,
             Calls<T>::group, network} {}

template <class T>
std::map<std::string, NpyArray> feature_map_states(const FeatureChain<T>& chain) {
  std::map<std::string, NpyArray> out;
  for (std::size_t s = 0; s < chain.stages(); ++s)
    for (auto& [name, array] : read_named_arrays(chain.stage(s), ONAGER_STATE)) {
      std::string unique = name;
      for (int k = 2; out.count(unique) != 0; ++k) unique = fmt::format("{}.{}", name, k);
      out.emplace(unique, std::move(array));
    }
  return out;
}

template class RunView<float>;
template class RunView<double>;
template std::map<std::string, NpyArray> feature_map_states(const FeatureChain<float>&);
template std::map<std::string, NpyArray> feature_map_states(const FeatureChain<double>&);

}  // namespace onager::host
