// SPDX-License-Identifier: MIT
#include "base/process.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

namespace onager::host {

namespace {

constexpr int not_started = 127;

/// Between fork and exec: only calls that are safe after a fork of a process with threads.
template <class Files>
[[noreturn]] void become(char* const* arguments, pid_t parent, Files&& set_files) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(not_started);
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
  set_files();
  ::execv(arguments[0], arguments);
  ::_exit(not_started);
}

/// The process's id; -1 with errno when there is none. `set_files` runs in it.
template <class Files>
pid_t started(const std::vector<std::string>& command, Files&& set_files) {
  std::vector<char*> arguments;
  for (const auto& one : command) arguments.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t id = ::fork();
  if (id == 0) become(arguments.data(), parent, set_files);
  return id;
}

/// Nothing when it has not ended, or a signal came between.
std::optional<ProcessEnd> reaped(pid_t id, int options) {
  int state = 0;
  rusage usage{};
  const pid_t got = ::wait4(id, &state, options, &usage);
  if (got != id) return std::nullopt;
  ProcessEnd out;
  out.signal = WIFSIGNALED(state) ? WTERMSIG(state) : 0;
  out.status = out.signal != 0 ? 128 + out.signal : WEXITSTATUS(state);
  out.peak_memory = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return out;
}

}  // namespace

Process Process::start(const std::vector<std::string>& command, const std::filesystem::path& log) {
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0)
    throw Error(Category::system,
                fmt::format("cannot write {}: {}", log.string(), std::strerror(errno)));
  const pid_t id = started(command, [file] {
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
  });
  const int error = errno;
  ::close(file);
  if (id < 0)
    throw Error(Category::system, fmt::format("cannot start a process for {}: {}", log.string(),
                                              std::strerror(error)));
  return Process(id);
}

Process Process::start(const std::vector<std::string>& command, int descriptor) {
  const pid_t id = started(command, [descriptor] { ::fcntl(descriptor, F_SETFD, 0); });
  if (id < 0)
    throw Error(Category::system, fmt::format("cannot start a process of {}: {}", command.at(0),
                                              std::strerror(errno)));
  return Process(id);
}

std::optional<ProcessEnd> Process::ended() const { return reaped(id_, WNOHANG); }

ProcessEnd Process::wait() const {
  for (;;)
    if (const auto end = reaped(id_, 0)) return *end;
}

void Process::interrupt() const { ::kill(id_, SIGINT); }

bool Process::has_thread(int thread) const {
  return ::access(fmt::format("/proc/{}/task/{}", id_, thread).c_str(), F_OK) == 0;
}

void Process::kill() const { ::kill(id_, SIGKILL); }

std::filesystem::path own_program() {
  std::error_code error;
  auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error)
    throw Error(Category::system,
                fmt::format("cannot find this program: /proc/self/exe: {}", error.message()));
  return program;
}

std::filesystem::path own_data(const std::string& name) {
  const auto path = own_program().parent_path().parent_path() / "share" / "onager" / name;
  if (std::filesystem::exists(path)) return path;
  throw Error(Category::system,
              fmt::format("{}, which comes with Onager, is not there: install Onager again",
                          path.string()));
}

}  // namespace onager::host
