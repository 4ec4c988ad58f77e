// SPDX-License-Identifier: MIT
//
// The format: "\x93NUMPY", major, minor, the header's length (2 bytes in 1.0, 4 in 2.0), a Python
// dictionary padded with spaces to a line end, the elements. Source: NEP 1, "A simple file format
// for NumPy arrays".
#include "results/npy.hpp"

#include "base/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>

namespace onager::host {

namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
              "arrays are written as they lie in memory");

constexpr std::string_view magic("\x93NUMPY", 6);
constexpr const char* readable_types = "float32, float64, int64, int32, uint8 or bool";

std::size_t size_of(onager_dtype dtype) { return dtype == ONAGER_FLOAT32 ? 4 : 8; }

const char* descr_of(onager_dtype dtype) {
  switch (dtype) {
    case ONAGER_FLOAT32: return "<f4";
    case ONAGER_FLOAT64: return "<f8";
    default: return "<i8";
  }
}

/// An element type of a file: what it becomes, and how its bytes are read.
struct FileType {
  const char* descr;
  onager_dtype dtype;
  std::size_t bytes;
};
constexpr FileType file_types[] = {
    {"<f4", ONAGER_FLOAT32, 4}, {"<f8", ONAGER_FLOAT64, 8}, {"<i8", ONAGER_INT64, 8},
    {"<i4", ONAGER_INT64, 4},   {"|u1", ONAGER_INT64, 1},   {"|b1", ONAGER_INT64, 1},
};

class Header {
 public:
  Header(std::string_view text, const std::filesystem::path& file) : text_(text), file_(file) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Category::system, fmt::format("{}: {}", file_.string(), what));
  }

  const FileType& type() const {
    const std::string_view value = value_of("descr");
    if (value.empty() || (value[0] != '\'' && value[0] != '"'))
      fail(
          fmt::format("holds records with named fields; expected plain numbers: save one field "
                      "as {}",
                      readable_types));
    const std::string_view descr = value.substr(1, value.find(value[0], 1) - 1);
    for (const auto& type : file_types)
      if (descr == type.descr) return type;
    if (descr.size() > 1 && descr[0] == '>')
      fail(
          fmt::format("holds big-endian numbers ('{0}'); save it little-endian: "
                      "numpy.save(file, array.astype('<{1}'))",
                      descr, descr.substr(1)));
    if (descr.size() > 1 && descr[1] == 'O')
      fail(fmt::format("holds Python objects ('{}'); save an array of {}", descr, readable_types));
    fail(
        fmt::format("has the element type '{}'; expected {}: "
                    "numpy.save(file, array.astype('float64'))",
                    descr, readable_types));
  }

  bool fortran_order() const {
    const std::string_view value = value_of("fortran_order");
    if (starts_with(value, "True")) return true;
    if (starts_with(value, "False")) return false;
    fail("its header gives no fortran_order; the file is damaged");
  }

  std::vector<std::int64_t> shape() const {
    std::string_view value = value_of("shape");
    const auto end = value.find(')');
    if (value.empty() || value[0] != '(' || end == std::string_view::npos)
      fail("its header gives no shape; the file is damaged");
    value = value.substr(1, end - 1);
    std::vector<std::int64_t> out;
    for (;;) {
      value.remove_prefix(std::min(value.find_first_not_of(", "), value.size()));
      if (value.empty()) break;
      std::int64_t size = 0;
      const auto read = std::from_chars(value.data(), value.data() + value.size(), size);
      if (read.ec != std::errc() || size < 0)
        fail(fmt::format("its shape ({}) is not a list of sizes; the file is damaged", value));
      out.push_back(size);
      value.remove_prefix(static_cast<std::size_t>(read.ptr - value.data()));
    }
    if (out.empty() || out.size() > 2)
      fail(
          fmt::format("has {} dimensions; expected one or two: "
                      "numpy.save(file, array.reshape(len(array), -1))",
                      out.size()));
    return out;
  }

 private:
  static bool starts_with(std::string_view text, std::string_view head) {
    return text.substr(0, head.size()) == head;
  }

  /// The text after "'key':", or "" when there is no such key.
  std::string_view value_of(std::string_view key) const {
    for (const char quote : {'\'', '"'}) {
      const std::string quoted = fmt::format("{0}{1}{0}", quote, key);
      const auto at = text_.find(quoted);
      if (at == std::string_view::npos) continue;
      const auto colon = text_.find(':', at + quoted.size());
      if (colon == std::string_view::npos) return {};
      const auto value = text_.find_first_not_of(' ', colon + 1);
      return value == std::string_view::npos ? std::string_view{} : text_.substr(value);
    }
    return {};
  }

  std::string_view text_;
  const std::filesystem::path& file_;
};

std::int64_t element(const char* from, const FileType& type) {
  if (type.bytes == 1) return static_cast<unsigned char>(*from);
  std::int32_t value = 0;
  std::memcpy(&value, from, sizeof value);
  return value;
}

/// Elements of a narrower integer type widened to int64.
std::vector<char> widened(const std::vector<char>& narrow, const FileType& type) {
  std::vector<char> out(narrow.size() / type.bytes * 8);
  for (std::size_t i = 0; i * type.bytes < narrow.size(); ++i) {
    const std::int64_t value = element(narrow.data() + i * type.bytes, type);
    std::memcpy(out.data() + i * 8, &value, 8);
  }
  return out;
}

std::vector<char> transposed(const std::vector<char>& columns, std::size_t rows, std::size_t cols,
                             std::size_t bytes) {
  std::vector<char> out(columns.size());
  if (out.empty()) return out;  // however many rows of nothing there are
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < cols; ++j)
      std::memcpy(&out[(i * cols + j) * bytes], &columns[(j * rows + i) * bytes], bytes);
  return out;
}

/// Bytes of the elements, or nothing when the product does not fit.
std::optional<std::uint64_t> bytes_of(const std::vector<std::int64_t>& shape, std::size_t bytes) {
  std::uint64_t total = bytes;
  for (const auto size : shape)
    if (__builtin_mul_overflow(total, static_cast<std::uint64_t>(size), &total)) return {};
  return total;
}

}  // namespace

onager_array NpyArray::view() const {
  const std::int64_t rows = shape.at(0);
  const std::int64_t cols = shape.size() > 1 ? shape[1] : 1;
  return {sizeof(onager_array), dtype, const_cast<char*>(data.data()), rows, cols, cols, 1};
}

double NpyArray::at(std::int64_t i, std::int64_t j) const {
  const std::int64_t cols = shape.size() > 1 ? shape[1] : 1;
  const char* from = data.data() + static_cast<std::size_t>(i * cols + j) * size_of(dtype);
  if (dtype == ONAGER_FLOAT32) {
    float value = 0;
    std::memcpy(&value, from, sizeof value);
    return static_cast<double>(value);
  }
  if (dtype == ONAGER_FLOAT64) {
    double value = 0;
    std::memcpy(&value, from, sizeof value);
    return value;
  }
  std::int64_t value = 0;
  std::memcpy(&value, from, sizeof value);
  return static_cast<double>(value);
}

NpyArray NpyArray::copy_of(const onager_array& array) {
  NpyArray out;
  out.dtype = array.dtype;
  out.shape = {array.rows};
  if (array.cols != 1) out.shape.push_back(array.cols);
  const std::size_t bytes = size_of(array.dtype);
  out.data.resize(static_cast<std::size_t>(array.rows * array.cols) * bytes);
  char* to = out.data.data();
  const char* from = static_cast<const char*>(array.data);
  for (std::int64_t i = 0; i < array.rows; ++i)
    for (std::int64_t j = 0; j < array.cols; ++j, to += bytes) {
      const std::int64_t at = i * array.row_stride + j * array.col_stride;
      std::memcpy(to, from + at * static_cast<std::int64_t>(bytes), bytes);
    }
  return out;
}

std::string npy_bytes(const NpyArray& array) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}",
                                   descr_of(array.dtype), fmt::join(array.shape, ", "),
                                   array.shape.size() == 1 ? "," : "");
  // The elements begin at a multiple of 64 bytes, as NumPy has it.
  const std::size_t before = magic.size() + 4;
  header.append(63 - (before + header.size()) % 64, ' ');
  header += '\n';
  std::string out(magic);
  out += {'\x01', '\x00', static_cast<char>(header.size() & 0xff),
          static_cast<char>(header.size() >> 8)};
  out += header;
  out.append(array.data.data(), array.data.size());
  return out;
}

NpyArray read_npy(const std::filesystem::path& file) {
  const auto fail = [&](const std::string& what) {
    throw Error(Category::system, fmt::format("{}: {}", file.string(), what));
  };
  std::error_code error;
  const std::uint64_t file_bytes = std::filesystem::file_size(file, error);
  if (error)
    throw Error(Category::system,
                fmt::format("cannot read {}: {}", file.string(), std::strerror(error.value())));
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw Error(Category::system,
                fmt::format("cannot read {}: {}", file.string(), std::strerror(errno)));

  std::array<char, 12> start{};
  in.read(start.data(), 8);
  if (in.gcount() < 8 || std::string_view(start.data(), magic.size()) != magic)
    fail("is not an .npy file: it does not begin with the bytes \\x93NUMPY");
  const int major = start[6];
  if (major != 1 && major != 2)
    fail(fmt::format("has .npy format {}.{}; expected 1.0 or 2.0, which numpy.save writes", major,
                     static_cast<int>(start[7])));
  const std::uint64_t length_bytes = major == 1 ? 2 : 4;
  in.read(start.data() + 8, static_cast<std::streamsize>(length_bytes));
  std::uint64_t header_bytes = 0;
  for (std::uint64_t i = 0; i < length_bytes; ++i)
    header_bytes |= static_cast<std::uint64_t>(static_cast<unsigned char>(start[8 + i])) << (8 * i);
  const std::uint64_t data_begin = 8 + length_bytes + header_bytes;
  if (!in || data_begin > file_bytes) fail("is cut off within its header");
  std::string text(header_bytes, ' ');
  in.read(text.data(), static_cast<std::streamsize>(header_bytes));

  const Header header(text, file);
  const FileType& type = header.type();
  NpyArray out;
  out.dtype = type.dtype;
  out.shape = header.shape();
  const bool columns_first = header.fortran_order() && out.shape.size() == 2;
  const auto wanted = bytes_of(out.shape, type.bytes);
  const std::uint64_t present = file_bytes - data_begin;
  if (!wanted || *wanted != present)
    fail(fmt::format("holds {} bytes of elements; its shape ({}) of '{}' needs {}: the file is {}",
                     present, fmt::join(out.shape, ", "), type.descr,
                     wanted ? std::to_string(*wanted) : "more than memory can hold",
                     wanted && *wanted < present ? "longer than its header says" : "cut off"));
  out.data.resize(*wanted);
  in.read(out.data.data(), static_cast<std::streamsize>(*wanted));
  if (static_cast<std::uint64_t>(in.gcount()) != *wanted)
    fail("could not be read to its end; is the disk failing, or another program writing it?");
  if (type.dtype == ONAGER_INT64 && type.bytes < 8) out.data = widened(out.data, type);
  if (columns_first)
    out.data = transposed(out.data, static_cast<std::size_t>(out.shape[0]),
                          static_cast<std::size_t>(out.shape[1]), size_of(out.dtype));
  return out;
}

}  // namespace onager::host
