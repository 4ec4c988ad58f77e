// SPDX-License-Identifier: MIT
#include "package/probe.hpp"

#include "base/error.hpp"
#include "plugin/library.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <nlohmann/json.hpp>

namespace onager::host {

namespace {

using Json = nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr auto patience = std::chrono::seconds(20);

Json described(const onager_plugin& plugin) {
  Json components = Json::array();
  for (std::uint32_t i = 0; i < plugin.component_count; ++i) {
    const auto& one = *plugin.components[i];
    components.push_back({one.kind, one.id, one.summary, one.citation});
  }
  return {{"id", plugin.id},
          {"version", plugin.version},
          {"abi", fmt::format("{}.{}", plugin.abi_major, plugin.abi_minor_needed)},
          {"vendor", plugin.vendor},
          {"licence", plugin.licence},
          {"url", plugin.url},
          {"build", plugin.build},
          {"components", components}};
}

/// In the child: writes what the library says, or why it does not load, and ends.
[[noreturn]] void answer(const std::filesystem::path& file, int out) {
  std::string text;
  try {
    text = described(*load_library(file).descriptor).dump();
  } catch (const std::exception& error) {
    text = Json{{"fault", error.what()}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t put = ::write(out, rest.data(), rest.size());
    if (put < 0 && errno != EINTR) break;
    rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(put, 0)));
  }
  ::_exit(0);
}

/// All that the child writes until it ends; false when it took too long.
bool listen(int in, std::string& text) {
  const auto end = Clock::now() + patience;
  std::array<char, 4096> piece;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    pollfd waiting{in, POLLIN, 0};
    const int ready = left.count() > 0 ? ::poll(&waiting, 1, static_cast<int>(left.count())) : 0;
    if (ready == 0) return false;
    if (ready < 0) continue;  // a signal
    const ssize_t got = ::read(in, piece.data(), piece.size());
    if (got == 0) return true;
    if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
  }
}

Probe read_answer(const std::string& text) {
  const Json json = Json::parse(text);
  Probe out;
  if (json.contains("fault")) {
    out.fault = json.at("fault");
    return out;
  }
  auto& said = out.said;
  said.id = json.at("id");
  said.version = json.at("version");
  said.abi = json.at("abi");
  said.vendor = json.at("vendor");
  said.licence = json.at("licence");
  said.url = json.at("url");
  out.build = json.at("build");
  for (const auto& one : json.at("components"))
    said.components.push_back({one.at(0), one.at(1), one.at(2), one.at(3)});
  return out;
}

Probe faulty(const std::filesystem::path& file, const std::string& what) {
  Probe out;
  out.fault = fmt::format("{}: {}", file.string(), what);
  return out;
}

}  // namespace

Probe probe_library(const std::filesystem::path& file) {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(Category::system, fmt::format("no pipe can be had: {}", std::strerror(errno)));
  const pid_t child = ::fork();
  if (child == 0) answer(file, ends[1]);
  const int error = errno;
  ::close(ends[1]);
  std::string text;
  bool in_time = false;
  if (child > 0) {
    in_time = listen(ends[0], text);
    if (!in_time) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  if (child < 0)
    throw Error(Category::system, fmt::format("cannot start a process to load {} in: {}",
                                              file.string(), std::strerror(error)));
  int state = 0;
  while (::waitpid(child, &state, 0) < 0 && errno == EINTR) continue;
  if (!in_time) return faulty(file, fmt::format("was not loaded after {} s", patience.count()));
  if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
    return faulty(file, "crashed or ended the process while it was loaded");
  try {
    return read_answer(text);
  } catch (const Json::exception&) {
    return faulty(file, "ended the process while it was loaded");
  }
}

}  // namespace onager::host
