// SPDX-License-Identifier: MIT
#include "base/text.hpp"
#include "plugin/descriptor_reader.hpp"
#include "plugin/library.hpp"
#include "plugin/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace onager::host {

namespace {

constexpr std::uint32_t most_components = 10000;

/// Up to the magic number the struct is the same in every version for ever.
void check_head(const DescriptorReader& reader, const onager_plugin* descriptor) {
  const char* name = "the description that onager_plugin_entry returned";
  reader.memory(descriptor, ONAGER_SIZE_THROUGH(onager_plugin, magic), "", name);
  if (descriptor->magic != ONAGER_MAGIC)
    reader.fail("", fmt::format("{} has the magic number {:#x}, where ONAGER_MAGIC was expected",
                                name, descriptor->magic));
  if (descriptor->abi_major != ONAGER_ABI_MAJOR)
    reader.fail("", fmt::format("was built for ABI {}, and this Onager speaks ABI {}; rebuild it "
                                "with this Onager's SDK",
                                descriptor->abi_major, ONAGER_ABI_MAJOR));
  if (descriptor->abi_minor_needed > ONAGER_ABI_MINOR)
    reader.fail("", fmt::format("needs a newer Onager: one with ABI {}.{} or later, and this one "
                                "has {}.{}",
                                ONAGER_ABI_MAJOR, descriptor->abi_minor_needed, ONAGER_ABI_MAJOR,
                                ONAGER_ABI_MINOR));
  const std::size_t least = ONAGER_SIZE_THROUGH(onager_plugin, components);
  reader.struct_size(descriptor->struct_size, least, "", name);
  reader.memory(descriptor, least, "", name);
}

void check_plugin_id(const DescriptorReader& reader, const char* at) {
  const auto id = reader.text(at, "", "the plugin's id");
  const bool letters = std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
  const bool parts = id.find('.') != std::string_view::npos && id.front() != '.' &&
                     id.back() != '.' && id.find("..") == std::string_view::npos;
  if (!letters || !parts)
    reader.fail("", fmt::format("the plugin's id is \"{}\"; it must be a reversed domain name of "
                                "letters, digits, - and _ such as org.example.kernels",
                                id));
}

DescriptorPlace check_component(const DescriptorReader& reader, const onager_component* at,
                                const DescriptorPlace& number) {
  const auto& c = reader.structure<onager_component>(
      at, ONAGER_SIZE_THROUGH(onager_component, interface), number, "its description");
  const std::string id = reader.identifier(c.id, number, "its id");
  const std::string kind(reader.text(c.kind, number, "its kind"));
  check_kind(reader, kind, fmt::format("component '{}'", id), "kind");
  const DescriptorPlace place = fmt::format("{} '{}'", kind, id);
  reader.text(c.summary, place, "summary");
  reader.text(c.citation, place, "citation");
  reader.function(c.create, place, "create");
  reader.function(c.destroy, place, "destroy");
  reader.function(c.interface, place, "interface");
  check_parameters(reader, c, place);
  return place;
}

}  // namespace

void check_kind(const DescriptorReader& reader, const std::string& kind,
                const DescriptorPlace& place, const char* name) {
  const auto& kinds = component_kinds();
  if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end())
    reader.fail(place, fmt::format("{} is \"{}\", which is none of {}{}", name, kind,
                                   joined(kinds, " or "), did_you_mean(kind, kinds)));
}

void check_descriptor(const onager_plugin* descriptor, const std::string& file) {
  const DescriptorReader reader(file);
  check_head(reader, descriptor);
  check_plugin_id(reader, descriptor->id);
  reader.filled_text(descriptor->version, "", "the plugin's version");
  reader.text(descriptor->vendor, "", "the plugin's vendor");
  reader.text(descriptor->licence, "", "the plugin's licence");
  reader.text(descriptor->url, "", "the plugin's url");
  reader.text(descriptor->build, "", "the plugin's build");

  const std::uint32_t count = descriptor->component_count;
  if (count == 0) reader.fail("", "the plugin has no components");
  if (count > most_components)
    reader.fail("", fmt::format("the plugin says that it has {} components; the most is {}", count,
                                most_components));
  reader.memory(descriptor->components, count * sizeof *descriptor->components, "", "components");
  std::set<DescriptorPlace> seen;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto number = fmt::format("component {} of {}", i + 1, count);
    const auto place = check_component(reader, descriptor->components[i], number);
    if (!seen.insert(place).second)
      reader.fail("", fmt::format("the plugin has two components {}; give one another id", place));
  }
}

}  // namespace onager::host
