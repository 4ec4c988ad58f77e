// SPDX-License-Identifier: MIT
#include "plugin/descriptor_reader.hpp"

#include "base/characters.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace onager::host {

namespace {

constexpr std::size_t longest_text = 64 * 1024;

}  // namespace

void DescriptorReader::fail(const DescriptorPlace& place, const std::string& what) const {
  throw Error(Category::plugin,
              fmt::format("{}: {}{}{}", file_, place, place.empty() ? "" : ": ", what));
}

void DescriptorReader::memory(const void* at, std::size_t bytes, const DescriptorPlace& place,
                              const char* name) const {
  if (at == nullptr) fail(place, fmt::format("{} is NULL", name));
  if (memory_.readable(at, bytes) < bytes)
    fail(place, fmt::format("{} points to memory that cannot be read ({})", name, at));
  if (reinterpret_cast<std::uintptr_t>(at) % alignof(void*) != 0)
    fail(place, fmt::format("{} is not aligned to {} bytes ({})", name, alignof(void*), at));
}

void DescriptorReader::struct_size(std::uint32_t size, std::size_t least,
                                   const DescriptorPlace& place, const char* name) const {
  if (size < least)
    fail(place, fmt::format("{} has struct_size {}, and ABI 1.0 has {}; set it with sizeof", name,
                            size, least));
}

std::string_view DescriptorReader::text(const char* at, const DescriptorPlace& place,
                                        const char* name) const {
  if (at == nullptr)
    fail(place, fmt::format("{} is NULL; give \"\" where there is nothing to say", name));
  const std::size_t most = memory_.readable(at, longest_text);
  if (most == 0)
    fail(place, fmt::format("{} points to memory that cannot be read ({})", name,
                            static_cast<const void*>(at)));
  const void* end = std::memchr(at, '\0', most);
  if (end == nullptr)
    fail(place, fmt::format("{} does not end in NUL within {} bytes", name, longest_text));
  const std::string_view out(at, static_cast<std::size_t>(static_cast<const char*>(end) - at));
  if (!is_utf8(out)) fail(place, fmt::format("{} is not UTF-8: \"{}\"", name, printable(out)));
  return out;
}

std::string_view DescriptorReader::filled_text(const char* at, const DescriptorPlace& place,
                                               const char* name) const {
  const auto out = text(at, place, name);
  if (out.empty()) fail(place, fmt::format("{} is empty", name));
  return out;
}

std::string DescriptorReader::identifier(const char* at, const DescriptorPlace& place,
                                         const char* name) const {
  const auto out = text(at, place, name);
  if (!is_identifier(out))
    fail(place, fmt::format("{} is \"{}\"; it must be lower case letters, digits and _, beginning "
                            "with a letter",
                            name, printable(out)));
  return std::string(out);
}

void DescriptorReader::code(const void* at, const DescriptorPlace& place, const char* name) const {
  if (at == nullptr) fail(place, fmt::format("{} is NULL, where a function was expected", name));
  if (memory_.code(at) == nullptr) fail(place, fmt::format("{} points to no code ({})", name, at));
}

}  // namespace onager::host
