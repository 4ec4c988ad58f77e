// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// A plain file in an archive.
struct Member {
  std::string path;
  std::string content;
};

/// What is unpacked of an archive at most.
struct ArchiveLimits {
  std::size_t members = 10000;
  std::uint64_t bytes = std::uint64_t{256} << 20;  // of all members together
};

/// Why a path cannot be a member's, or "". A member's path is relative, of letters, digits and
/// `. _ - + =` between single slashes, without `.` and `..`, and at most 200 characters long: it
/// means the same on every system and stays inside the folder that it is unpacked in.
std::string path_fault(std::string_view path);

/// The members, in this order, as a gzip-compressed tar archive (POSIX ustar). Equal members give
/// equal bytes: times, owners and permissions are constants.
std::string write_archive(const std::vector<Member>& members);

/// The members of such an archive, in order. Nothing is written to disk. Throws Error(plugin) that
/// begins with `name`: when the archive is damaged or cut off, above a limit, or holds a link, a
/// folder, a device, a path twice, or a path that path_fault refuses.
std::vector<Member> read_archive(std::string_view bytes, const std::string& name,
                                 const ArchiveLimits& limits = {});

}  // namespace onager::host
