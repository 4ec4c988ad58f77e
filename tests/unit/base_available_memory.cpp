// SPDX-License-Identifier: MIT
#include "base/available_memory.hpp"

#include "../catch.hpp"
#include "../scratch.hpp"

using namespace onager;

namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

/// A machine with 8 GiB available and the given control group line.
struct Machine {
  explicit Machine(const std::string& groups) {
    file("proc/meminfo", "MemTotal: 16777216 kB\nMemAvailable: 8388608 kB\n");
    file("proc/self/cgroup", groups);
  }
  void file(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((scratch.path() / name).parent_path());
    scratch.file(name, text);
  }
  std::uint64_t available() const { return host::available_memory(scratch.path()); }
  test::Scratch scratch;
};

std::string number(double gibibytes) {
  return std::to_string(static_cast<std::uint64_t>(gibibytes * static_cast<double>(gibibyte)));
}

}  // namespace

TEST_CASE("available memory is what the machine has where no control group allows less") {
  Machine machine("0::/user.slice\n");
  CHECK(machine.available() == 8 * gibibyte);
  machine.file("sys/fs/cgroup/user.slice/memory.max", "max\n");
  machine.file("sys/fs/cgroup/user.slice/memory.current", number(3));
  CHECK(machine.available() == 8 * gibibyte);
}

TEST_CASE("a control group of version 2 allows its limit less what is used and not cached") {
  Machine machine("0::/user.slice/job.scope\n");
  machine.file("sys/fs/cgroup/user.slice/job.scope/memory.max", number(4) + "\n");
  machine.file("sys/fs/cgroup/user.slice/job.scope/memory.current", number(3) + "\n");
  CHECK(machine.available() == gibibyte);
  machine.file("sys/fs/cgroup/user.slice/job.scope/memory.stat",
               "anon 5\ninactive_file " + number(1.5) + "\n");
  CHECK(machine.available() == gibibyte * 5 / 2);
  // a group above it may leave less
  machine.file("sys/fs/cgroup/user.slice/memory.max", number(6) + "\n");
  machine.file("sys/fs/cgroup/user.slice/memory.current", number(5.5) + "\n");
  CHECK(machine.available() == gibibyte / 2);
  machine.file("sys/fs/cgroup/user.slice/memory.current", number(7) + "\n");
  CHECK(machine.available() == 0);
}

TEST_CASE("a control group of version 1 counts, also where its path is that outside a container") {
  Machine machine("11:cpu,cpuacct:/\n7:memory:/docker/abc\n");
  machine.file("sys/fs/cgroup/memory/memory.limit_in_bytes", number(2) + "\n");
  machine.file("sys/fs/cgroup/memory/memory.usage_in_bytes", number(1) + "\n");
  machine.file("sys/fs/cgroup/memory/memory.stat",
               "inactive_file 0\ntotal_inactive_file " + number(0.25) + "\n");
  CHECK(machine.available() == gibibyte * 5 / 4);
}

TEST_CASE("a system that tells nothing counts as one with 4 GiB") {
  const test::Scratch scratch;
  CHECK(host::available_memory(scratch.path()) == 4 * gibibyte);
}
