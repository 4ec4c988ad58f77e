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
                    std::int64_t samples, const DataShape& shape) {
  const char* name = split == ONAGER_TRAIN ? "training" : "test";
  Split<T> out;
  out.x.zeros(static_cast<arma::uword>(shape.features), static_cast<arma::uword>(samples));
  out.y.zeros(static_cast<arma::uword>(shape.outputs), static_cast<arma::uword>(samples));
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

const onager_dataset& table_of(const Instance& dataset) {
  const auto* table = dataset.interface<onager_dataset>(ONAGER_DATASET);
  if (!table)
    throw Error(Category::plugin,
                fmt::format("{} does not offer {}", dataset.name(), ONAGER_DATASET));
  return *table;
}

/// work(table, index, info) for each array of an interface, where the instance has it.
template <class Work>
void for_named_arrays(const Instance& instance, const char* interface, Work&& work) {
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
    work(*table, index, info);
  }
}

std::size_t bytes_of(const onager_array_info& info) {
  return static_cast<std::size_t>(info.rows * info.cols) * (info.dtype == ONAGER_FLOAT32 ? 4u : 8u);
}

}  // namespace

std::map<std::string, NpyArray> read_named_arrays(const Instance& instance, const char* interface) {
  std::map<std::string, NpyArray> out;
  for_named_arrays(
      instance, interface,
      [&](const onager_named_arrays& table, std::int64_t index, const onager_array_info& info) {
        NpyArray array;
        array.dtype = info.dtype;
        array.shape = {info.rows};
        if (info.cols != 1) array.shape.push_back(info.cols);
        array.data.resize(bytes_of(info));
        const std::string name = info.name;
        auto view = array.view();
        instance.call("read arrays", [&] { return table.read(instance.get(), index, &view); });
        out.emplace(name, std::move(array));
      });
  return out;
}

double named_array_bytes(const Instance& instance, const char* interface) {
  double sum = 0;
  for_named_arrays(instance, interface,
                   [&](const onager_named_arrays&, std::int64_t, const onager_array_info& info) {
                     sum += static_cast<double>(bytes_of(info));
                   });
  return sum;
}

DataShape describe_data(const Instance& dataset) {
  const onager_dataset& table = table_of(dataset);
  onager_dataset_info info{};
  info.struct_size = sizeof info;
  dataset.call("describe", [&] { return table.describe(dataset.get(), &info); });
  if (info.train_samples < 1)
    throw Error(Category::system, fmt::format("{} has no training samples", dataset.name()));
  if (info.features < 1 || info.outputs < 1 || info.test_samples < 0)
    throw Error(Category::system,
                fmt::format("{} has {} features, {} outputs and {} test samples", dataset.name(),
                            info.features, info.outputs, info.test_samples));
  return {info.train_samples,
          info.test_samples,
          info.features,
          info.outputs,
          info.task == ONAGER_CLASSIFICATION,
          named_array_bytes(dataset, ONAGER_FACTS)};
}

void describe_shape(const DataShape& shape, const std::vector<FeatureGroup>& groups,
                    Summary& summary) {
  summary.task = shape.classification ? "classification" : "regression";
  summary.train_samples = shape.train_samples;
  summary.test_samples = shape.test_samples;
  summary.features = shape.features;
  summary.outputs = shape.outputs;
  summary.feature_groups = groups;
}

template <class T>
Data<T> load_data(const Instance& dataset, const DataShape& shape) {
  const onager_dataset& table = table_of(dataset);
  Data<T> data;
  data.shape = shape;
  data.train = load_split<T>(dataset, table, ONAGER_TRAIN, shape.train_samples, shape);
  data.test = load_split<T>(dataset, table, ONAGER_TEST, shape.test_samples, shape);

  for (std::int64_t i = 0; table.output_name && i < shape.outputs; ++i) {
    const char* name = table.output_name(dataset.get(), i);
    if (!name) break;
    data.output_names.emplace_back(name);
  }
  for (std::int64_t i = 0; table.feature_group && i < shape.features; ++i) {
    onager_feature_group group{};
    group.struct_size = sizeof group;
    const auto status = table.feature_group(dataset.get(), i, &group);
    if (status == ONAGER_NOT_FOUND) break;
    dataset.check("feature_group", status);
    data.groups.push_back({group.name ? group.name : "", group.first, group.count});
  }
  data.facts = read_named_arrays(dataset, ONAGER_FACTS);
  return data;
}

template Data<float> load_data(const Instance&, const DataShape&);
template Data<double> load_data(const Instance&, const DataShape&);

}  // namespace onager::host
