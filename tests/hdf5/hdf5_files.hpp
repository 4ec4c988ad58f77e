// SPDX-License-Identifier: MIT
//
// HDF5 files that tests write.
#pragma once

#include "../scratch.hpp"

#include <hdf5.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace onager::test {

/// An HDF5 file that is being written, closed at the end.
class Hdf5Writer {
 public:
  explicit Hdf5Writer(const std::filesystem::path& path)
      : file_(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {
    if (file_ < 0) throw std::runtime_error("no HDF5 file");
  }
  ~Hdf5Writer() { H5Fclose(file_); }
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  hid_t get() const { return file_; }

  /// Numbers as the library converts them to a type of the file, in chunks and compressed where
  /// `compressed` says so.
  void write(const char* name, const std::vector<hsize_t>& shape,
             const std::vector<double>& numbers, hid_t type, bool compressed = false) const {
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    if (compressed) {
      H5Pset_chunk(creation, static_cast<int>(shape.size()), shape.data());
      H5Pset_deflate(creation, 6);
    }
    const hid_t links = H5Pcreate(H5P_LINK_CREATE);
    H5Pset_create_intermediate_group(links, 1);
    const hid_t array = H5Dcreate2(file_, name, type, space, links, creation, H5P_DEFAULT);
    if (array < 0) throw std::runtime_error("no HDF5 array");
    H5Dwrite(array, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data());
    H5Dclose(array);
    H5Pclose(links);
    H5Pclose(creation);
    H5Sclose(space);
  }

 private:
  hid_t file_;
};

}  // namespace onager::test
