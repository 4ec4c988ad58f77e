// SPDX-License-Identifier: MIT
#include "conformance/named_arrays.hpp"

#include "base/characters.hpp"

#include <fmt/format.h>

#include <set>

namespace onager::host::conformance {

namespace {

constexpr std::int64_t most_arrays = 10000;

/// "" or what is wrong with the description of an array.
std::string fault_of(const onager_array_info& info, const std::set<std::string>& names) {
  if (info.name == nullptr || !is_identifier(info.name))
    return "has a name other than lower case letters, digits and _";
  if (names.count(info.name) != 0) return fmt::format("has the name '{}' of another", info.name);
  if (info.doc == nullptr) return fmt::format("'{}' has no doc", info.name);
  if (info.dtype < ONAGER_FLOAT32 || info.dtype > ONAGER_INT64)
    return fmt::format("'{}' has the unknown type {}", info.name, info.dtype);
  if (info.rows < 0 || info.cols < 0)
    return fmt::format("'{}' has the size {} x {}", info.name, info.rows, info.cols);
  return "";
}

}  // namespace

std::vector<NamedArray> read_named_arrays(const Specimen& specimen,
                                          const onager_named_arrays& table, const char* rule) {
  Trial& trial = specimen.trial();
  std::vector<NamedArray> out;
  std::set<std::string> names;
  for (std::int64_t index = 0;; ++index) {
    onager_array_info info{};
    info.struct_size = sizeof info;
    const auto status =
        trial.ask("describe", [&] { return table.describe(specimen.get(), index, &info); });
    if (status == ONAGER_NOT_FOUND) return out;
    std::string fault = status != ONAGER_OK ? fmt::format("is answered with the status {}", status)
                                            : fault_of(info, names);
    if (index == most_arrays) fault = "is still not the end";
    if (!fault.empty()) {
      trial.report(rule, fmt::format("array {} {}", index, fault));
      throw CheckEnds{};
    }
    names.insert(info.name);
    GuardedArray to(info.name, Role::output, info.dtype, info.rows, info.cols);
    to.mark();
    auto view = to.view();
    trial.must("read", [&] { return table.read(specimen.get(), index, &view); });
    if (!to.unset().empty() || to.spilled())
      trial.report(to.spilled() ? "memory.outputs" : "memory.complete",
                   fmt::format("read filled {} wrongly", to.described()));
    out.push_back({info.name, info.dtype, to.table()});
  }
}

void write_named_arrays(const Specimen& specimen, const onager_named_arrays& table,
                        const std::vector<NamedArray>& arrays) {
  for (const auto& array : arrays) {
    GuardedArray from(array.name, Role::input, array.dtype, array.value.rows, array.value.cols);
    from.fill_and_seal(array.value);
    const auto view = from.view();
    specimen.trial().must("write",
                          [&] { return table.write(specimen.get(), array.name.c_str(), &view); });
  }
}

void check_state(Trial& trial, const Specimen& saved, const Specimen& restored) {
  const auto* table = saved.interface<onager_named_arrays>(ONAGER_STATE);
  if (table == nullptr) return;
  const auto arrays = read_named_arrays(saved, *table, "state.described");
  write_named_arrays(restored, *table, arrays);
  const auto again = read_named_arrays(restored, *table, "state.described");
  if (again.size() != arrays.size()) {
    trial.report("state.restored", fmt::format("{} arrays were written into a new instance, which "
                                               "then has {}",
                                               arrays.size(), again.size()));
    return;
  }
  for (std::size_t i = 0; i < arrays.size(); ++i)
    if (again[i].name != arrays[i].name || !same_bytes(again[i].value, arrays[i].value))
      trial.report("state.restored",
                   fmt::format("'{}' was written into a new instance, which then has another",
                               arrays[i].name),
                   {{arrays[i].name, arrays[i].value}});
  const Table nothing(1, 1);
  const auto view = nothing.view().array();
  if (trial.ask("write", [&] { return table->write(restored.get(), "unheard_of", &view); }) ==
      ONAGER_OK)
    trial.report("state.restored", "write takes an array 'unheard_of' that describe does not list");
}

}  // namespace onager::host::conformance
