// SPDX-License-Identifier: MIT
//
// Reading arrays of numbers from HDF5 files into doubles.
#pragma once

#include "../../common/number_array.hpp"

#include <hdf5.h>

#include <string>
#include <vector>

namespace onager::plugins {

/// An open HDF5 file.
class Hdf5File {
 public:
  /// Throws Error(ONAGER_IO) naming the file when it cannot be opened or is no HDF5 file.
  explicit Hdf5File(const std::string& file);
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;
  ~Hdf5File();

  /// The whole array at a path such as "train/x". Integers, floating-point numbers and enumerations
  /// (as h5py writes booleans) of any size and byte order become doubles. Throws Error(ONAGER_IO)
  /// that names file and path, and the arrays that there are when it is none of them.
  NumberArray read(const std::string& path) const;

  /// "FILE: 'PATH'", as messages name an array.
  std::string name_of(const std::string& path) const { return file_ + ": '" + path + "'"; }

  /// The paths of all arrays of the file, in the order of their names.
  std::vector<std::string> arrays() const;

 private:
  std::string file_;
  hid_t handle_;
};

}  // namespace onager::plugins
