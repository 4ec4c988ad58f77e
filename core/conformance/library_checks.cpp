// SPDX-License-Identifier: MIT
#include "conformance/library_checks.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "conformance/process_state.hpp"
#include "conformance/shared_object.hpp"
#include "plugin/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace onager::host::conformance {

namespace {

void send(const ChildLink& link, const char* rule, const std::string& what) {
  const nlohmann::json message = {
      {"rule", rule}, {"what", what}, {"files", nlohmann::json::array()}};
  link.send(message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

constexpr const char* entry_name = "onager_plugin_entry";

void check_entry(void* library, const onager_plugin* first, const ChildLink& link) {
  using Entry = const onager_plugin*();
  auto* entry = reinterpret_cast<Entry*>(::dlsym(library, entry_name));
  if (entry() != first || entry() != first)
    send(link, "plugin.entry", "a later call of onager_plugin_entry returned another pointer");
}

/// Whether a library is a BLAS, or starts threads of its own: "libopenblas.so.0".
bool brings_threads(const std::string& library) {
  for (const char* name :
       {"openblas", "blas", "cblas", "lapack", "lapacke", "atlas", "satlas", "tatlas", "blis",
        "flexiblas", "mkl_", "armpl", "gomp", "omp", "iomp5", "tbb"}) {
    const std::string begin = std::string("lib") + name;
    if (library.rfind(begin, 0) == 0 &&
        (begin.back() == '_' || library[begin.size()] == '.' || library[begin.size()] == '-'))
      return true;
  }
  return false;
}

void check_symbols(void* library, const ChildLink& link) {
  const SharedObject object = shared_object(library);
  std::vector<std::string> more;
  for (const auto& name : object.exports)
    if (name != entry_name) more.push_back(name);
  const std::size_t beyond = more.size();
  constexpr std::size_t most_named = 5;
  if (more.size() > most_named) more.resize(most_named);
  if (beyond > 0)
    send(link, "plugin.exports",
         fmt::format("it exports {} symbol{} more: {}{}", beyond, beyond == 1 ? "" : "s",
                     joined(more, ", "), beyond > more.size() ? ", .." : ""));
  for (const auto& name : object.needed)
    if (brings_threads(name)) {
      send(link, "plugin.libraries", fmt::format("it is linked with {}", name));
      break;
    }
}

}  // namespace

void check_library(const std::filesystem::path& file, const ChildLink& link) {
  const ProcessState before = process_state();
  link.entering("loading");
  try {
    const Library library = load_library(file);
    for (const auto& warning : library.warnings) send(link, "state.floating_point", warning);
    // it is never unloaded
    void* handle = ::dlopen(std::filesystem::canonical(file).c_str(), RTLD_NOW | RTLD_NOLOAD);
    if (handle != nullptr) {
      check_entry(handle, library.descriptor, link);
      check_symbols(handle, link);
    }
  } catch (const Error& error) {
    send(link, "plugin.loads", error.what());
    return;
  }
  link.entering("");
  const ProcessState after = process_state();
  if (const auto what = changed(before, after); !what.empty())
    send(link, "state.process", fmt::format("loading the library changed {}", what));
  if (const int left = threads_left(before); left > 0)
    send(link, "state.threads", fmt::format("loading the library started {} threads", left));
}

}  // namespace onager::host::conformance
