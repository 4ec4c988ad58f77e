// SPDX-License-Identifier: MIT
#include "base/files.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace onager::host {

namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  /// Closes and reports: a full disk may show only here.
  bool close() {
    const int value = value_;
    value_ = -1;
    return ::close(value) == 0;
  }

 private:
  int value_;
};

[[noreturn]] void fail(std::string_view what, const std::filesystem::path& file, int error) {
  throw Error(Category::system,
              fmt::format("{} {}: {}", what, file.string(), std::strerror(error)));
}

template <class Piece>
void read_pieces(const std::filesystem::path& file, Piece&& piece) {
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (in.get() < 0) fail("cannot read", file, errno);
  std::array<char, 1 << 16> buffer;
  for (;;) {
    const ssize_t got = ::read(in.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", file, errno);
    if (got == 0) return;
    piece(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
  }
}

class Sha256 {
 public:
  Sha256() { crypto_hash_sha256_init(&state_); }
  void add(std::string_view piece) {
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(piece.data()),
                              piece.size());
  }
  std::string hex() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash;
    crypto_hash_sha256_final(&state_, hash.data());
    std::string out;
    for (const unsigned byte : hash) out += fmt::format("{:02x}", byte);
    return out;
  }

 private:
  crypto_hash_sha256_state state_;
};

constexpr const char* unfinished = ".part";

}  // namespace

std::string read_file(const std::filesystem::path& file) {
  std::string out;
  read_pieces(file, [&](std::string_view piece) { out += piece; });
  return out;
}

void write_file(const std::filesystem::path& file, std::string_view content) {
  const auto temporary = file.string() + unfinished;
  try {
    Descriptor out(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (out.get() < 0) fail("cannot write", file, errno);
    while (!content.empty()) {
      const ssize_t put = ::write(out.get(), content.data(), content.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) fail("cannot write", file, errno);
      content.remove_prefix(static_cast<std::size_t>(put));
    }
    if (::fsync(out.get()) != 0) fail("cannot write", file, errno);
    if (!out.close()) fail("cannot write", file, errno);
    if (::rename(temporary.c_str(), file.c_str()) != 0) fail("cannot write", file, errno);
  } catch (...) {
    ::unlink(temporary.c_str());
    throw;
  }
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
}

bool is_unfinished(const std::filesystem::path& file) { return file.extension() == unfinished; }

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) fail("cannot create the folder", folder, error.value());
}

std::string sha256_file(const std::filesystem::path& file) {
  Sha256 hash;
  read_pieces(file, [&](std::string_view piece) { hash.add(piece); });
  return hash.hex();
}

std::string sha256(std::string_view content) {
  Sha256 hash;
  hash.add(content);
  return hash.hex();
}

bool is_locked(const std::filesystem::path& file) {
  const Descriptor there(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  return there.get() >= 0 && ::flock(there.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

FileLock::FileLock(const std::filesystem::path& file, const std::string& busy)
    : file_(file), descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) fail("cannot write", file, errno);
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    ::close(descriptor_);
    if (error == EWOULDBLOCK) throw Error(Category::system, busy);
    fail("cannot lock", file, error);
  }
  // its holder may have removed the file between our open and our lock
  struct stat state {};
  if (::fstat(descriptor_, &state) != 0 || state.st_nlink == 0) {
    ::close(descriptor_);
    throw Error(Category::system, busy);
  }
}

FileLock::~FileLock() {
  ::unlink(file_.c_str());
  ::close(descriptor_);
}

}  // namespace onager::host
