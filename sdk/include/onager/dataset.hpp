// SPDX-License-Identifier: MIT
//
// Datasets. A class D offers:
//
//   Sizes describe()                                            once, before the rest
//   fill(Split, std::int64_t first, Matrix<T> x, Matrix<T> y)   samples first .. first + x.rows - 1
//
// and optionally
//
//   draw(std::uint64_t draw, std::int64_t first, Matrix<T> x, Matrix<T> y)
//                                                training samples of another draw; 0: those of fill
//   output_names() const -> const std::vector<std::string>&
//   groups() const -> const std::vector<Group>&                 named runs of features
//   facts() -> std::vector<NamedTable>                          what is known exactly
#pragma once

#include <onager/plugin.hpp>

namespace onager {

enum class Split : std::uint32_t { train = ONAGER_TRAIN, test = ONAGER_TEST };
enum class Task : std::uint32_t {
  regression = ONAGER_REGRESSION,
  classification = ONAGER_CLASSIFICATION
};

struct Sizes {
  Task task;
  std::int64_t train, test, features, outputs;
};

struct Group {
  std::string name;
  std::int64_t first, count;
};

namespace detail {

template <class D, class = void>
struct HasOutputNames : std::false_type {};
template <class D>
struct HasOutputNames<D, std::void_t<decltype(std::declval<const D&>().output_names())>>
    : std::true_type {};
template <class D, class = void>
struct HasGroups : std::false_type {};
template <class D>
struct HasGroups<D, std::void_t<decltype(std::declval<const D&>().groups())>> : std::true_type {};

template <class D, class = void>
struct HasDraw : std::false_type {};
template <class D>
struct HasDraw<D, std::void_t<decltype(std::declval<D&>().draw(
                      std::uint64_t{}, std::int64_t{}, Matrix<double>{}, Matrix<double>{}))>>
    : std::true_type {};

template <class D>
struct DatasetCalls {
  static onager_status describe(void* p, onager_dataset_info* out) {
    return Instance<D>::call(p, [&](D& data) {
      const Sizes sizes = data.describe();
      out->task = static_cast<std::uint32_t>(sizes.task);
      out->train_samples = sizes.train;
      out->test_samples = sizes.test;
      out->features = sizes.features;
      out->outputs = sizes.outputs;
    });
  }
  static onager_status fill(void* p, std::uint32_t split, std::int64_t first, onager_array* x,
                            onager_array* y) {
    return Instance<D>::call(p, [&](D& data) {
      with_dtype(*x, [&](auto zero) {
        using T = decltype(zero);
        data.fill(static_cast<Split>(split), first, Matrix<T>(*x), Matrix<T>(*y));
      });
    });
  }
  static onager_status draw(void* p, std::uint64_t number, std::int64_t first, onager_array* x,
                            onager_array* y) {
    return Instance<D>::call(p, [&](D& data) {
      with_dtype(*x, [&](auto zero) {
        using T = decltype(zero);
        if constexpr (HasDraw<D>::value) data.draw(number, first, Matrix<T>(*x), Matrix<T>(*y));
      });
    });
  }
  static const char* output_name(const void* p, std::int64_t index) {
    const D& data = Instance<D>::of(p).object;
    if constexpr (HasOutputNames<D>::value) {
      const auto& names = data.output_names();
      if (index >= 0 && index < static_cast<std::int64_t>(names.size()))
        return names[static_cast<std::size_t>(index)].c_str();
    }
    return nullptr;
  }
  static onager_status group(const void* p, std::int64_t index, onager_feature_group* out) {
    const D& data = Instance<D>::of(p).object;
    if constexpr (HasGroups<D>::value) {
      const auto& groups = data.groups();
      if (index >= 0 && index < static_cast<std::int64_t>(groups.size())) {
        const auto& g = groups[static_cast<std::size_t>(index)];
        out->name = g.name.c_str();
        out->first = g.first;
        out->count = g.count;
        return ONAGER_OK;
      }
    }
    return ONAGER_NOT_FOUND;
  }
  static std::vector<Interface> list() {
    static const onager_dataset table{sizeof table, 0, describe, fill, output_name, group};
    static const onager_drawing_dataset drawing{sizeof drawing, 0, draw};
    std::vector<Interface> out{{ONAGER_DATASET, &table}};
    if constexpr (HasDraw<D>::value) out.push_back({ONAGER_DATASET_DRAW, &drawing});
    append_common<D>(out);
    return out;
  }
};

}  // namespace detail

template <class D>
Component dataset(const char* id, const char* summary, std::vector<Parameter> parameters = {}) {
  return Component::of<D>("dataset", id, summary, std::move(parameters),
                          detail::Functions<D, detail::DatasetCalls<D>>::table());
}

}  // namespace onager
