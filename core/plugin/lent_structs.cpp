// SPDX-License-Identifier: MIT
#include "plugin/lent_structs.hpp"

#include "plugin/lent_functions.hpp"

namespace onager::host {

namespace {

/// A struct with a stub for each function that the real one has.
template <class Table, class... Functions>
void set_stubs(Channel& channel, Table& table, List<Functions...>) {
  const auto offered = channel.get<std::uint64_t>();
  std::size_t i = 0;
  ((table.*Functions::member = (offered >> i++ & 1) ? &Functions::stub : nullptr), ...);
}

template <class Table, class... Functions>
void put_offered(Channel& channel, const Table& table, List<Functions...>) {
  std::uint64_t offered = 0;
  std::size_t i = 0;
  ((offered |= static_cast<std::uint64_t>(table.*Functions::member ? 1 : 0) << i++), ...);
  channel.put(offered);
}

template <class Table>
void put_common(Channel& channel, const Table& lent) {
  channel.put(channel.lend(&lent));
  put_offered(channel, lent, FunctionsOf<Table>{});
}

template <class Table>
LentContext get_common(Channel& channel, Table& table) {
  const LentContext context{&channel, channel.get<std::uint64_t>()};
  table.struct_size = sizeof table;
  set_stubs(channel, table, FunctionsOf<Table>{});
  return context;
}

}  // namespace

void put_lent(Channel& channel, const onager_operator& lent) {
  put_common(channel, lent);
  channel.put(lent.dtype);
  channel.put(lent.size);
  channel.put(lent.memory);
}

Borrowed<onager_operator>::Borrowed(Channel& channel) : context_(get_common(channel, table_)) {
  table_.dtype = channel.get<onager_dtype>();
  table_.size = channel.get<std::int64_t>();
  table_.memory = channel.get<std::uint64_t>();
}

const onager_operator* Borrowed<onager_operator>::get() {
  table_.context = &context_;
  return &table_;
}

void put_lent(Channel& channel, const onager_objective& lent) {
  put_common(channel, lent);
  channel.put(lent.dtype);
  channel.put(lent.parameters);
  channel.put(lent.samples);
}

Borrowed<onager_objective>::Borrowed(Channel& channel) : context_(get_common(channel, table_)) {
  table_.dtype = channel.get<onager_dtype>();
  table_.parameters = channel.get<std::int64_t>();
  table_.samples = channel.get<std::int64_t>();
}

const onager_objective* Borrowed<onager_objective>::get() {
  table_.context = &context_;
  return &table_;
}

void put_lent(Channel& channel, const onager_learning& lent) {
  put_common(channel, lent);
  channel.put(lent.dtype);
  for (const auto fact : {lent.round, lent.samples, lent.dimension, lent.outputs})
    channel.put(fact);
}

Borrowed<onager_learning>::Borrowed(Channel& channel) : context_(get_common(channel, table_)) {
  table_.dtype = channel.get<onager_dtype>();
  for (auto* fact : {&table_.round, &table_.samples, &table_.dimension, &table_.outputs})
    *fact = channel.get<std::int64_t>();
}

const onager_learning* Borrowed<onager_learning>::get() {
  table_.context = &context_;
  return &table_;
}

void put_lent(Channel& channel, const onager_network& lent) {
  put_common(channel, lent);
  channel.put(lent.dtype);
  for (const auto fact : {lent.parameters, lent.samples, lent.features, lent.outputs})
    channel.put(fact);
  channel.put<std::uint32_t>(lent.objective ? 1 : 0);
  if (lent.objective) put_lent(channel, *lent.objective);
  channel.put<std::uint32_t>(lent.last ? 1 : 0);
  if (lent.last) put_record(channel, *lent.last);
}

Borrowed<onager_network>::Borrowed(Channel& channel) : context_(get_common(channel, table_)) {
  table_.dtype = channel.get<onager_dtype>();
  for (auto* fact : {&table_.parameters, &table_.samples, &table_.features, &table_.outputs})
    *fact = channel.get<std::int64_t>();
  if (channel.get<std::uint32_t>() != 0) objective_.emplace(channel);
  if (channel.get<std::uint32_t>() == 0) return;
  last_.emplace();
  last_->struct_size = sizeof(onager_step);
  channel.kept = &samples_;
  get_record(channel, *last_);
  channel.kept = nullptr;
}

const onager_network* Borrowed<onager_network>::get() {
  table_.context = &context_;
  table_.objective = objective_ ? objective_->get() : nullptr;
  if (last_ && last_->samples) last_->samples = samples_.data();
  table_.last = last_ ? &*last_ : nullptr;
  return &table_;
}

void put_lent(Channel& channel, const onager_view& lent) {
  put_common(channel, lent);
  channel.put(lent.round);
  channel.put<std::uint32_t>(lent.network ? 1 : 0);
  if (lent.network) put_lent(channel, *lent.network);
}

Borrowed<onager_view>::Borrowed(Channel& channel) : context_(get_common(channel, table_)) {
  table_.round = channel.get<std::int64_t>();
  if (channel.get<std::uint32_t>() != 0) network_.emplace(channel);
}

const onager_view* Borrowed<onager_view>::get() {
  table_.context = &context_;
  table_.network = network_ ? network_->get() : nullptr;
  return &table_;
}

}  // namespace onager::host
