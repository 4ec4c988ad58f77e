// SPDX-License-Identifier: MIT
#include "plugin/loader_text.hpp"

#include <cxxabi.h>
#include <fmt/format.h>
#include <gnu/libc-version.h>

#include <cstdlib>
#include <memory>
#include <optional>

namespace onager::host {

namespace {

/// The part of `text` after `begin` up to `end` (or to the text's end), if `begin` is in it.
std::optional<std::string> between(const std::string& text, const std::string& begin,
                                   const std::string& end) {
  const auto at = text.find(begin);
  if (at == std::string::npos) return std::nullopt;
  const auto from = at + begin.size();
  return text.substr(from, text.find(end, from) - from);
}

std::string readable_symbol(const std::string& symbol) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 && name ? fmt::format("{} ({})", name.get(), symbol) : symbol;
}

std::string newer_version(const std::string& version) {
  const auto is = [&](const char* family) { return version.rfind(family, 0) == 0; };
  const char* rebuild = "rebuild the plugin from source on this machine";
  if (is("GLIBCXX_") || is("CXXABI_"))
    return fmt::format("was built with a newer libstdc++ than this machine has: it needs {}; {}",
                       version, rebuild);
  if (is("GLIBC_"))
    return fmt::format("was built with a newer glibc than this machine's {}: it needs {}; {}",
                       gnu_get_libc_version(), version, rebuild);
  return fmt::format("needs version {} of a library that this machine has in another version; {}",
                     version, rebuild);
}

}  // namespace

std::string explain_loader_text(const std::string& text) {
  if (const auto version = between(text, "version `", "' not found"))
    return newer_version(*version);
  if (const auto symbol = between(text, "undefined symbol: ", ","))
    return fmt::format(
        "uses {}, which neither it nor the libraries it names define; link the library that has it "
        "(target_link_libraries), and with -Wl,-z,defs the linker will find such a gap",
        readable_symbol(*symbol));
  if (text.find("cannot open shared object file") != std::string::npos)
    return fmt::format(
        "needs the library {}, which was not found on this machine; install it, or name its folder "
        "in LD_LIBRARY_PATH",
        text.substr(0, text.find(':')));
  if (text.find("failed to map segment") != std::string::npos)
    return fmt::format(
        "cannot be mapped as code, as where its file system is mounted noexec; move it to another "
        "folder ({})",
        text);
  return fmt::format("cannot be loaded: {}", text);
}

}  // namespace onager::host
