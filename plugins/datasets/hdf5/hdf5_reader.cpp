// SPDX-License-Identifier: MIT
#include "hdf5_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace onager::plugins {

namespace {

/// Any of the library's handles, closed at the end. Negative: it could not be had.
class Handle {
 public:
  Handle(hid_t value, herr_t (*close)(hid_t)) : value_(value), close_(close) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (value_ >= 0) close_(value_);
  }
  explicit operator bool() const { return value_ >= 0; }
  hid_t get() const { return value_; }

 private:
  const hid_t value_;
  herr_t (*const close_)(hid_t);
};

/// The library prints its errors unless told not to.
void silence() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

/// The innermost reason of the library's last failure.
std::string last_reason() {
  std::string reason;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned, const H5E_error2_t* error, void* out) -> herr_t {
        auto& text = *static_cast<std::string*>(out);
        if (text.empty() && error->desc) text = error->desc;
        return 0;
      },
      &reason);
  return reason.empty() ? "for no reason that the HDF5 library gives" : reason;
}

[[noreturn]] void refuse(const std::string& where, const std::string& reason) {
  throw Error(ONAGER_IO, where + ": " + reason);
}

/// `where`: the file and the array, as name_of() gives them.
[[noreturn]] void refuse_array(const std::string& where, const std::string& reason) {
  throw Error(ONAGER_IO, where + " " + reason);
}

void require_numbers(hid_t type, const std::string& where) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
    case H5T_FLOAT:
    case H5T_ENUM: return;
    case H5T_STRING: refuse_array(where, "holds texts; numbers were expected");
    case H5T_COMPOUND: refuse_array(where, "holds records; only arrays of plain numbers are read");
    default: refuse_array(where, "does not hold integers or floating-point numbers");
  }
}

std::vector<std::int64_t> shape_of(hid_t space, const std::string& where) {
  const int indices = H5Sget_simple_extent_ndims(space);
  if (indices < 0 || H5Sget_simple_extent_type(space) == H5S_NULL)
    refuse_array(where, "holds no array");
  std::vector<hsize_t> extents(static_cast<std::size_t>(indices));
  if (indices > 0) H5Sget_simple_extent_dims(space, extents.data(), nullptr);
  constexpr hsize_t most = hsize_t{1} << 48;
  hsize_t elements = 1;
  for (const hsize_t n : extents) {
    const hsize_t least_one = std::max<hsize_t>(n, 1);  // where one has none, of the others
    if (elements > most / least_one) refuse_array(where, "has a shape that is too large");
    elements *= least_one;
  }
  return {extents.begin(), extents.end()};
}

/// A link may lead to another file, and an array may keep its numbers in others: what a run reads
/// is what the pipeline names.
void require_own_storage(hid_t file, hid_t dataset, const std::string& where) {
  H5O_info_t of_file, of_dataset;
  if (H5Oget_info2(file, &of_file, H5O_INFO_BASIC) < 0 ||
      H5Oget_info2(dataset, &of_dataset, H5O_INFO_BASIC) < 0)
    refuse_array(where, "cannot be read: " + last_reason());
  if (of_file.fileno != of_dataset.fileno)
    refuse_array(where, "is a link to another file, which is not followed; name that file");
  const Handle creation(H5Dget_create_plist(dataset), H5Pclose);
  if (!creation) refuse_array(where, "cannot be read: " + last_reason());
  if (H5Pget_external_count(creation.get()) > 0 || H5Pget_layout(creation.get()) == H5D_VIRTUAL)
    refuse_array(where, "keeps its numbers in another file, which is not followed");
}

/// Enumerations are read as they are stored and then converted; the library refuses to convert
/// their names.
void read_numbers(hid_t dataset, hid_t type, NumberArray& out, const std::string& where) {
  herr_t status = 0;
  if (H5Tget_class(type) == H5T_ENUM) {
    const Handle base(H5Tget_super(type), H5Tclose);
    const std::size_t size = H5Tget_size(type);
    std::vector<unsigned char> raw(out.values.size() * std::max(size, sizeof(double)));
    status = H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, raw.data());
    if (status >= 0)
      status = H5Tconvert(base.get(), H5T_NATIVE_DOUBLE, out.values.size(), raw.data(), nullptr,
                          H5P_DEFAULT);
    if (status >= 0 && !out.values.empty())
      std::memcpy(out.values.data(), raw.data(), out.values.size() * sizeof(double));
  } else {
    status = H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, out.values.data());
  }
  if (status < 0) refuse_array(where, "cannot be read: " + last_reason());
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

}  // namespace

Hdf5File::Hdf5File(const std::string& file) : file_(file), handle_(-1) {
  silence();
  errno = 0;
  if (!std::ifstream(file)) refuse(file, std::string("cannot be opened: ") + std::strerror(errno));
  if (H5Fis_hdf5(file.c_str()) <= 0) refuse(file, "is no HDF5 file");
  handle_ = H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (handle_ < 0) refuse(file, "cannot be read as HDF5: " + last_reason());
}

Hdf5File::~Hdf5File() {
  if (handle_ >= 0) H5Fclose(handle_);
}

std::vector<std::string> Hdf5File::arrays() const {
  std::vector<std::string> names;
  H5Ovisit2(
      handle_, H5_INDEX_NAME, H5_ITER_INC,
      [](hid_t, const char* name, const H5O_info_t* info, void* out) -> herr_t {
        if (info->type == H5O_TYPE_DATASET)
          static_cast<std::vector<std::string>*>(out)->emplace_back(name);
        return 0;
      },
      &names, H5O_INFO_BASIC);
  return names;
}

NumberArray Hdf5File::read(const std::string& path) const {
  const std::string where = name_of(path);
  const Handle dataset(H5Dopen2(handle_, path.c_str(), H5P_DEFAULT), H5Dclose);
  if (!dataset) refuse_array(where, "is no array of the file; it has: " + listed(arrays()));
  const Handle type(H5Dget_type(dataset.get()), H5Tclose);
  const Handle space(H5Dget_space(dataset.get()), H5Sclose);
  if (!type || !space) refuse_array(where, "cannot be read: " + last_reason());
  require_numbers(type.get(), where);
  require_own_storage(handle_, dataset.get(), where);
  NumberArray out;
  out.shape = shape_of(space.get(), where);
  out.values.resize(static_cast<std::size_t>(out.rows() * out.cols()));
  read_numbers(dataset.get(), type.get(), out, where);
  return out;
}

}  // namespace onager::plugins
