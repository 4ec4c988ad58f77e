// SPDX-License-Identifier: MIT
#include "plugin/library.hpp"

#include "base/error.hpp"
#include "plugin/crash.hpp"
#include "plugin/elf_file.hpp"
#include "plugin/floating_point.hpp"
#include "plugin/loader_text.hpp"
#include "plugin/memory_map.hpp"

#include <fmt/format.h>

#include <boost/dll/shared_library.hpp>
#include <list>
#include <system_error>

namespace onager::host {

namespace {

constexpr const char* entry_name = "onager_plugin_entry";

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw Error(Category::plugin, fmt::format("{}: {}", file.string(), what));
}

/// Boost.DLL wraps the loader's text, and its error code has none of it.
std::string loader_text(const std::string& text) {
  const std::string begin = "(dlerror system message: ", end = "): ";
  const auto from = text.find(begin);
  if (from == std::string::npos) return text;
  const auto to = text.rfind(end);
  return text.substr(from + begin.size(), to == std::string::npos || to < from
                                              ? std::string::npos
                                              : to - from - begin.size());
}

/// Kept for ever: threads, destructors and tables of a plugin may be in use to the very end.
boost::dll::shared_library& open_library(const std::filesystem::path& file) {
  static auto& open = *new std::list<boost::dll::shared_library>;
  try {
    using boost::dll::load_mode::rtld_local;
    using boost::dll::load_mode::rtld_now;
    return open.emplace_back(std::filesystem::canonical(file), rtld_now | rtld_local);
  } catch (const std::system_error& error) {
    fail(file, explain_loader_text(loader_text(error.what())));
  } catch (const std::exception& error) {
    fail(file, fmt::format("its initialisation threw an exception: {}", error.what()));
  }
}

using Entry = const onager_plugin*();

Entry& entry_of(const boost::dll::shared_library& library, const std::filesystem::path& file) {
  if (!library.has(entry_name))
    fail(file,
         fmt::format("does not export {}, so it is not a plugin; define it with ONAGER_PLUGIN "
                     "(C++) or ONAGER_EXPORT (C)",
                     entry_name));
  auto& entry = library.get<Entry>(entry_name);
  if (!MemoryMap().code(reinterpret_cast<const void*>(&entry)))
    fail(file, fmt::format("exports {} as data, where a function was expected", entry_name));
  return entry;
}

const onager_plugin* ask(Entry& entry, const std::filesystem::path& file) {
  const onager_plugin* descriptor = nullptr;
  try {
    descriptor = entry();
  } catch (const std::exception& error) {
    fail(file, fmt::format("{} threw an exception: {}", entry_name, error.what()));
  } catch (...) {
    fail(file, fmt::format("{} threw an exception of unknown type", entry_name));
  }
  if (descriptor == nullptr)
    fail(file, fmt::format("{} returned NULL, where its description was expected", entry_name));
  return descriptor;
}

}  // namespace

Library load_library(const std::filesystem::path& file) {
  check_shared_object(file);
  const std::string name = file.string();
  Library out;
  const FloatingPointKeeper keeper;
  Entry* entry = nullptr;
  {
    const BreadcrumbTrail trail({name.c_str(), "", "", "while it was loaded"});
    entry = &entry_of(open_library(file), file);
    out.descriptor = ask(*entry, file);
  }
  if (keeper.changed())
    out.warnings.push_back(fmt::format(
        "{}: loading it changed the floating-point mode of the program, which was restored; it was "
        "built with -ffast-math or -Ofast: rebuild it without",
        name));
  check_descriptor(out.descriptor, name);
  const MemoryMap memory;
  if (const auto* code = memory.code(reinterpret_cast<const void*>(entry)))
    remember_plugin_code(code->begin, code->end, out.descriptor->id);
  return out;
}

}  // namespace onager::host
