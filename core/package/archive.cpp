// SPDX-License-Identifier: MIT
#include "package/archive.hpp"

#include "base/characters.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>

namespace onager::host {

namespace {

constexpr std::size_t longest_path = 200;
constexpr std::int64_t time_of_members = 315532800;  // 1980-01-01: no tool warns of it

using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;
using Reader = std::unique_ptr<archive, decltype(&archive_read_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

la_ssize_t append(archive*, void* out, const void* bytes, std::size_t count) {
  static_cast<std::string*>(out)->append(static_cast<const char*>(bytes), count);
  return static_cast<la_ssize_t>(count);
}

void require(int status, archive* of) {
  if (status == ARCHIVE_OK) return;
  const char* reason = archive_error_string(of);
  throw Error(Category::system,
              fmt::format("cannot write a package: {}", reason ? reason : "out of memory"));
}

class Reading {
 public:
  Reading(std::string_view bytes, const std::string& name, const ArchiveLimits& limits)
      : name_(name), limits_(limits), reader_(archive_read_new(), archive_read_free) {
    archive_read_support_filter_gzip(reader_.get());
    archive_read_support_format_tar(reader_.get());
    check(archive_read_open_memory(reader_.get(), bytes.data(), bytes.size()));
  }

  std::vector<Member> all() {
    std::vector<Member> members;
    archive_entry* entry = nullptr;
    for (int status; (status = archive_read_next_header(reader_.get(), &entry)) != ARCHIVE_EOF;) {
      check(status);
      if (members.size() == limits_.members)
        fail(fmt::format("holds more than {} members", limits_.members));
      const std::string path = path_of(entry);
      check_type(entry, path);
      members.push_back({path, content_of(entry, path)});
    }
    if (members.empty()) fail("holds nothing");
    return members;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Category::plugin, fmt::format("{}: {}", name_, what));
  }

  /// Also a mere warning of the library is a reason to stop: what it mends, others may read
  /// otherwise.
  void check(int status) const {
    if (status == ARCHIVE_OK) return;
    const char* reason = archive_error_string(reader_.get());
    fail(fmt::format("is no package, or a damaged or cut off one ({}); fetch it again",
                     printable(reason ? reason : "no reason is known")));
  }

  std::string path_of(archive_entry* entry) {
    const char* written = archive_entry_pathname(entry);
    const std::string path = written ? written : "";
    const std::string fault = path_fault(path);
    if (!fault.empty()) fail(fmt::format("the member '{}' {}", printable(path), fault));
    if (!paths_.insert(path).second) fail(fmt::format("holds the member '{}' twice", path));
    return path;
  }

  void check_type(archive_entry* entry, const std::string& path) const {
    const bool linked = archive_entry_hardlink(entry) || archive_entry_symlink(entry);
    if (linked) fail(fmt::format("the member '{}' is a link; a package holds plain files", path));
    if (archive_entry_filetype(entry) != AE_IFREG)
      fail(fmt::format("the member '{}' is no plain file", path));
  }

  std::string content_of(archive_entry* entry, const std::string& path) {
    const std::int64_t size = archive_entry_size(entry);
    if (!archive_entry_size_is_set(entry) || size < 0)
      fail(fmt::format("the member '{}' has no size", path));
    if (static_cast<std::uint64_t>(size) > limits_.bytes - taken_) too_large();
    std::string content;
    std::array<char, 1 << 16> piece;
    for (;;) {
      const la_ssize_t got = archive_read_data(reader_.get(), piece.data(), piece.size());
      if (got < 0) check(static_cast<int>(got));
      if (got == 0) break;
      taken_ += static_cast<std::uint64_t>(got);
      if (taken_ > limits_.bytes) too_large();
      content.append(piece.data(), static_cast<std::size_t>(got));
    }
    if (content.size() != static_cast<std::size_t>(size))
      fail(fmt::format("the member '{}' is cut off; fetch it again", path));
    return content;
  }

  [[noreturn]] void too_large() const {
    fail(fmt::format("unpacks to more than {}, which no plugin needs",
                     bytes(static_cast<double>(limits_.bytes))));
  }

  const std::string& name_;
  const ArchiveLimits& limits_;
  const Reader reader_;
  std::set<std::string> paths_;
  std::uint64_t taken_ = 0;
};

}  // namespace

std::string path_fault(std::string_view path) {
  if (path.empty()) return "has an empty path";
  if (path.size() > longest_path) return fmt::format("is longer than {} characters", longest_path);
  if (path.front() == '/') return "is an absolute path";
  const bool known = std::all_of(path.begin(), path.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-+=/").find(c) != std::string_view::npos;
  });
  if (!known) return "has a character other than letters, digits and . _ - + = /";
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const auto part = path.substr(at, end - at);
    if (part == "..") return "leads out of the package";
    if (part.empty() || part == ".") return "has a part that is empty or '.'";
    at = end + 1;
  }
  return "";
}

std::string write_archive(const std::vector<Member>& members) {
  std::string out;
  const Writer writer(archive_write_new(), archive_write_free);
  require(archive_write_set_format_ustar(writer.get()), writer.get());
  require(archive_write_add_filter_gzip(writer.get()), writer.get());
  require(archive_write_set_options(writer.get(), "gzip:compression-level=9,gzip:!timestamp"),
          writer.get());
  require(archive_write_set_bytes_in_last_block(writer.get(), 1), writer.get());  // no padding
  require(archive_write_open(writer.get(), &out, nullptr, append, nullptr), writer.get());
  for (const auto& member : members) {
    const Entry entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), member.path.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_mtime(entry.get(), time_of_members, 0);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(member.content.size()));
    require(archive_write_header(writer.get(), entry.get()), writer.get());
    const la_ssize_t put =
        archive_write_data(writer.get(), member.content.data(), member.content.size());
    if (put < 0 || static_cast<std::size_t>(put) != member.content.size())
      require(ARCHIVE_FATAL, writer.get());
  }
  require(archive_write_close(writer.get()), writer.get());
  return out;
}

std::vector<Member> read_archive(std::string_view bytes, const std::string& name,
                                 const ArchiveLimits& limits) {
  return Reading(bytes, name, limits).all();
}

}  // namespace onager::host
