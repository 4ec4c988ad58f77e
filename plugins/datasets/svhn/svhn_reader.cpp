// SPDX-License-Identifier: MIT
#include "svhn_reader.hpp"

#include "../../common/in_short.hpp"

#include <onager/array.hpp>

#include <matio.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace onager::plugins {

namespace {

using Variable = std::unique_ptr<matvar_t, void (*)(matvar_t*)>;

/// What the library found wrong last; it may go on with what it has of the numbers.
thread_local std::string complaint;

void note_complaint(int level, char* message) {
  if ((level & (MATIO_LOG_LEVEL_ERROR | MATIO_LOG_LEVEL_CRITICAL | MATIO_LOG_LEVEL_WARNING)) != 0)
    complaint = message;
}

/// An open MATLAB file.
class MatFile {
 public:
  explicit MatFile(const std::string& file) : file_(file), handle_(nullptr, Mat_Close) {
    std::error_code problem;
    size_ = std::filesystem::file_size(file, problem);
    if (problem) refuse("cannot be read: " + problem.message());
    Mat_LogInitFunc("onager", note_complaint);
    handle_.reset(Mat_Open(file.c_str(), MAT_ACC_RDONLY));
    if (!handle_) refuse("is no MATLAB file");
    if (Mat_GetVersion(handle_.get()) == MAT_FT_MAT5) require_whole_elements();
  }

  /// Class and extents of an array, without its numbers.
  Variable describe(const char* name) const {
    Variable out(Mat_VarReadInfo(handle_.get(), name), Mat_VarFree);
    if (!out) refuse(std::string("has no array '") + name + "'; SVHN files have X and y");
    if (out->isComplex || out->rank < 2) refuse(std::string(name) + " is no array of numbers");
    return out;
  }

  /// The array with its numbers, of which there are `count` bytes.
  Variable read(const char* name, std::uint64_t count) const {
    // compression by zlib saves at most a factor of 1032
    if (count / 1100 > size_)
      refuse(std::string(name) + " is larger than the file can hold; the file is damaged");
    complaint.clear();
    Variable out(Mat_VarRead(handle_.get(), name), Mat_VarFree);
    if (!complaint.empty()) refuse(std::string(name) + " cannot be read: " + complaint);
    if (!out || !out->data || out->nbytes < count)
      refuse(std::string(name) + " cannot be read to its end; the file is damaged");
    return out;
  }

  [[noreturn]] void refuse(const std::string& reason) const {
    throw Error(ONAGER_IO, file_ + ": " + reason);
  }

 private:
  /// Level 5: after a header of 128 bytes, elements of type, size (4 bytes each) and content. The
  /// library does not say when it met the end of the file among an array's numbers.
  void require_whole_elements() const {
    std::ifstream in(file_, std::ios::binary);
    char order[2] = {};
    in.seekg(126);
    in.read(order, 2);
    const bool swapped = order[0] == 'M';  // written where the highest byte comes first
    for (std::uintmax_t at = 128; at < size_;) {
      unsigned char tag[8] = {};
      in.seekg(static_cast<std::streamoff>(at));
      if (!in.read(reinterpret_cast<char*>(tag), 8)) refuse("ends within an array's head");
      std::uintmax_t content = 0;
      for (int k = 0; k < 4; ++k) content = content << 8 | tag[swapped ? 4 + k : 7 - k];
      at += 8 + content;
      if (at > size_)
        refuse("ends " + std::to_string(at - size_) + " bytes early; it is truncated");
    }
  }

  std::string file_;
  std::uintmax_t size_ = 0;
  std::unique_ptr<mat_t, int (*)(mat_t*)> handle_;
};

std::string extents(const matvar_t& array) {
  std::string out;
  for (int k = 0; k < array.rank; ++k) out += (k == 0 ? "" : " x ") + std::to_string(array.dims[k]);
  return out;
}

/// How many images X holds; a single one has no fourth extent.
std::size_t count_images(const MatFile& file, const matvar_t& x) {
  const bool images = x.class_type == MAT_C_UINT8 && (x.rank == 3 || x.rank == 4) &&
                      x.dims[0] == svhn_side && x.dims[1] == svhn_side && x.dims[2] == 3;
  const std::size_t count = images && x.rank == 4 ? x.dims[3] : 1;
  if (!images || count == 0)
    file.refuse("X is " + extents(x) +
                (x.class_type == MAT_C_UINT8 ? "" : " and not of class uint8") +
                "; cropped digits are 32 x 32 x 3 x n of class uint8");
  if (count > (std::size_t{1} << 40) / svhn_pixels) file.refuse("X has a damaged shape");
  return count;
}

/// The label of image i as a digit.
unsigned char digit(const MatFile& file, const matvar_t& y, std::size_t i) {
  const double label = y.class_type == MAT_C_UINT8
                           ? static_cast<double>(static_cast<const std::uint8_t*>(y.data)[i])
                           : static_cast<const double*>(y.data)[i];
  for (int d = 1; d <= 10; ++d)
    if (label == d) return static_cast<unsigned char>(d % 10);
  file.refuse("image " + std::to_string(i) + ", counted from 0, has the label " + in_short(label) +
              "; those of SVHN are 1 to 10, 10 for the digit 0");
}

}  // namespace

std::array<unsigned char, svhn_pixels> SvhnFile::pixels(std::size_t i) const {
  std::array<unsigned char, svhn_pixels> out;
  const unsigned char* in = bytes.data() + i * svhn_pixels;
  for (std::size_t colour = 0; colour < 3; ++colour)
    for (std::size_t column = 0; column < svhn_side; ++column)
      for (std::size_t row = 0; row < svhn_side; ++row)
        out[(colour * svhn_side + row) * svhn_side + column] = *in++;
  return out;
}

SvhnFile read_svhn(const std::string& path) {
  const MatFile file(path);
  const Variable images = file.describe("X"), labels = file.describe("y");
  const std::size_t count = count_images(file, *images);
  const bool in_bytes = labels->class_type == MAT_C_UINT8;
  if (!in_bytes && labels->class_type != MAT_C_DOUBLE)
    file.refuse("y is of another class than uint8 and double");
  if (labels->rank != 2 || !((labels->dims[0] == count && labels->dims[1] == 1) ||
                             (labels->dims[0] == 1 && labels->dims[1] == count)))
    file.refuse("y is " + extents(*labels) + "; it is to be " + std::to_string(count) +
                " x 1, as X has " + std::to_string(count) + " images");

  SvhnFile out;
  const Variable y = file.read("y", count * (in_bytes ? 1 : sizeof(double)));
  for (std::size_t i = 0; i < count; ++i) out.digits.push_back(digit(file, *y, i));
  const Variable x = file.read("X", count * svhn_pixels);
  const auto* first = static_cast<const unsigned char*>(x->data);
  out.bytes.assign(first, first + count * svhn_pixels);
  return out;
}

}  // namespace onager::plugins
