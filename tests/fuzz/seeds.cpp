// SPDX-License-Identifier: MIT
//
// Writes what the fuzzers begin with, in a folder for each: valid files, small.
#include "base/files.hpp"
#include "package/package.hpp"
#include "results/npy.hpp"

#include <hdf5.h>
#include <sodium.h>
#include <zlib.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace onager::host;

namespace {

fs::path folder;

void seed(const std::string& target, const std::string& name, const std::string& content) {
  make_folder(folder / target);
  write_file(folder / target / name, content);
}

void copy_texts(const fs::path& from, const std::string& target) {
  for (const auto& entry : fs::recursive_directory_iterator(from))
    if (entry.path().extension() == ".toml")
      seed(target, entry.path().filename().string(), read_file(entry.path()));
}

void csv_seeds() {
  const std::string plain = "a,b,y\n1,2,3\n4,5e-3,6\n", quoted = "\"a\",\"b \"\"c\"\"\"\r\n1,x\r\n";
  for (const char choice : {'\0', '\4', '\10', '\20', '\40'})
    for (const auto& text : {plain, quoted})
      seed("csv", std::to_string(choice) + (text == plain ? "plain" : "quoted"), choice + text);
}

void npy_seeds() {
  for (const auto dtype : {ONAGER_FLOAT32, ONAGER_FLOAT64, ONAGER_INT64}) {
    std::vector<double> numbers = {1, 2, 3, 4, 5, 6};
    onager_array view{sizeof(onager_array), ONAGER_FLOAT64, numbers.data(), 2, 3, 3, 1};
    if (dtype != ONAGER_FLOAT64) view = {sizeof view, dtype, numbers.data(), 1, 2, 2, 1};
    seed("npy", std::to_string(dtype), npy_bytes(NpyArray::copy_of(view)));
  }
}

void idx_seeds() {
  const std::string labels("\0\0\10\1\0\0\0\2\1\0", 10);
  const std::string images("\0\0\10\3\0\0\0\1\0\0\0\2\0\0\0\2\1\2\3\4", 20);
  seed("idx", "labels", labels);
  seed("idx", "images", images);
}

void hdf5_seeds() {
  make_folder(folder / "hdf5");
  for (const bool chunked : {false, true}) {
    const auto path = folder / "hdf5" / (chunked ? "chunked" : "plain");
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hsize_t extents[] = {3, 2};
    const double numbers[] = {1, 2, 3, 4, 5, 6};
    const std::int16_t small[] = {1, 2, 3};
    const hid_t matrix = H5Screate_simple(2, extents, nullptr);
    const hid_t vector = H5Screate_simple(1, extents, nullptr);
    const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(creation, false);  // the same bytes each time
    if (chunked) {
      H5Pset_chunk(creation, 2, extents);
      H5Pset_deflate(creation, 1);
    }
    const hid_t x =
        H5Dcreate2(file, "x", H5T_IEEE_F64LE, matrix, H5P_DEFAULT, creation, H5P_DEFAULT);
    const hid_t plain = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_obj_track_times(plain, false);
    const hid_t y = H5Dcreate2(file, "y", H5T_STD_I16BE, vector, H5P_DEFAULT, plain, H5P_DEFAULT);
    H5Dwrite(x, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers);
    H5Dwrite(y, H5T_NATIVE_INT16, H5S_ALL, H5S_ALL, H5P_DEFAULT, small);
    for (const hid_t one : {x, y}) H5Dclose(one);
    for (const hid_t one : {matrix, vector}) H5Sclose(one);
    for (const hid_t one : {creation, plain}) H5Pclose(one);
    H5Fclose(file);
  }
}

/// The tar archive of a package.
std::string gunzipped(const std::string& package) {
  z_stream stream{};
  inflateInit2(&stream, 15 + 16);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(package.data()));
  stream.avail_in = static_cast<uInt>(package.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

void package_seeds() {
  const Member source{"sources/a.c", "int a;\n"}, library{"binaries/x86_64/a.so", "ELF"};
  Manifest manifest;
  manifest.id = "org.example.a";
  manifest.version = "1.0.0";
  manifest.abi = "1.0";
  manifest.components = {{"kernel", "a", "A kernel", ""}};
  manifest.binaries = {{library.path, "x86_64", "2.34", "", "", {"libm.so.6"}, ""}};
  for (const auto& member : {source, library})
    manifest.members.push_back({member.path, member.content.size(), sha256(member.content)});
  SecretKey key;  // the same each time
  const unsigned char of[crypto_sign_SEEDBYTES] = {};
  crypto_sign_seed_keypair(key.public_key.key.data(), key.key.data(), of);
  const std::string package = write_package(manifest, {source, library}, key);
  const auto numbered = [&](char choice, const std::string& name, const std::string& text) {
    seed("package", name, choice + text);
  };
  numbered('\0', "file", package);
  numbered('\3', "manifest", to_json(manifest));
  numbered('\4', "signature", sign("content", key, "comment"));
  numbered('\5', "public", public_key_file(key.public_key));
  numbered('\6', "secret", secret_key_file(key));
  for (const char choice : {'\1', '\2'})
    numbered(choice, "tar" + std::to_string(choice), gunzipped(package));
}

}  // namespace

int main(int, char** arguments) {
  folder = arguments[1];
  copy_texts(fs::path(ONAGER_SOURCE_DIR) / "examples", "pipeline");
  csv_seeds();
  npy_seeds();
  idx_seeds();
  hdf5_seeds();
  package_seeds();
  return 0;
}
