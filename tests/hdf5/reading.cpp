// SPDX-License-Identifier: MIT
#include "../../plugins/datasets/hdf5/hdf5_reader.hpp"

#include "../catch.hpp"
#include "hdf5_files.hpp"

#include <cstring>
#include <functional>

using onager::plugins::Hdf5File;
using onager::plugins::NumberArray;
using onager::test::Hdf5Writer;
using onager::test::Scratch;

namespace {

const std::vector<double> six = {1, 2, 3, 4, 5, 6};

/// What is said of reading 'x' of a file, after the file's name.
std::string problem(const Scratch& scratch, const std::function<void(const Hdf5Writer&)>& write) {
  const auto path = scratch.path() / "a.h5";
  write(Hdf5Writer(path));
  try {
    Hdf5File(path.string()).read("x");
  } catch (const onager::Error& error) {
    const std::string message = error.what(), begin = path.string() + ": ";
    return message.rfind(begin, 0) == 0 ? message.substr(begin.size()) : message;
  }
  return "no problem";
}

}  // namespace

TEST_CASE("hdf5 arrays of every number type and byte order become doubles") {
  const Scratch scratch;
  const auto path = (scratch.path() / "a.h5").string();
  for (const hid_t type :
       {H5T_IEEE_F64LE, H5T_IEEE_F64BE, H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_STD_I8LE, H5T_STD_I16BE,
        H5T_STD_I32LE, H5T_STD_I64BE, H5T_STD_U8LE, H5T_STD_U16LE, H5T_STD_U32BE, H5T_STD_U64LE}) {
    Hdf5Writer(path).write("x", {3, 2}, six, type);
    const NumberArray array = Hdf5File(path).read("x");
    CHECK(array.shape == std::vector<std::int64_t>{3, 2});
    CHECK(array.values == six);
  }
}

TEST_CASE("hdf5 booleans, as h5py writes them, are zeros and ones") {
  const Scratch scratch;
  const auto path = (scratch.path() / "a.h5").string();
  {
    const Hdf5Writer file(path);
    const hid_t type = H5Tenum_create(H5T_NATIVE_INT8);
    const signed char values[] = {0, 1};
    H5Tenum_insert(type, "FALSE", &values[0]);
    H5Tenum_insert(type, "TRUE", &values[1]);
    const hsize_t extent = 4;
    const hid_t space = H5Screate_simple(1, &extent, nullptr);
    const hid_t array =
        H5Dcreate2(file.get(), "x", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const signed char written[] = {1, 0, 0, 1};
    H5Dwrite(array, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, written);
    H5Dclose(array);
    H5Sclose(space);
    H5Tclose(type);
  }
  CHECK(Hdf5File(path).read("x").values == std::vector<double>{1, 0, 0, 1});
}

TEST_CASE("hdf5 arrays in groups, of any number of indices, compressed or not, are read") {
  const Scratch scratch;
  const auto path = (scratch.path() / "a.h5").string();
  {
    const Hdf5Writer file(path);
    file.write("train/x", {1, 3, 2}, six, H5T_IEEE_F32LE, true);
    file.write("train/y", {6}, six, H5T_IEEE_F64LE);
  }
  const Hdf5File file(path);
  CHECK(file.arrays() == std::vector<std::string>{"train/x", "train/y"});
  const NumberArray x = file.read("train/x");
  CHECK(x.shape == std::vector<std::int64_t>{1, 3, 2});
  CHECK(x.values == six);
  CHECK(x.rows() == 1);
  CHECK(x.cols() == 6);
  CHECK(file.read("/train/y").shape == std::vector<std::int64_t>{6});
}

TEST_CASE("what is no hdf5 file, or lacks the array, is refused by name") {
  const Scratch scratch;
  const auto refusal = [](const std::string& file) {
    try {
      Hdf5File{file};
    } catch (const onager::Error& error) {
      return std::string(error.what());
    }
    return std::string("no problem");
  };
  const auto nowhere = (scratch.path() / "nowhere.h5").string();
  CHECK(refusal(nowhere) == nowhere + ": cannot be opened: No such file or directory");
  const auto text = scratch.file("text.h5", "a,b\n1,2\n").string();
  CHECK(refusal(text) == text + ": is no HDF5 file");
  CHECK(problem(scratch, [](const Hdf5Writer& file) {
          file.write("inputs", {6}, six, H5T_IEEE_F64LE);
          file.write("targets", {6}, six, H5T_IEEE_F64LE);
        }) == "'x' is no array of the file; it has: inputs, targets");
}

TEST_CASE("an hdf5 file that is cut off anywhere is refused and does not crash the program") {
  const Scratch scratch;
  const auto path = scratch.path() / "a.h5";
  Hdf5Writer(path).write("x", {3, 2}, six, H5T_IEEE_F64LE, true);
  std::string bytes;
  {
    std::ifstream in(path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  for (std::size_t length = 0; length < bytes.size(); length += 37) {
    CAPTURE(length);
    const auto cut = scratch.file("cut.h5", bytes.substr(0, length)).string();
    CHECK_THROWS_AS(Hdf5File(cut).read("x"), onager::Error);
  }
}

TEST_CASE("hdf5 arrays of texts or records, and those that lie elsewhere, are refused") {
  const Scratch scratch;
  const auto create = [](const Hdf5Writer& file, hid_t type, hid_t creation) {
    const hsize_t extent = 2;
    const hid_t space = H5Screate_simple(1, &extent, nullptr);
    H5Dclose(H5Dcreate2(file.get(), "x", type, space, H5P_DEFAULT, creation, H5P_DEFAULT));
    H5Sclose(space);
  };
  CHECK(problem(scratch, [&](const Hdf5Writer& file) { create(file, H5T_C_S1, H5P_DEFAULT); }) ==
        "'x' holds texts; numbers were expected");
  CHECK(problem(scratch, [&](const Hdf5Writer& file) {
          const hid_t record = H5Tcreate(H5T_COMPOUND, 8);
          H5Tinsert(record, "a", 0, H5T_NATIVE_DOUBLE);
          create(file, record, H5P_DEFAULT);
          H5Tclose(record);
        }) == "'x' holds records; only arrays of plain numbers are read");
  CHECK(problem(scratch, [&](const Hdf5Writer& file) {
          const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
          H5Pset_external(creation, "/etc/hostname", 0, 16);
          create(file, H5T_NATIVE_DOUBLE, creation);
          H5Pclose(creation);
        }) == "'x' keeps its numbers in another file, which is not followed");
  Hdf5Writer((scratch.path() / "other.h5").string()).write("x", {6}, six, H5T_IEEE_F64LE);
  CHECK(problem(scratch, [&](const Hdf5Writer& file) {
          H5Lcreate_external("other.h5", "x", file.get(), "x", H5P_DEFAULT, H5P_DEFAULT);
        }) == "'x' is a link to another file, which is not followed; name that file");
}

TEST_CASE("an hdf5 array that promises more than any memory holds is refused before it is taken") {
  const Scratch scratch;
  CHECK(problem(scratch, [](const Hdf5Writer& file) {
          const hsize_t extents[] = {hsize_t{1} << 32, hsize_t{1} << 30}, chunk[] = {1, 1};
          const hid_t space = H5Screate_simple(2, extents, nullptr);
          const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
          H5Pset_chunk(creation, 2, chunk);
          H5Dclose(H5Dcreate2(file.get(), "x", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, creation,
                              H5P_DEFAULT));
          H5Pclose(creation);
          H5Sclose(space);
        }) == "'x' has a shape that is too large");
}
