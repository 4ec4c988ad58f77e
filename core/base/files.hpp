// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace onager::host {

/// The whole file. Throws Error(system) that says why it cannot be read.
std::string read_file(const std::filesystem::path& file);

/// Writes `content` so that the file is either as before or whole: a temporary file beside it,
/// fsync, rename, fsync of the folder. Throws Error(system) with the reason (full disk, no
/// permission); the temporary file is removed then.
void write_file(const std::filesystem::path& file, std::string_view content);
/// Whether it is such a temporary file, as a process that was killed leaves behind.
bool is_unfinished(const std::filesystem::path& file);

/// Creates a folder and its parents. Throws Error(system).
void make_folder(const std::filesystem::path& folder);

/// SHA-256 of a file's content in lower-case hexadecimal.
std::string sha256_file(const std::filesystem::path& file);

/// SHA-256 of a text.
std::string sha256(std::string_view content);

/// Whether a process holds the FileLock of a file.
bool is_locked(const std::filesystem::path& file);

/// An exclusive lock held by this process until destroyed; released by the system if it dies.
class FileLock {
 public:
  /// Throws Error(system) with `busy` as its message when another process holds the lock.
  FileLock(const std::filesystem::path& file, const std::string& busy);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  std::filesystem::path file_;
  int descriptor_;
};

}  // namespace onager::host
