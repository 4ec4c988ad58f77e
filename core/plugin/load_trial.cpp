// SPDX-License-Identifier: MIT
#include "plugin/load_trial.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string_view>

namespace onager::host {

namespace {

using Clock = std::chrono::steady_clock;

// What the child's answer begins with.
constexpr char told = '+', refused = '-';

/// In the child: writes what is told of the library, or why it does not load, and ends.
[[noreturn]] void answer(const std::filesystem::path& file, int out,
                         const std::function<std::string(const Library&)>& tell) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  // the parent says how it ended
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGINT, SIGTERM})
    ::signal(signal, SIG_DFL);
  // what it prints for the user it prints again when it is loaded to be used
  if (const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0)
    ::dup2(nowhere, STDOUT_FILENO);
  std::string text;
  try {
    text = told + tell(load_library(file));
  } catch (const std::exception& error) {
    text = refused + std::string(error.what());
  }
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t put = ::write(out, rest.data(), rest.size());
    if (put < 0 && errno != EINTR) break;
    rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(put, 0)));
  }
  ::_exit(0);
}

/// All that the child writes until it ends; false when it took too long.
bool listen(int in, std::string& text, std::chrono::milliseconds patience) {
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

/// How a child ended that gave no answer.
std::string fate(int state) {
  if (WIFSIGNALED(state))
    return fmt::format("crashed while it was loaded (SIG{}, {}); tell its author",
                       ::sigabbrev_np(WTERMSIG(state)), ::sigdescr_np(WTERMSIG(state)));
  return fmt::format("ended the process with status {} while it was loaded", WEXITSTATUS(state));
}

}  // namespace

std::string try_library(const std::filesystem::path& file,
                        const std::function<std::string(const Library&)>& tell,
                        std::chrono::milliseconds patience) {
  std::array<int, 2> ends;
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw Error(Category::system, fmt::format("no pipe can be had: {}", std::strerror(errno)));
  const pid_t child = ::fork();
  if (child == 0) answer(file, ends[1], tell);
  const int error = errno;
  ::close(ends[1]);
  std::string text;
  bool in_time = false;
  if (child > 0) {
    in_time = listen(ends[0], text, patience);
    if (!in_time) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  if (child < 0)
    throw Error(Category::system, fmt::format("cannot start a process to load {} in: {}",
                                              file.string(), std::strerror(error)));
  int state = 0;
  while (::waitpid(child, &state, 0) < 0 && errno == EINTR) continue;
  const auto fail = [&](const std::string& what) {
    throw Error(Category::plugin, fmt::format("{}: {}", file.string(), what));
  };
  if (!in_time)
    fail(fmt::format("was not loaded after {:g} s",
                     std::chrono::duration<double>(patience).count()));
  if (state != 0 || text.empty()) fail(fate(state));
  if (text.front() == refused) throw Error(Category::plugin, text.substr(1));
  return text.substr(1);
}

}  // namespace onager::host
