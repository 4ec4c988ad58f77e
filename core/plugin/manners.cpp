// SPDX-License-Identifier: MIT
#include "plugin/manners.hpp"

#include <mutex>
#include <set>
#include <tuple>

namespace onager::host {

namespace {

std::uint64_t element_size(onager_dtype dtype) { return dtype == ONAGER_FLOAT32 ? 4 : 8; }

/// Calls copy(strided, dense, elements) for runs of elements that lie side by side in both.
template <class Copy>
void each_run(const onager_array& array, bool lower, Copy&& copy) {
  const auto size = static_cast<std::int64_t>(element_size(array.dtype));
  auto* data = static_cast<char*>(array.data);
  for (std::int64_t i = 0; i < array.rows; ++i) {
    const std::int64_t columns = lower ? std::min(i + 1, array.cols) : array.cols;
    char* row = data + i * array.row_stride * size;
    const std::int64_t dense = i * array.cols * size;
    if (array.col_stride == 1) {
      if (columns > 0) copy(row, dense, static_cast<std::size_t>(columns * size));
    } else {
      for (std::int64_t j = 0; j < columns; ++j)
        copy(row + j * array.col_stride * size, dense + j * size, static_cast<std::size_t>(size));
    }
  }
}

/// All in one go where it can be.
bool is_dense(const onager_array& array) {
  return array.col_stride == 1 && array.row_stride == array.cols;
}

void put_list(Channel& channel, const std::int64_t* list, std::int64_t count) {
  channel.count = count;
  InBuffer<std::int64_t>::Sent(channel, list);
}

/// The fields of a record, in the order in which both sides send them.
template <class Record>
constexpr auto fields = nullptr;  // of a record that is not listed: does not compile
template <>
constexpr auto fields<onager_feature_group> = std::tuple{
    &onager_feature_group::name, &onager_feature_group::first, &onager_feature_group::count};
template <>
constexpr auto fields<onager_array_info> =
    std::tuple{&onager_array_info::name, &onager_array_info::doc, &onager_array_info::dtype,
               &onager_array_info::rows, &onager_array_info::cols};
template <>
constexpr auto fields<onager_model_part> =
    std::tuple{&onager_model_part::name, &onager_model_part::first, &onager_model_part::rows,
               &onager_model_part::cols};

template <class Record, class Visit>
void each_field(Record& record, const Visit& visit) {
  std::apply([&](auto... field) { (visit(record.*field), ...); },
             fields<std::remove_const_t<Record>>);
}

struct Put {
  Channel& channel;
  void operator()(const char* text) const { channel.put_text(text); }
  template <class T>
  void operator()(const T& value) const {
    channel.put(value);
  }
};

struct Get {
  Channel& channel;
  void operator()(const char*& text) const { text = kept_text(channel.get_text()); }
  template <class T>
  void operator()(T& value) const {
    value = channel.get<T>();
  }
};

}  // namespace

const char* kept_text(const std::string& text) {
  static std::mutex mutex;
  static auto& texts = *new std::set<std::string>;
  const std::lock_guard lock(mutex);
  return texts.insert(text).first->c_str();
}

std::uint64_t bytes_of(const onager_array& array) {
  return static_cast<std::uint64_t>(array.rows) * static_cast<std::uint64_t>(array.cols) *
         element_size(array.dtype);
}

void copy_out(const onager_array& from, char* dense, bool lower) {
  const auto bytes = bytes_of(from);
  if (bytes == 0) return;
  if (!lower && is_dense(from)) {
    std::memcpy(dense, from.data, bytes);
    return;
  }
  each_run(from, lower, [&](const char* run, std::int64_t offset, std::size_t length) {
    std::memcpy(dense + offset, run, length);
  });
}

void copy_in(const char* dense, const onager_array& to, bool lower) {
  const auto bytes = bytes_of(to);
  if (bytes == 0) return;
  if (!lower && is_dense(to)) {
    std::memcpy(to.data, dense, bytes);
    return;
  }
  each_run(to, lower, [&](char* run, std::int64_t offset, std::size_t length) {
    std::memcpy(run, dense + offset, length);
  });
}

void put_shape(Channel& channel, const onager_array* array) {
  channel.put<std::uint32_t>(array ? array->dtype : 0);
  channel.put<std::int64_t>(array ? array->rows : 0);
  channel.put<std::int64_t>(array ? array->cols : 0);
}

std::optional<onager_array> get_shape(Channel& channel) {
  const auto dtype = channel.get<std::uint32_t>();
  const auto rows = channel.get<std::int64_t>(), cols = channel.get<std::int64_t>();
  if (dtype == 0) return std::nullopt;
  constexpr std::int64_t most = std::int64_t{1} << 44;
  if (dtype > ONAGER_INT64 || rows < 0 || cols < 0 || rows > most ||
      (rows > 0 && cols > most / rows))
    throw Error(Category::plugin, "its process sent an array of no known type or size");
  return onager_array{sizeof(onager_array), dtype, nullptr, rows, cols, cols, 1};
}

void put_place(Channel& channel, const ArenaPlace& place) { channel.put(place); }

ArenaPlace get_place(Channel& channel, Side side) {
  const auto place = channel.get<ArenaPlace>();
  channel.require(side, place);
  return place;
}

char* get_data(Channel& channel, Side side, const onager_array& array) {
  const auto place = get_place(channel, side);
  if (place.bytes < bytes_of(array))
    throw Error(Category::plugin, "its process sent an array without all of its data");
  return channel.at(side, place);
}

void put_record(Channel& channel, const onager_dataset_info& record) { channel.put(record); }

void get_record(Channel& channel, onager_dataset_info& record) {
  const auto size = record.struct_size;
  record = channel.get<onager_dataset_info>();
  record.struct_size = size;
}

void put_record(Channel& channel, const onager_feature_group& record) {
  each_field(record, Put{channel});
}
void get_record(Channel& channel, onager_feature_group& record) {
  each_field(record, Get{channel});
}

void put_record(Channel& channel, const onager_array_info& record) {
  each_field(record, Put{channel});
}
void get_record(Channel& channel, onager_array_info& record) { each_field(record, Get{channel}); }

void put_record(Channel& channel, const onager_model_part& record) {
  each_field(record, Put{channel});
}
void get_record(Channel& channel, onager_model_part& record) { each_field(record, Get{channel}); }

void put_record(Channel& channel, const onager_step& record) {
  channel.put(record.batch);
  channel.put(record.loss);
  channel.put(record.learning_rate);
  put_list(channel, record.samples, record.samples ? record.batch : 0);
}

void get_record(Channel& channel, onager_step& record) {
  record.batch = channel.get<std::int64_t>();
  record.loss = channel.get<double>();
  record.learning_rate = channel.get<double>();
  channel.count = record.batch;
  const auto* samples = InBuffer<std::int64_t>::Taken(channel).arg();
  record.samples = nullptr;
  if (samples == nullptr || channel.kept == nullptr) return;
  channel.kept->assign(samples, samples + record.batch);
  record.samples = channel.kept->data();
}

}  // namespace onager::host
