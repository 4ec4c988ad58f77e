// SPDX-License-Identifier: MIT
//
// Whole runs on HDF5 files give what the same numbers give as .npy.
#include "../catch.hpp"
#include "../run_program.hpp"
#include "hdf5_files.hpp"
#include "results/npy.hpp"

#include <cmath>

using namespace onager;
using test::Finished;
using test::Hdf5Writer;
using test::Scratch;

namespace {

constexpr hsize_t samples = 30, features = 3;

struct Numbers {
  std::vector<double> x, y, joined;
};

Numbers numbers() {
  Numbers out;
  for (hsize_t i = 0; i < samples; ++i) {
    for (hsize_t j = 0; j < features; ++j)
      out.x.push_back(std::sin(static_cast<double>(7 * i + 3 * j)));
    out.y.push_back(out.x[features * i] * out.x[features * i + 1]);
    out.joined.insert(out.joined.end(), out.x.end() - features, out.x.end());
    out.joined.push_back(out.y.back());
  }
  return out;
}

void write_npy(const Scratch& scratch, const std::string& name, std::vector<double> values,
               std::int64_t cols) {
  const onager_array view{sizeof(onager_array),
                          ONAGER_FLOAT64,
                          values.data(),
                          static_cast<std::int64_t>(values.size()) / cols,
                          cols,
                          cols,
                          1};
  scratch.file(name, host::npy_bytes(host::NpyArray::copy_of(view)));
}

const char* const rest =
    "[kernel]\nuse = 'gaussian'\n[optimizer]\nuse = 'cholesky'\nridge = 1e-3\n";

Finished run(const Scratch& scratch, const std::string& dataset, const std::string& out) {
  scratch.file("p.toml", "[dataset]\n" + dataset + rest);
  return test::onager("run p.toml --out " + out, scratch.path());
}

std::string metrics(const Scratch& scratch, const std::string& out) {
  const std::string text = test::read(scratch.path() / out / "metrics.csv");
  return text.substr(0, text.rfind(','));
}

}  // namespace

TEST_CASE("samples from hdf5 give the same run as from npy, whole, in two files or in groups") {
  const Scratch scratch;
  const Numbers all = numbers();
  write_npy(scratch, "joined.npy", all.joined, features + 1);
  const auto x_half = [&](bool second) {
    return std::vector<double>(all.x.begin() + (second ? 45 : 0),
                               all.x.begin() + (second ? 90 : 45));
  };
  const auto y_half = [&](bool second) {
    return std::vector<double>(all.y.begin() + (second ? 15 : 0),
                               all.y.begin() + (second ? 30 : 15));
  };
  for (const bool second : {false, true}) {
    write_npy(scratch, second ? "x1.npy" : "x0.npy", x_half(second), features);
    write_npy(scratch, second ? "y1.npy" : "y0.npy", y_half(second), 1);
    const Hdf5Writer half((scratch.path() / (second ? "half1.h5" : "half0.h5")).string());
    half.write("x", {15, features}, x_half(second), H5T_IEEE_F64LE);
    half.write("y", {15}, y_half(second), H5T_IEEE_F64BE);
  }
  {
    const Hdf5Writer file((scratch.path() / "a.h5").string());
    file.write("x", {samples, features}, all.x, H5T_IEEE_F64LE, true);
    file.write("y", {samples}, all.y, H5T_IEEE_F64LE);
    file.write("joined", {samples, features + 1}, all.joined, H5T_IEEE_F64LE);
    for (const bool second : {false, true}) {
      file.write(second ? "test/x" : "train/x", {15, features}, x_half(second), H5T_IEEE_F64LE);
      file.write(second ? "test/y" : "train/y", {15}, y_half(second), H5T_IEEE_F64LE);
    }
  }
  REQUIRE(run(scratch, "use = 'npy'\npath = 'joined.npy'\n", "npy").status == 0);
  REQUIRE(run(scratch, "use = 'hdf5'\npath = 'a.h5'\n", "hdf5").status == 0);
  CHECK(metrics(scratch, "hdf5") == metrics(scratch, "npy"));
  REQUIRE(run(scratch, "use = 'hdf5'\npath = 'a.h5'\ninputs = 'joined'\ntargets = ''\n", "column")
              .status == 0);
  CHECK(metrics(scratch, "column") == metrics(scratch, "npy"));

  REQUIRE(run(scratch,
              "use = 'npy'\ntrain = 'x0.npy'\ntrain_targets = 'y0.npy'\ntest = 'x1.npy'\n"
              "test_targets = 'y1.npy'\n",
              "npy2")
              .status == 0);
  REQUIRE(run(scratch, "use = 'hdf5'\ntrain = 'half0.h5'\ntest = 'half1.h5'\n", "hdf52").status ==
          0);
  CHECK(metrics(scratch, "hdf52") == metrics(scratch, "npy2"));
  REQUIRE(run(scratch,
              "use = 'hdf5'\npath = 'a.h5'\ninputs = 'train/x'\ntargets = 'train/y'\n"
              "test_inputs = 'test/x'\ntest_targets = 'test/y'\n",
              "groups")
              .status == 0);
  CHECK(metrics(scratch, "groups") == metrics(scratch, "npy2"));
}

TEST_CASE("an hdf5 dataset whose parameters do not go together is refused with its place") {
  const Scratch scratch;
  Hdf5Writer((scratch.path() / "a.h5").string()).write("x", {2, 1}, {1, 2}, H5T_IEEE_F64LE);
  const auto refused = [&](const std::string& dataset, const std::string& message) {
    const Finished f = run(scratch, "use = 'hdf5'\n" + dataset, "run");
    CAPTURE(dataset, f.err);
    CHECK(f.status != 0);
    CHECK_THAT(f.err, ContainsSubstring(message));
  };
  refused("", "give either path, or train (and test)");
  refused("path = 'a.h5'\ntest = 'a.h5'\n", "test goes with train");
  refused("path = 'a.h5'\ntest_targets = 'y'\n", "test_targets goes with test_inputs");
  refused("path = 'a.h5'\ntest_inputs = 'x'\n", "give both targets and test_targets, or neither");
  refused("path = 'a.h5'\ntarget = 0\n", "set targets = \"\" to take it from there");
  refused("path = 'a.h5'\n", "a.h5: 'y' is no array of the file; it has: x");
  refused("path = 'a.h5'\ntargets = ''\n", "has one column; features and a target were expected");
}
