// SPDX-License-Identifier: MIT
//
// Reading NumPy's .npy files (format versions 1 to 3) of numbers into doubles.
#pragma once

#include "number_array.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace onager::plugins {

namespace npy_detail {

[[noreturn]] inline void refuse(const std::string& file, const std::string& reason) {
  throw Error(ONAGER_IO, file + ": " + reason);
}

/// The text behind `'key':` in the header's dictionary.
inline std::string_view entry(const std::string& file, std::string_view header,
                              const std::string& key) {
  const auto at = header.find("'" + key + "'");
  const auto colon = at == header.npos ? at : header.find(':', at);
  if (colon == header.npos) refuse(file, "the .npy header has no entry '" + key + "'");
  header.remove_prefix(colon + 1);
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

inline std::vector<std::int64_t> parse_shape(const std::string& file, std::string_view text) {
  const auto close = text.find(')');
  if (text.empty() || text[0] != '(' || close == text.npos)
    refuse(file, "the shape in the .npy header is not a tuple");
  std::vector<std::int64_t> shape;
  std::int64_t number = -1, elements = 1;  // where one index has no values, of the others
  bool ended = false;                      // the number, by a space
  for (const char c : text.substr(1, close)) {
    if (c >= '0' && c <= '9' && !ended) {
      number = std::max<std::int64_t>(number, 0);
      if (number > (std::int64_t{1} << 48))
        refuse(file, "the shape in the .npy header is too large");
      number = number * 10 + (c - '0');
    } else if (c == ',' || c == ')') {
      ended = false;
      if (number < 0) continue;
      if (elements > (std::int64_t{1} << 48) / std::max<std::int64_t>(number, 1))
        refuse(file, "the shape in the .npy header is too large");
      elements *= std::max<std::int64_t>(number, 1);
      shape.push_back(number);
      number = -1;
    } else if (c == ' ' || c == 'L') {
      ended = number >= 0;
    } else {
      refuse(file, "the shape in the .npy header is not a tuple of whole numbers");
    }
  }
  return shape;
}

template <class T>
double number_at(const unsigned char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<double>(value);
}

using Decode = double (*)(const unsigned char*);

/// The reader of one element of a NumPy type such as "f8", or null for a type without one.
inline Decode decoder(std::string_view type) {
  if (type == "f8") return number_at<double>;
  if (type == "f4") return number_at<float>;
  if (type == "i8") return number_at<std::int64_t>;
  if (type == "i4") return number_at<std::int32_t>;
  if (type == "i2") return number_at<std::int16_t>;
  if (type == "i1") return number_at<std::int8_t>;
  if (type == "u8") return number_at<std::uint64_t>;
  if (type == "u4") return number_at<std::uint32_t>;
  if (type == "u2") return number_at<std::uint16_t>;
  if (type == "u1" || type == "b1") return number_at<std::uint8_t>;
  return nullptr;
}

struct Header {
  std::vector<std::int64_t> shape;
  Decode decode;
  std::size_t element_size;
  bool big_endian, columns_first;
};

inline Header read_header(std::istream& in, const std::string& file) {
  unsigned char lead[8];
  if (!in.read(reinterpret_cast<char*>(lead), 8) || std::memcmp(lead, "\x93NUMPY", 6) != 0)
    refuse(file, "this is not a .npy file: it does not begin with \\x93NUMPY");
  if (lead[6] < 1 || lead[6] > 3)
    refuse(file, ".npy format version " + std::to_string(lead[6]) + " is unknown; 1 to 3 are read");
  const int length_bytes = lead[6] == 1 ? 2 : 4;
  unsigned char raw[4] = {};
  if (!in.read(reinterpret_cast<char*>(raw), length_bytes)) refuse(file, "ends within its header");
  const std::size_t length = std::size_t{raw[0]} | std::size_t{raw[1]} << 8 |
                             std::size_t{raw[2]} << 16 | std::size_t{raw[3]} << 24;
  if (length > (std::size_t{1} << 20)) refuse(file, "has a header of over 1 MiB");
  std::string text(length, ' ');
  if (!in.read(text.data(), static_cast<std::streamsize>(length)))
    refuse(file, "ends within its header");

  const auto descr = entry(file, text, "descr");
  if (descr.size() < 5 || descr[0] != '\'')
    refuse(file, "holds records; only arrays of plain numbers are read");
  const auto type = descr.substr(1, descr.find('\'', 1) - 1);
  Header header;
  header.decode = type.size() == 3 ? decoder(type.substr(1)) : nullptr;
  if (header.decode == nullptr)
    refuse(file, "holds numbers of type '" + std::string(type) +
                     "'; integers, booleans, float32 and float64 are read");
  header.element_size = static_cast<std::size_t>(type[2] - '0');
  header.big_endian = type[0] == '>';
  header.columns_first = entry(file, text, "fortran_order").substr(0, 4) == "True";
  header.shape = parse_shape(file, entry(file, text, "shape"));
  return header;
}

/// From first index fastest to last index fastest.
inline void reorder(NumberArray& array) {
  if (array.shape.size() < 2) return;
  std::vector<double> out(array.values.size());
  std::vector<std::int64_t> index(array.shape.size(), 0);
  std::vector<std::int64_t> stride(array.shape.size(), 1);
  for (std::size_t k = 1; k < stride.size(); ++k) stride[k] = stride[k - 1] * array.shape[k - 1];
  for (double& value : out) {
    std::int64_t at = 0;
    for (std::size_t k = 0; k < index.size(); ++k) at += index[k] * stride[k];
    value = array.values[static_cast<std::size_t>(at)];
    for (std::size_t k = index.size(); k-- > 0;) {
      if (++index[k] < array.shape[k]) break;
      index[k] = 0;
    }
  }
  array.values = std::move(out);
}

}  // namespace npy_detail

/// Reads a whole file. Throws Error(ONAGER_IO) naming it.
inline NumberArray read_npy(const std::string& file) {
  using namespace npy_detail;
  std::ifstream in(file, std::ios::binary);
  if (!in) refuse(file, std::string("cannot be opened: ") + std::strerror(errno));
  const Header header = read_header(in, file);
  NumberArray array;
  array.shape = header.shape;
  const auto count = static_cast<std::uint64_t>(array.rows() * array.cols());
  const auto start = in.tellg();
  in.seekg(0, std::ios::end);
  const auto available = static_cast<std::uint64_t>(in.tellg() - start);
  in.seekg(start);
  if (available != count * header.element_size)
    refuse(file, "holds " + std::to_string(available) + " bytes of numbers where its shape " +
                     array.shape_text() + " needs " + std::to_string(count * header.element_size));

  array.values.resize(count);
  constexpr std::size_t chunk = 1 << 16;
  std::vector<unsigned char> bytes(chunk * header.element_size);
  for (std::size_t done = 0; done < count;) {
    const std::size_t n = std::min<std::size_t>(chunk, count - done);
    if (!in.read(reinterpret_cast<char*>(bytes.data()),
                 static_cast<std::streamsize>(n * header.element_size)))
      refuse(file, "could not be read to its end");
    for (std::size_t k = 0; k < n; ++k) {
      unsigned char* element = bytes.data() + k * header.element_size;
      if (header.big_endian) std::reverse(element, element + header.element_size);
      array.values[done + k] = header.decode(element);
    }
    done += n;
  }
  if (header.columns_first) reorder(array);
  return array;
}

}  // namespace onager::plugins
