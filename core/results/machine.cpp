// SPDX-License-Identifier: MIT
#include "results/machine.hpp"

#include "linalg/blas.hpp"

#include <fmt/format.h>
#include <onager/abi.h>
#include <sys/utsname.h>

#include <fstream>

namespace onager::host {

namespace {

#if defined(__clang__)
constexpr const char* compiler = __VERSION__;  // names itself
#else
constexpr const char* compiler = "GCC " __VERSION__;
#endif

/// Not every architecture gives a model name; the architecture is in `system`.
std::string cpu_model() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("model name", 0) != 0) continue;
    const auto at = line.find(':');
    const auto begin = at == std::string::npos ? at : line.find_first_not_of(' ', at + 1);
    if (begin != std::string::npos) return line.substr(begin);
  }
  return "unknown";
}

}  // namespace

Machine this_machine(int threads) {
  Machine out;
  out.onager_version = ONAGER_VERSION;
  out.abi_version = fmt::format("{}.{}", ONAGER_ABI_MAJOR, ONAGER_ABI_MINOR);
  out.compiler = compiler;
  out.blas = blas::library_name();
  out.cpu = cpu_model();
  utsname names{};
  if (::uname(&names) == 0) {
    out.host = names.nodename;
    out.system = fmt::format("{} {} {}", names.sysname, names.release, names.machine);
  }
  out.threads = threads;
  return out;
}

}  // namespace onager::host
