// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "base/error.hpp"
#include "results/npy.hpp"
#include "unit/fake_run.hpp"

using namespace onager::host;
using namespace onager::host::tests;

namespace {

/// The bytes of an .npy file with a header as given.
std::string npy(const std::string& header, const std::string& data, char major = 1) {
  std::string out = "\x93NUMPY";
  out +=
      {major, '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  if (major == 2) out += {'\0', '\0'};
  return out + header + data;
}

std::string header(const std::string& descr, const std::string& shape,
                   const std::string& fortran = "False") {
  return "{'descr': " + descr + ", 'fortran_order': " + fortran + ", 'shape': " + shape + ", }\n";
}

template <class T>
std::string raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

NpyArray read(const std::string& content) {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.npy", content);
  return read_npy(folder.path() / "a.npy");
}

/// What read_npy says about a file, after its name.
std::string problem(const std::string& content) {
  try {
    read(content);
  } catch (const Error& error) {
    CHECK(error.category() == Category::system);
    const std::string message = error.what();
    const auto at = message.find("a.npy: ");
    return at == std::string::npos ? message : message.substr(at + 7);
  }
  return "accepted";
}

}  // namespace

TEST_CASE("arrays are written as numpy.save writes them") {
  // numpy.save of numpy.zeros((2, 3)), NumPy 1.24
  const std::string dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
  const std::string expected = std::string("\x93NUMPY\x01\x00\x76\x00", 10) + dictionary +
                               std::string(117 - dictionary.size(), ' ') + "\n" +
                               std::string(48, '\0');
  CHECK(npy_bytes(array_of({2, 3}, std::vector<double>(6, 0.0))) == expected);
  CHECK_THAT(npy_bytes(array_of({3}, {1, 2, 3})), ContainsSubstring("'shape': (3,), }"));
}

TEST_CASE("an array survives writing and reading in each type") {
  const std::vector<double> doubles = {1, -2.5, 0.1, 3e300, 5, 6};
  const std::vector<float> floats = {1.5f, 2.25f, -3, 4, 5, 6};
  const std::vector<std::int64_t> integers = {1, -2, 1LL << 62, 4, 5, 6};
  NpyArray array = array_of({2, 3}, doubles);
  CHECK(read(npy_bytes(array)).data == array.data);
  CHECK(read(npy_bytes(array)).shape == array.shape);

  const std::string float_bytes = raw(floats), integer_bytes = raw(integers);
  array = {ONAGER_FLOAT32, {6}, {float_bytes.begin(), float_bytes.end()}};
  CHECK(read(npy_bytes(array)).data == array.data);
  CHECK(read(npy_bytes(array)).at(1, 0) == 2.25);
  array = {ONAGER_INT64, {3, 2}, {integer_bytes.begin(), integer_bytes.end()}};
  CHECK(read(npy_bytes(array)).dtype == ONAGER_INT64);
  CHECK(read(npy_bytes(array)).data == array.data);
  CHECK(read(npy_bytes(array)).at(0, 1) == -2);
}

TEST_CASE("an empty array survives writing and reading") {
  const NpyArray back = read(npy_bytes(array_of({0, 4}, {})));
  CHECK(back.shape == std::vector<std::int64_t>{0, 4});
  CHECK(back.data.empty());
}

TEST_CASE("narrow integers and truth values become 64-bit integers") {
  const NpyArray narrow = read(npy(header("'<i4'", "(3,)"), raw<std::int32_t>({-1, 2, 70000})));
  CHECK(narrow.dtype == ONAGER_INT64);
  CHECK(narrow.at(0, 0) == -1);
  CHECK(narrow.at(2, 0) == 70000);
  const NpyArray bytes = read(npy(header("'|u1'", "(1, 2)"), raw<unsigned char>({7, 255})));
  CHECK(bytes.at(0, 1) == 255);
  const NpyArray truth = read(npy(header("'|b1'", "(2,)"), raw<unsigned char>({0, 1})));
  CHECK(truth.at(0, 0) == 0);
  CHECK(truth.at(1, 0) == 1);
}

TEST_CASE("Fortran order is turned into C order") {
  const NpyArray array =
      read(npy(header("'<f8'", "(2, 3)", "True"), raw<double>({1, 4, 2, 5, 3, 6})));
  CHECK(array.data == array_of({2, 3}, {1, 2, 3, 4, 5, 6}).data);
}

TEST_CASE("rows of nothing are none, however many, in Fortran order too") {
  const NpyArray array = read(npy(header("'<f4'", "(4000015000, 0)", "True"), ""));
  CHECK(array.shape == std::vector<std::int64_t>{4000015000, 0});
}

TEST_CASE("format 2.0, other quotes and another order of keys are read") {
  const std::string text = "{\"shape\": (2,), \"descr\": \"<f8\", \"fortran_order\": False}\n";
  CHECK(read(npy(text, raw<double>({1, 2}), 2)).at(1, 0) == 2);
}

TEST_CASE("a strided view is copied element by element") {
  const double values[] = {1, 2, 3, 4, 5, 6};
  onager_array view = {sizeof view, ONAGER_FLOAT64, const_cast<double*>(values), 3, 2, 1, 3};
  CHECK(NpyArray::copy_of(view).data == array_of({3, 2}, {1, 4, 2, 5, 3, 6}).data);
  view.cols = 1;
  CHECK(NpyArray::copy_of(view).shape == std::vector<std::int64_t>{3});
}

TEST_CASE("a file that is no readable array is refused with the reason and what to do") {
  const std::string eight(8, '\0');
  CHECK(problem("") == "is not an .npy file: it does not begin with the bytes \\x93NUMPY");
  CHECK(problem("PK\x03\x04 and more") ==
        "is not an .npy file: it does not begin with the bytes \\x93NUMPY");
  CHECK(problem(npy(header("'<f8'", "(1,)"), eight, 3)) ==
        "has .npy format 3.0; expected 1.0 or 2.0, which numpy.save writes");
  CHECK(problem(npy(header("'<f8'", "(1,)"), "").substr(0, 40)) == "is cut off within its header");
  CHECK(problem(npy(header("'<f8'", "(2, 3)"), eight)) ==
        "holds 8 bytes of elements; its shape (2, 3) of '<f8' needs 48: the file is cut off");
  CHECK(problem(npy(header("'<f8'", "(1,)"), eight + eight)) ==
        "holds 16 bytes of elements; its shape (1) of '<f8' needs 8: the file is longer than its "
        "header says");
  CHECK(problem(npy(header("'>f8'", "(1,)"), eight)) ==
        "holds big-endian numbers ('>f8'); save it little-endian: numpy.save(file, "
        "array.astype('<f8'))");
  CHECK(problem(npy(header("'|O'", "(1,)"), eight)) ==
        "holds Python objects ('|O'); save an array of float32, float64, int64, int32, uint8 or "
        "bool");
  CHECK(problem(npy(header("'<c16'", "(1,)"), eight)) ==
        "has the element type '<c16'; expected float32, float64, int64, int32, uint8 or bool: "
        "numpy.save(file, array.astype('float64'))");
  CHECK_THAT(problem(npy(header("[('x', '<f8')]", "(1,)"), eight)),
             ContainsSubstring("records with named fields"));
  CHECK_THAT(problem(npy(header("'<f8'", "(1, 1, 1)"), eight)),
             ContainsSubstring("has 3 dimensions; expected one or two"));
  CHECK_THAT(problem(npy(header("'<f8'", "()"), eight)), ContainsSubstring("has 0 dimensions"));
  CHECK_THAT(problem(npy(header("'<f8'", "(-1,)"), eight)),
             ContainsSubstring("is not a list of sizes"));
  CHECK_THAT(problem(npy(header("'<f8'", "(4611686018427387904, 4)"), eight)),
             ContainsSubstring("more than memory can hold"));
  CHECK(problem(npy("{'descr': '<f8', 'shape': (1,)}\n", eight)) ==
        "its header gives no fortran_order; the file is damaged");
  CHECK(problem(npy("{'descr': '<f8', 'fortran_order': False}\n", eight)) ==
        "its header gives no shape; the file is damaged");
}

TEST_CASE("a missing array file is named with the system's reason") {
  CHECK_THROWS_WITH(read_npy("/nowhere/a.npy"),
                    "cannot read /nowhere/a.npy: No such file or directory");
}
