// SPDX-License-Identifier: MIT
#include "pipeline/data.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "linalg/arrays.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

namespace onager::host {

namespace {

/// A run of a dataset's samples on its way into the columns of a split.
template <class T>
class Reader {
 public:
  using Fill = std::function<onager_status(std::int64_t first, onager_array* x, onager_array* y)>;
  Reader(const Instance& dataset, const char* split, Fill fill)
      : dataset_(dataset), split_(split), fill_(std::move(fill)) {}

  void read(std::int64_t first, std::int64_t count, Split<T>& to, std::int64_t column) const {
    constexpr std::int64_t chunk = 8192;
    for (; count > 0; first += chunk, column += chunk, count -= chunk) {
      throw_if_stopped();
      const std::int64_t now = std::min(chunk, count);
      auto x = as_array(to.x, column, now), y = as_array(to.y, column, now);
      dataset_.call("fill", [&] { return fill_(first, &x, &y); });
      for (std::int64_t i = 0; i < now; ++i) {
        require_finite(to.x.col(static_cast<arma::uword>(column + i)), first + i, "feature");
        require_finite(to.y.col(static_cast<arma::uword>(column + i)), first + i, "target");
      }
    }
  }

 private:
  void require_finite(const arma::subview_col<T>& numbers, std::int64_t sample,
                      const char* what) const {
    for (arma::uword j = 0; j < numbers.n_elem; ++j)
      if (!std::isfinite(numbers(j)))
        throw Error(Category::system,
                    fmt::format("{}: {} sample {}, {} {} is {}: the data must be finite",
                                dataset_.name(), split_, sample, what, j, numbers(j)));
  }

  const Instance& dataset_;
  const char* split_;
  Fill fill_;
};

template <class T>
Split<T> empty_split(const DataShape& shape, std::int64_t samples) {
  const auto n = static_cast<arma::uword>(samples);
  return {arma::Mat<T>(static_cast<arma::uword>(shape.features), n, arma::fill::zeros),
          arma::Mat<T>(static_cast<arma::uword>(shape.outputs), n, arma::fill::zeros)};
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
  DataShape shape;
  shape.train_samples = info.train_samples;
  shape.test_samples = info.test_samples;
  shape.features = info.features;
  shape.outputs = info.outputs;
  shape.classification = info.task == ONAGER_CLASSIFICATION;
  shape.fact_bytes = named_array_bytes(dataset, ONAGER_FACTS);
  return shape;
}

void hold_out(DataShape& shape, const KernelLoop& loop) {
  const std::int64_t all = shape.train_samples;
  // the small term keeps a product such as 0.29 * 100 = 28.999... at 29
  shape.validation_samples =
      static_cast<std::int64_t>(std::floor(loop.validation * static_cast<double>(all) + 1e-9));
  shape.train_samples = all - shape.validation_samples;
  if (loop.validation == 0 || (shape.validation_samples > 0 && shape.train_samples > 0)) return;
  throw Error(
      Category::config,
      located(loop.where.validation,
              fmt::format("validation = {} of {} training samples leaves {} to validate "
                          "with and {} to train on; each needs at least one",
                          loop.validation, all, shape.validation_samples, shape.train_samples)));
}

void describe_shape(const DataShape& shape, const std::vector<FeatureGroup>& groups,
                    Summary& summary) {
  summary.task = shape.classification ? "classification" : "regression";
  summary.train_samples = shape.train_samples;
  summary.validation_samples = shape.validation_samples;
  summary.test_samples = shape.test_samples;
  summary.features = shape.features;
  summary.outputs = shape.outputs;
  summary.feature_groups = groups;
}

template <class T>
Data<T> load_data(const Instance& dataset, const DataShape& shape,
                  const std::vector<std::int64_t>& held_out) {
  const onager_dataset& table = table_of(dataset);
  Data<T> data;
  data.shape = shape;
  data.train = empty_split<T>(shape, shape.train_samples);
  data.unseen = empty_split<T>(shape, shape.unseen_samples());
  const auto reader = [&](std::uint32_t split, const char* name) {
    return Reader<T>(dataset, name,
                     [&table, &dataset, split](std::int64_t first, onager_array* x, auto* y) {
                       return table.fill(dataset.get(), split, first, x, y);
                     });
  };
  // the samples between two that are held out go to consecutive columns
  const Reader<T> training = reader(ONAGER_TRAIN, "training");
  std::int64_t next = 0, fitted = 0, held = 0;
  for (const std::int64_t sample : held_out) {
    training.read(next, sample - next, data.train, fitted);
    training.read(sample, 1, data.unseen, held++);
    fitted += sample - next;
    next = sample + 1;
  }
  training.read(next, shape.train_samples - fitted, data.train, fitted);
  reader(ONAGER_TEST, "test").read(0, shape.test_samples, data.unseen, held);

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

template <class T>
void draw_train(const Instance& dataset, std::uint64_t draw, Data<T>& data) {
  const auto* table = dataset.interface<onager_drawing_dataset>(ONAGER_DATASET_DRAW);
  data.train = {};  // before the new are there
  data.train = empty_split<T>(data.shape, data.shape.train_samples);
  const Reader<T> reader(dataset, "training",
                         [&](std::int64_t first, onager_array* x, onager_array* y) {
                           return table->draw(dataset.get(), draw, first, x, y);
                         });
  reader.read(0, data.shape.train_samples, data.train, 0);
}

template Data<float> load_data(const Instance&, const DataShape&, const std::vector<std::int64_t>&);
template Data<double> load_data(const Instance&, const DataShape&,
                                const std::vector<std::int64_t>&);
template void draw_train(const Instance&, std::uint64_t, Data<float>&);
template void draw_train(const Instance&, std::uint64_t, Data<double>&);

}  // namespace onager::host
