// SPDX-License-Identifier: MIT
#include "conformance/child.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

#include <cblas.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>

namespace onager::host::conformance {

namespace {

// Written last by a child whose work is done, so that exit() from within a plugin is no end.
constexpr const char* end_line = "end";
constexpr int grace_seconds = 10;
constexpr std::size_t most_printed = 2000;

void set_alarm(double seconds) {
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(seconds);
  timer.it_value.tv_usec = static_cast<suseconds_t>(1e6 * (seconds - std::floor(seconds)));
  ::setitimer(ITIMER_REAL, &timer, nullptr);
}

void write_line(int pipe, const std::string& line) {
  const std::string text = line + "\n";
  const char* at = text.data();
  for (std::size_t left = text.size(); left > 0;) {
    const ssize_t put = ::write(pipe, at, left);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) ::_exit(1);  // the parent is gone
    at += put;
    left -= static_cast<std::size_t>(put);
  }
}

[[noreturn]] void be_the_child(int pipe, const std::filesystem::path& printed, Witness& witness,
                               const char* folder, double seconds,
                               const std::function<void(const ChildLink&)>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const int signal : {SIGINT, SIGTERM}) ::signal(signal, SIG_DFL);
  const int log = ::open(printed.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (log >= 0) {
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
  }
  bear_witness(witness, folder);
  const ChildLink link{
      [pipe](const std::string& line) { write_line(pipe, line); },
      [&witness](const char* call) { std::strncpy(witness.call, call, sizeof witness.call - 1); },
      [seconds] { set_alarm(seconds); }};
  link.restart_clock();
  work(link);
  write_line(pipe, end_line);
  ::_exit(0);
}

/// Splits what comes through a pipe into lines.
class Lines {
 public:
  explicit Lines(const std::function<void(const std::string&)>& receive) : receive_(receive) {}
  void add(const char* bytes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      if (bytes[i] != '\n') {
        line_ += bytes[i];
        continue;
      }
      if (line_ == end_line) ended = true;
      else receive_(line_);
      line_.clear();
    }
  }
  bool ended = false;

 private:
  const std::function<void(const std::string&)>& receive_;
  std::string line_;
};

/// Reads to the end of the pipe. False when the child said nothing for longer than it may.
bool read_all(int pipe, double seconds, Lines& lines) {
  const int patience = static_cast<int>(1000 * (seconds + grace_seconds));
  std::array<char, 1 << 14> buffer;
  for (;;) {
    pollfd waiting{pipe, POLLIN, 0};
    const int ready = ::poll(&waiting, 1, patience);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return false;
    const ssize_t got = ::read(pipe, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    lines.add(buffer.data(), static_cast<std::size_t>(got));
  }
}

std::string end_of_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return "";
  std::string text = read_file(file);
  if (text.size() > most_printed) text = text.substr(text.size() - most_printed);
  return text;
}

}  // namespace

ChildEnd run_in_child(const std::filesystem::path& folder, double seconds,
                      const std::function<void(const ChildLink&)>& work,
                      const std::function<void(const std::string&)>& receive) {
  const SharedWitness witness;
  const std::string arrays = folder.string();
  const auto printed = folder / "printed.txt";
  // here, for in the child it would start a thread of BLAS
  if (openblas_get_num_threads() != 1) openblas_set_num_threads(1);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    throw Error(Category::system, fmt::format("no pipe: {}", std::strerror(errno)));
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    be_the_child(ends[1], printed, witness.get(), arrays.c_str(), seconds, work);
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    throw Error(Category::system, fmt::format("no child process: {}", std::strerror(errno)));
  }
  ChildEnd end;
  Lines lines(receive);
  if (!read_all(ends[0], seconds, lines)) {
    end.killed = true;
    ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  end.finished = lines.ended;
  end.signal = WIFSIGNALED(status) && !end.killed ? WTERMSIG(status) : 0;
  end.witness = witness.get();
  end.printed = end_of_file(printed);
  return end;
}

}  // namespace onager::host::conformance
