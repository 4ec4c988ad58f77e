// SPDX-License-Identifier: MIT
#include "pipeline/data.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "linalg/arrays.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace onager::host {

namespace {

template <class T>
void require_finite(const arma::Mat<T>& m, const Instance& dataset, const char* split,
                    const char* what) {
  for (arma::uword i = 0; i < m.n_cols; ++i)
    for (arma::uword j = 0; j < m.n_rows; ++j)
      if (!std::isfinite(m(j, i)))
        throw Error(Category::system,
                    fmt::format("{}: {} sample {}, {} {} is {}: the data must be finite",
                                dataset.name(), split, i, what, j, m(j, i)));
}

template <class T>
Split<T> load_split(const Instance& dataset, const onager_dataset& table, std::uint32_t split,
                    std::int64_t samples, const onager_dataset_info& info) {
  const char* name = split == ONAGER_TRAIN ? "training" : "test";
  Split<T> out;
  out.x.zeros(static_cast<arma::uword>(info.features), static_cast<arma::uword>(samples));
  out.y.zeros(static_cast<arma::uword>(info.outputs), static_cast<arma::uword>(samples));
  constexpr std::int64_t chunk = 8192;
  for (std::int64_t first = 0; first < samples; first += chunk) {
    throw_if_stopped();
    const std::int64_t count = std::min(chunk, samples - first);
    auto x = as_array(out.x, first, count), y = as_array(out.y, first, count);
    dataset.call("fill", [&] { return table.fill(dataset.get(), split, first, &x, &y); });
  }
  require_finite(out.x, dataset, name, "feature");
  require_finite(out.y, dataset, name, "target");
  return out;
}

}  // namespace

std::map<std::string, NpyArray> read_named_arrays(const Instance& instance, const char* interface) {
  std::map<std::string, NpyArray> out;
  const auto* table = instance.interface<onager_named_arrays>(interface);
  for (std::int64_t index = 0; table; ++index) {
    onager_array_info info{};
    info.struct_size = sizeof info;
    const auto status = instance.ask("describe arrays",
                                     [&] { return table->describe(instance.get(), index, &info); });
    if (status == ONAGER_NOT_FOUND) break;
    instance.check("describe arrays", status);
    const bool sane = info.rows >= 0 && info.cols >= 0 && info.rows * info.cols < (1LL << 40) &&
                      info.dtype >= ONAGER_FLOAT32 && info.dtype <= ONAGER_INT64 && info.name;
    if (!sane || index > 10000)
      throw Error(Category::plugin,
                  fmt::format("{} describes an impossible array", instance.name()));
    NpyArray array;
    array.dtype = info.dtype;
    array.shape = {info.rows};
    if (info.cols != 1) array.shape.push_back(info.cols);
    array.data.resize(static_cast<std::size_t>(info.rows * info.cols) *
                      (info.dtype == ONAGER_FLOAT32 ? 4u : 8u));
    const std::string name = info.name;
    auto view = array.view();
    instance.call("read arrays", [&] { return table->read(instance.get(), index, &view); });
    out.emplace(name, std::move(array));
  }
  return out;
}

template <class T>
Data<T> load_data(const Instance& dataset) {
  const auto* table = dataset.interface<onager_dataset>(ONAGER_DATASET);
  if (!table)
    throw Error(Category::plugin,
                fmt::format("{} does not offer {}", dataset.name(), ONAGER_DATASET));
  onager_dataset_info info{};
  info.struct_size = sizeof info;
  dataset.call("describe", [&] { return table->describe(dataset.get(), &info); });
  if (info.train_samples < 1)
    throw Error(Category::system, fmt::format("{} has no training samples", dataset.name()));
  if (info.features < 1 || info.outputs < 1 || info.test_samples < 0)
    throw Error(Category::system,
                fmt::format("{} has {} features, {} outputs and {} test samples", dataset.name(),
                            info.features, info.outputs, info.test_samples));
  Data<T> data;
  data.classification = info.task == ONAGER_CLASSIFICATION;
  data.train = load_split<T>(dataset, *table, ONAGER_TRAIN, info.train_samples, info);
  data.test = load_split<T>(dataset, *table, ONAGER_TEST, info.test_samples, info);

  for (std::int64_t i = 0; table->output_name && i < info.outputs; ++i) {
    const char* name = table->output_name(dataset.get(), i);
    if (!name) break;
    data.output_names.emplace_back(name);
  }
  for (std::int64_t i = 0; table->feature_group && i < info.features; ++i) {
    onager_feature_group group{};
    group.struct_size = sizeof group;
    const auto status = table->feature_group(dataset.get(), i, &group);
    if (status == ONAGER_NOT_FOUND) break;
    dataset.check("feature_group", status);
    data.groups.push_back({group.name ? group.name : "", group.first, group.count});
  }
  data.facts = read_named_arrays(dataset, ONAGER_FACTS);
  return data;
}

template Data<float> load_data(const Instance&);
template Data<double> load_data(const Instance&);

}  // namespace onager::host
