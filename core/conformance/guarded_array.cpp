// SPDX-License-Identifier: MIT
#include "conformance/guarded_array.hpp"

#include "base/error.hpp"
#include "results/npy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace onager::host::conformance {

namespace {

// NaNs with a payload of our own; the integer is as unlikely.
constexpr std::uint64_t mark_of_8_bytes = 0x7FF4'0A6E'A5A5'A5A5;
constexpr std::uint32_t mark_of_4_bytes = 0x7FA5'A5A5;
constexpr unsigned char outside = 0xFF;

const void* mark_of(std::size_t bytes) {
  return bytes == 4 ? static_cast<const void*>(&mark_of_4_bytes) : &mark_of_8_bytes;
}

/// Whether a NaN came of arithmetic with a mark, which makes it quiet and may turn its sign.
bool stems_from_mark(const char* element, std::size_t bytes) {
  constexpr std::uint64_t free_8 = 0x8008'0000'0000'0000;
  constexpr std::uint32_t free_4 = 0x8040'0000;
  if (bytes == 4) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, element, sizeof bits);
    return (bits | free_4) == (mark_of_4_bytes | free_4);
  }
  std::uint64_t bits = 0;
  std::memcpy(&bits, element, sizeof bits);
  return (bits | free_8) == (mark_of_8_bytes | free_8);
}

const char* type_name(onager_dtype dtype) {
  return dtype == ONAGER_FLOAT32 ? "float32" : dtype == ONAGER_FLOAT64 ? "float64" : "int64";
}

bool write_all(int file, const char* from, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t put = ::write(file, from, bytes);
    if (put <= 0) return false;
    from += put;
    bytes -= static_cast<std::size_t>(put);
  }
  return true;
}

}  // namespace

GuardedArray::GuardedArray(std::string name, Role role, onager_dtype dtype, std::int64_t rows,
                           std::int64_t cols, std::int64_t gap)
    : name_(std::move(name)),
      role_(role),
      dtype_(dtype),
      rows_(rows),
      cols_(cols),
      row_stride_(cols + gap),
      element_bytes_(dtype == ONAGER_FLOAT32 ? 4 : 8),
      npy_header_(npy_bytes({dtype, {rows, cols}, {}})) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto elements =
      rows == 0 || cols == 0 ? 0 : static_cast<std::size_t>((rows - 1) * row_stride_ + cols);
  const std::size_t bytes = elements * element_bytes_;
  const std::size_t inner = std::max(page, (bytes + page - 1) / page * page);
  mapped_ = inner + 2 * page;
  void* memory = ::mmap(nullptr, mapped_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED ||
      ::mprotect(static_cast<char*>(memory) + page, inner, PROT_READ | PROT_WRITE) != 0)
    throw Error(Category::system, fmt::format("there is no memory for {}", described()));
  memory_ = static_cast<char*>(memory);
  pages_ = memory_ + page;
  end_ = pages_ + inner;
  begin_ = end_ - bytes;
  std::memset(pages_, outside, inner);
  register_array(this);
}

GuardedArray::~GuardedArray() {
  forget_array(this);
  ::munmap(memory_, mapped_);
}

void GuardedArray::fill_and_seal(const Table& numbers) {
  const onager_array to = view();
  for (std::int64_t i = 0; i < rows_; ++i)
    for (std::int64_t j = 0; j < cols_; ++j) set_element(to, i, j, numbers(i, j));
  ::mprotect(pages_, static_cast<std::size_t>(end_ - pages_), PROT_READ);
}

void GuardedArray::mark() {
  for (std::int64_t i = 0; i < rows_; ++i)
    for (std::int64_t j = 0; j < cols_; ++j)
      std::memcpy(element_at(i, j), mark_of(element_bytes_), element_bytes_);
}

onager_array GuardedArray::view() const {
  return {sizeof(onager_array), dtype_, begin_, rows_, cols_, row_stride_, 1};
}

std::string GuardedArray::described() const {
  return fmt::format("{} ({} x {}, {})", name_, rows_, cols_, type_name(dtype_));
}

char* GuardedArray::element_at(std::int64_t i, std::int64_t j) const {
  return begin_ + static_cast<std::size_t>(i * row_stride_ + j) * element_bytes_;
}

std::string GuardedArray::unset() const {
  for (std::int64_t i = 0; i < rows_; ++i)
    for (std::int64_t j = 0; j < cols_; ++j) {
      const char* element = element_at(i, j);
      if (std::memcmp(element, mark_of(element_bytes_), element_bytes_) == 0)
        return fmt::format("left {}[{}, {}] of {} unwritten", name_, i, j, described());
      if (dtype_ != ONAGER_INT64 && stems_from_mark(element, element_bytes_))
        return fmt::format("added to {}[{}, {}] of {} before it was set", name_, i, j, described());
    }
  return "";
}

bool GuardedArray::spilled() const {
  const auto untouched = [](const char* from, const char* to) {
    return std::all_of(from, to, [](char c) { return static_cast<unsigned char>(c) == outside; });
  };
  if (!untouched(pages_, begin_)) return true;
  for (std::int64_t i = 0; i + 1 < rows_; ++i)
    if (!untouched(element_at(i, cols_), element_at(i + 1, 0))) return true;
  return false;
}

bool GuardedArray::guards(std::uintptr_t address) const {
  const auto begin = reinterpret_cast<std::uintptr_t>(memory_);
  return address >= begin && address < begin + mapped_;
}

Spot GuardedArray::spot_of(std::uintptr_t address, std::int64_t& bytes) const {
  const auto begin = reinterpret_cast<std::uintptr_t>(begin_);
  const auto end = reinterpret_cast<std::uintptr_t>(end_);
  const Spot spot = address >= end ? Spot::past : address < begin ? Spot::before : Spot::inside;
  bytes = static_cast<std::int64_t>(spot == Spot::past     ? address - end
                                    : spot == Spot::before ? begin - address
                                                           : address - begin);
  return spot;
}

bool GuardedArray::save(const char* folder) const {
  char path[4096];
  std::size_t length = 0;
  for (const char* part : {folder, "/", name_.c_str(), ".npy"}) {
    const std::size_t more = std::strlen(part);
    if (length + more >= sizeof path) return false;
    std::memcpy(path + length, part, more);
    length += more;
  }
  path[length] = '\0';
  const int file = ::open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) return false;
  bool good = write_all(file, npy_header_.data(), npy_header_.size());
  for (std::int64_t i = 0; good && i < rows_; ++i)
    good = write_all(file, element_at(i, 0), static_cast<std::size_t>(cols_) * element_bytes_);
  return ::close(file) == 0 && good;
}

}  // namespace onager::host::conformance
