// SPDX-License-Identifier: MIT
#include "plugin/shared_memory.hpp"

#include "base/error.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace onager::host {

namespace {

[[noreturn]] void fail(const char* what) {
  const int error = errno;
  throw Error(Category::system, fmt::format("memory shared with a plugin's process: {}: {}", what,
                                            std::strerror(error)));
}

char* mapped(int descriptor, std::size_t size) {
  void* data =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0);
  if (data == MAP_FAILED) fail("mmap");
  return static_cast<char*>(data);
}

}  // namespace

SharedMemory::SharedMemory(std::size_t bytes)
    : descriptor_(::memfd_create("onager", MFD_CLOEXEC)), size_(whole_pages(bytes)) {
  if (descriptor_ < 0) fail("memfd_create");
  if (::ftruncate(descriptor_, static_cast<off_t>(size_)) != 0) fail("ftruncate");
  data_ = mapped(descriptor_, size_);
}

SharedMemory::SharedMemory(int descriptor, std::size_t read_only_from, std::size_t read_only_to)
    : descriptor_(descriptor) {
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0) fail("fstat");
  size_ = static_cast<std::size_t>(facts.st_size);
  data_ = mapped(descriptor, size_);
  if (read_only_to > read_only_from &&
      ::mprotect(data_ + read_only_from, read_only_to - read_only_from, PROT_READ) != 0)
    fail("mprotect");
}

SharedMemory::~SharedMemory() {
  if (data_) ::munmap(data_, size_);
  if (descriptor_ >= 0) ::close(descriptor_);
}

void SharedMemory::forget(std::size_t from, std::size_t bytes) const {
  if (bytes > 0) ::madvise(data_ + from, bytes, MADV_REMOVE);
}

std::size_t whole_pages(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return (bytes + page - 1) / page * page;
}

}  // namespace onager::host
