// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// What a shared library asks of the machine that loads it.
struct ElfNeeds {
  std::string machine;    // "x86_64", "aarch64", ..
  std::string glibc;      // the newest version of symbols it needs, "2.34"; "" for none
  std::string libstdcxx;  // of GLIBCXX_
  std::string cxxabi;     // of CXXABI_
  std::vector<std::string> libraries;  // "libm.so.6", in the library's order
  bool is_plugin = false;              // it exports onager_plugin_entry
};

/// Reads them from a library's bytes. Throws Error(plugin) that begins with `name` when it is no
/// whole ELF shared library.
ElfNeeds read_elf_needs(std::string_view bytes, const std::string& name);

/// The machine of this program, as ElfNeeds names it.
std::string this_architecture();

}  // namespace onager::host
