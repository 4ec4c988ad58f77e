// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "plugins_files.hpp"

#include "../../plugins/common/npy.hpp"

#include <cstring>
#include <limits>

using onager::plugins::NumberArray;
using onager::plugins::read_npy;
using onager::plugins::require_finite;
using onager::tests::TemporaryFile;

namespace {

template <class T>
std::string raw(const std::vector<T>& numbers) {
  std::string bytes(numbers.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

std::string npy(const std::string& descr, const std::string& order, const std::string& shape,
                const std::string& data) {
  std::string header =
      "{'descr': '" + descr + "', 'fortran_order': " + order + ", 'shape': " + shape + ", }";
  header += std::string((64 - (10 + header.size() + 1) % 64) % 64, ' ') + "\n";
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 0xFF);
  out += static_cast<char>(header.size() >> 8);
  return out + header + data;
}

NumberArray read(const std::string& bytes) {
  const TemporaryFile file("array.npy", bytes);
  return read_npy(file.path());
}

}  // namespace

TEST_CASE("npy arrays of every number type are read") {
  const std::vector<double> expected{1, 2, 3, 4};
  CHECK(read(npy("<f8", "False", "(2, 2)", raw<double>({1, 2, 3, 4}))).values == expected);
  CHECK(read(npy("<f4", "False", "(2, 2)", raw<float>({1, 2, 3, 4}))).values == expected);
  CHECK(read(npy("<i8", "False", "(2, 2)", raw<std::int64_t>({1, 2, 3, 4}))).values == expected);
  CHECK(read(npy("<i2", "False", "(2, 2)", raw<std::int16_t>({1, 2, 3, 4}))).values == expected);
  CHECK(read(npy("|u1", "False", "(2, 2)", raw<std::uint8_t>({1, 2, 3, 4}))).values == expected);
  CHECK(read(npy(">i2", "False", "(2, 2)", std::string("\0\1\0\2\0\3\0\4", 8))).values == expected);
}

TEST_CASE("npy arrays in Fortran order come out with the last index fastest") {
  const auto matrix = read(npy("<f8", "True", "(2, 3)", raw<double>({1, 4, 2, 5, 3, 6})));
  CHECK(matrix.values == std::vector<double>{1, 2, 3, 4, 5, 6});
  const auto cube = read(npy("<f8", "True", "(2, 1, 2)", raw<double>({1, 3, 2, 4})));
  CHECK(cube.values == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("npy vectors and cubes have rows and columns") {
  const auto vector = read(npy("<f8", "False", "(3,)", raw<double>({1, 2, 3})));
  CHECK(vector.shape == std::vector<std::int64_t>{3});
  CHECK(vector.cols() == 1);
  const auto cube = read(npy("<i2", "False", "(1, 2, 3)", raw<std::int16_t>({1, 2, 3, 4, 5, 6})));
  CHECK(cube.rows() == 1);
  CHECK(cube.cols() == 6);
}

TEST_CASE("npy files that lack data or have too much are refused") {
  const auto whole = npy("<f8", "False", "(2, 2)", raw<double>({1, 2, 3, 4}));
  CHECK_THROWS_WITH(read(whole.substr(0, whole.size() - 1)),
                    ContainsSubstring("holds 31 bytes") && ContainsSubstring("2 x 2 needs 32"));
  CHECK_THROWS_WITH(read(whole + "x"), ContainsSubstring("holds 33 bytes"));
  CHECK_THROWS_WITH(read(whole.substr(0, 40)), ContainsSubstring("ends within its header"));
  CHECK_THROWS_WITH(read("PK\x03\x04 not an array"), ContainsSubstring("not a .npy file"));
  CHECK_THROWS_WITH(read(""), ContainsSubstring("not a .npy file"));
}

TEST_CASE("npy files of other types are refused by name") {
  CHECK_THROWS_WITH(read(npy("<c16", "False", "(1,)", std::string(16, '\0'))),
                    ContainsSubstring("'<c16'"));
  CHECK_THROWS_WITH(read(npy("|O", "False", "(1,)", std::string(8, '\0'))),
                    ContainsSubstring("'|O'"));
}

TEST_CASE("npy shapes that no memory could hold are refused before any is taken") {
  CHECK_THROWS_WITH(read(npy("<f8", "False", "(1000000000, 1000000000)", "")),
                    ContainsSubstring("too large"));
  CHECK_THROWS_WITH(read(npy("<f8", "False", "(99999999999999999999999, 1)", "")),
                    ContainsSubstring("too large"));
  CHECK_THROWS_WITH(read(npy("<f8", "False", "(0, 1359474331, 1020000013594745)", "")),
                    ContainsSubstring("too large"));
  CHECK_THROWS_WITH(read(npy("<f8", "False", "(-1, 2)", "")), ContainsSubstring("tuple"));
  CHECK_THROWS_WITH(read(npy("<f8", "False", "(1 2)", "")), ContainsSubstring("tuple"));
  CHECK(read(npy("<f8", "False", "(2L , )", raw<double>({1, 2}))).shape ==
        std::vector<std::int64_t>{2});
}

TEST_CASE("a npy file that is not there is named") {
  CHECK_THROWS_WITH(read_npy("/nowhere/array.npy"),
                    ContainsSubstring("/nowhere/array.npy: cannot be opened"));
}

TEST_CASE("numbers of a npy file that are not finite are reported with their place") {
  const auto nan = std::numeric_limits<double>::quiet_NaN();
  const auto array = read(npy("<f8", "False", "(2, 2)", raw<double>({1, 2, nan, 4})));
  CHECK_THROWS_WITH(require_finite(array, "a.npy"),
                    ContainsSubstring("a.npy: element [1, 0] is NaN"));
}
