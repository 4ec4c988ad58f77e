// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/memory_map.hpp"

#include <onager/abi.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace onager::host {

/// Where in a descriptor something is: "", "kernel 'x'", "kernel 'x', parameter 'y'".
using DescriptorPlace = std::string;

/// Follows the pointers of a plugin's descriptor, none of which is trusted. What cannot be read or
/// is not well-formed throws Error(plugin) with the file and the place.
class DescriptorReader {
 public:
  explicit DescriptorReader(std::string file) : file_(std::move(file)) {}

  [[noreturn]] void fail(const DescriptorPlace& place, const std::string& what) const;

  /// That `bytes` bytes can be read at an address aligned to 8.
  void memory(const void* at, std::size_t bytes, const DescriptorPlace& place,
              const char* name) const;

  /// A struct of at least the size it had in version 1.0 of the ABI.
  template <class T>
  const T& structure(const void* at, std::size_t least, const DescriptorPlace& place,
                     const char* name) const {
    memory(at, sizeof(std::uint32_t), place, name);
    struct_size(*static_cast<const std::uint32_t*>(at), least, place, name);
    memory(at, least, place, name);
    return *static_cast<const T*>(at);
  }
  void struct_size(std::uint32_t size, std::size_t least, const DescriptorPlace& place,
                   const char* name) const;

  /// A text of UTF-8 that ends within 64 KiB.
  std::string_view text(const char* at, const DescriptorPlace& place, const char* name) const;
  /// The same, and not "".
  std::string_view filled_text(const char* at, const DescriptorPlace& place,
                               const char* name) const;
  /// Lower case letters, digits and _, beginning with a letter.
  std::string identifier(const char* at, const DescriptorPlace& place, const char* name) const;

  template <class Function>
  void function(Function* at, const DescriptorPlace& place, const char* name) const {
    code(reinterpret_cast<const void*>(at), place, name);
  }

 private:
  void code(const void* at, const DescriptorPlace& place, const char* name) const;

  std::string file_;
  MemoryMap memory_;
};

/// The size that a struct had when `last` was its last field.
#define ONAGER_SIZE_THROUGH(type, last) (offsetof(type, last) + sizeof(type::last))

/// Checks the parameter table of a component.
void check_parameters(const DescriptorReader& reader, const onager_component& component,
                      const DescriptorPlace& place);

/// Throws when `kind` is no kind of component.
void check_kind(const DescriptorReader& reader, const std::string& kind,
                const DescriptorPlace& place, const char* name);

}  // namespace onager::host
