// SPDX-License-Identifier: MIT
//
// The dataset is left out of builds without libmatio; its tests then say so.
#include "../catch.hpp"
#include "../mat_files.hpp"
#include "plugins_dataset.hpp"

using namespace onager;
using test::MatClass;
using test::MatWriter;
using test::Scratch;
using tests::Dataset;
using tests::problem_of;

namespace {

bool left_out() {
  if (test::built_in().find("dataset", "svhn")) return false;
  WARN("svhn is left out of this build");
  return true;
}

const std::vector<double> labels = {3, 10, 1, 10, 9};

std::string svhn(const Scratch& folder, const std::string& bytes, const std::string& more = "") {
  return "use = 'svhn'\ntrain = '" + folder.file("train.mat", bytes).string() + "'\n" + more;
}

}  // namespace

TEST_CASE("svhn images are read colour by colour and row by row, 10 is the digit 0") {
  if (left_out()) return;
  const Scratch folder;
  for (const bool compressed : {false, true})
    for (const MatClass type : {MatClass::uint8, MatClass::float64}) {
      CAPTURE(compressed, type == MatClass::uint8);
      const auto bytes = test::svhn_file(labels, type, compressed);
      const Dataset data(svhn(folder, bytes, "divide = 1.0"));
      CHECK(data.info.task == ONAGER_CLASSIFICATION);
      CHECK(data.info.train_samples == 5);
      CHECK(data.info.test_samples == 0);
      REQUIRE(data.info.features == 3072);
      CHECK(data.classes() == std::vector<std::string>{"0", "1", "3", "9"});
      const auto train = data.samples(ONAGER_TRAIN);
      CHECK(arma::approx_equal(
          train.y, arma::mat{{0, 1, 0, 1, 0}, {0, 0, 1, 0, 0}, {1, 0, 0, 0, 0}, {0, 0, 0, 0, 1}},
          "absdiff", 0));
      std::size_t wrong = 0;
      for (int i = 0; i < 5; ++i)
        for (int colour = 0; colour < 3; ++colour)
          for (int row = 0; row < 32; ++row)
            for (int column = 0; column < 32; ++column)
              wrong +=
                  train.x(static_cast<arma::uword>((colour * 32 + row) * 32 + column),
                          static_cast<arma::uword>(i)) != test::svhn_byte(i, row, column, colour);
      CHECK(wrong == 0);
    }
}

TEST_CASE("svhn digits are chosen by the digit, and test images are read") {
  if (left_out()) return;
  const Scratch folder;
  const auto tested = folder.file("test.mat", test::svhn_file({10, 2, 3}, MatClass::uint8, true));
  const Dataset data(svhn(
      folder, test::svhn_file(labels, MatClass::uint8, true),
      "test = '" + tested.string() + "'\nclasses = [0, 3]\ntargets = 'signs'\ntrain_limit = 2"));
  CHECK(data.info.outputs == 1);
  CHECK(arma::approx_equal(data.samples(ONAGER_TRAIN).y, arma::mat{{1, -1}}, "absdiff", 0));
  CHECK(arma::approx_equal(data.samples(ONAGER_TEST).y, arma::mat{{-1, 1}}, "absdiff", 0));
}

TEST_CASE("svhn files of other arrays, sizes or labels are refused by name") {
  if (left_out()) return;
  const Scratch folder;
  const auto refused = [&](const std::string& bytes, const std::string& message) {
    CHECK_THAT(problem_of(svhn(folder, bytes)),
               ContainsSubstring("train.mat: ") && ContainsSubstring(message));
  };
  const auto numbers = test::svhn_numbers(2);
  const auto bytes = MatClass::uint8;
  refused("not a mat file", "is no MATLAB file");
  refused(MatWriter().add("y", {2, 1}, {1, 2}, bytes).bytes(),
          "has no array 'X'; SVHN files have X and y");
  refused(MatWriter().add("X", {32, 32, 3, 2}, numbers, bytes).bytes(), "has no array 'y'");
  refused(
      MatWriter().add("X", {32, 32, 6, 1}, numbers, bytes).add("y", {2, 1}, {1, 2}, bytes).bytes(),
      "X is 32 x 32 x 6 x 1; cropped digits are 32 x 32 x 3 x n of class uint8");
  refused(MatWriter()
              .add("X", {32, 32, 3, 2}, numbers, MatClass::float64)
              .add("y", {2, 1}, {1, 2}, bytes)
              .bytes(),
          "and not of class uint8");
  refused(MatWriter()
              .add("X", {32, 32, 3, 2}, numbers, bytes)
              .add("y", {3, 1}, {1, 2, 3}, bytes)
              .bytes(),
          "y is 3 x 1; it is to be 2 x 1, as X has 2 images");
  refused(test::svhn_file({1, 0}, bytes, false),
          "image 1, counted from 0, has the label 0; those of SVHN are 1 to 10");
  refused(test::svhn_file({1.5, 2}, MatClass::float64, false), "has the label 1.5");
  refused(MatWriter()
              .add("X", {32, 32, 3, 1 << 26}, numbers, bytes)
              .add("y", {1 << 26, 1}, {1, 2}, bytes)
              .bytes(),
          "is larger than the file can hold");
  CHECK_THAT(problem_of("use = 'svhn'\ntrain = '" + (folder.path() / "none.mat").string() + "'"),
             ContainsSubstring("none.mat: cannot be read: No such file or directory"));
}

TEST_CASE("an svhn file that is cut off anywhere is refused") {
  if (left_out()) return;
  const Scratch folder;
  for (const bool compressed : {false, true}) {
    const auto bytes = test::svhn_file(labels, MatClass::uint8, compressed);
    for (std::size_t length = 0; length < bytes.size(); length += bytes.size() / 23 - 1) {
      CAPTURE(compressed, length, bytes.size());
      CHECK_THAT(problem_of(svhn(folder, bytes.substr(0, length))),
                 ContainsSubstring("train.mat: "));
    }
    CHECK_THAT(problem_of(svhn(folder, bytes.substr(0, bytes.size() - 5))),
               ContainsSubstring("ends 5 bytes early; it is truncated"));
  }
}

TEST_CASE("damaged compressed numbers of an svhn file are reported") {
  if (left_out()) return;
  const Scratch folder;
  auto bytes = test::svhn_file(labels, MatClass::uint8, true);
  for (std::size_t i = 0; i < 64; ++i) bytes[bytes.size() / 2 + i] = '\x5a';
  CHECK_THAT(problem_of(svhn(folder, bytes)), ContainsSubstring("train.mat: X cannot be read"));
}
