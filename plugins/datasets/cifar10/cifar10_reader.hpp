// SPDX-License-Identifier: MIT
//
// Files of the binary version of CIFAR-10: a record an image, without header.
//
//   1 byte: label, 0 to 9; 1024 bytes red, 1024 green, 1024 blue: 32 rows of 32 pixels each
#pragma once

#include <onager/array.hpp>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace onager::plugins {

constexpr std::size_t cifar10_pixels = 3 * 32 * 32, cifar10_record = 1 + cifar10_pixels;

/// Labels, and bytes as they are in the file.
struct Cifar10File {
  std::vector<unsigned char> labels, bytes;

  const unsigned char* pixels(std::size_t i) const { return bytes.data() + i * cifar10_record + 1; }
};

/// Reads a whole file of any number of images. Throws Error(ONAGER_IO) naming it.
inline Cifar10File read_cifar10(const std::string& file) {
  const auto refuse = [&](const std::string& reason) {
    throw Error(ONAGER_IO, file + ": " + reason);
  };
  std::error_code problem;
  const std::uintmax_t size = std::filesystem::file_size(file, problem);
  if (problem) refuse("cannot be read: " + problem.message());
  if (size == 0 || size % cifar10_record != 0)
    refuse("holds " + std::to_string(size) + " bytes; a file of the binary version of CIFAR-10 " +
           "has " + std::to_string(cifar10_record) + " for each image");
  Cifar10File out;
  out.bytes.resize(size);
  std::ifstream in(file, std::ios::binary);
  if (!in) refuse(std::string("cannot be opened: ") + std::strerror(errno));
  if (!in.read(reinterpret_cast<char*>(out.bytes.data()), static_cast<std::streamsize>(size)))
    refuse("cannot be read to its end");
  for (std::size_t at = 0; at < size; at += cifar10_record) {
    const unsigned char label = out.bytes[at];
    if (label > 9)
      refuse("image " + std::to_string(at / cifar10_record) + ", counted from 0, has the label " +
             std::to_string(label) + "; those of CIFAR-10 are 0 to 9");
    out.labels.push_back(label);
  }
  return out;
}

}  // namespace onager::plugins
