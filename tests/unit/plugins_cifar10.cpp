// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "../cifar10_files.hpp"
#include "plugins_dataset.hpp"

using namespace onager;
using test::Scratch;
using tests::Dataset;
using tests::problem_of;

namespace {

std::string cifar10(const Scratch& folder, const std::string& more = "") {
  return "use = 'cifar10'\nfolder = '" + folder.path().string() + "'\n" + more;
}

}  // namespace

TEST_CASE("cifar10 reads five files and a test file in order, colour by colour") {
  const Scratch folder;
  test::write_cifar10(folder, 4);
  const Dataset data(cifar10(folder));
  CHECK(data.info.task == ONAGER_CLASSIFICATION);
  CHECK(data.info.train_samples == 20);
  CHECK(data.info.test_samples == 4);
  CHECK(data.info.features == 3072);
  REQUIRE(data.info.outputs == 9);  // labels 0 to 8 occur
  CHECK(data.classes() == std::vector<std::string>{"airplane", "automobile", "bird", "cat", "deer",
                                                   "dog", "frog", "horse", "ship"});
  const auto train = data.samples(ONAGER_TRAIN), tested = data.samples(ONAGER_TEST);
  std::size_t wrong = 0;
  for (int file = 0; file <= 5; ++file)
    for (int i = 0; i < 4; ++i) {
      const auto& from = file == 0 ? tested : train;
      const auto sample = static_cast<arma::uword>(file == 0 ? i : 4 * (file - 1) + i);
      CHECK(from.y.col(sample).index_max() == static_cast<arma::uword>(file + i));
      for (int colour = 0; colour < 3; ++colour)
        for (int row = 0; row < 32; ++row)
          for (int column = 0; column < 32; ++column) {
            const auto feature = static_cast<arma::uword>((colour * 32 + row) * 32 + column);
            const double byte = test::cifar10_byte(file, i, colour, row, column);
            wrong += from.x(feature, sample) != byte / 255.0;
          }
    }
  CHECK(wrong == 0);
}

TEST_CASE("cifar10 uses the first so many images of the classes asked for") {
  const Scratch folder;
  test::write_cifar10(folder, 4);
  const Dataset data(cifar10(folder, "classes = [5, 3]\ntrain_limit = 3\ndivide = 1.0"));
  CHECK(data.info.train_samples == 3);
  CHECK(data.info.test_samples == 1);
  CHECK(data.classes() == std::vector<std::string>{"cat", "dog"});
  // of files 1, 2, 2, the images 2, 1, 3: labels 3, 3, 5
  const auto train = data.samples(ONAGER_TRAIN);
  CHECK(train.x(0, 0) == test::cifar10_byte(1, 2, 0, 0, 0));
  CHECK(train.x(0, 1) == test::cifar10_byte(2, 1, 0, 0, 0));
  CHECK(train.x(0, 2) == test::cifar10_byte(2, 3, 0, 0, 0));
  CHECK(arma::approx_equal(train.y, arma::mat{{1, 1, 0}, {0, 0, 1}}, "absdiff", 0));
}

TEST_CASE("two classes may be the signs of one column") {
  const Scratch folder;
  test::write_cifar10(folder, 4);
  const Dataset data(cifar10(folder, "classes = [3, 5]\ntrain_limit = 3\ntargets = 'signs'"));
  CHECK(data.info.outputs == 1);
  CHECK(data.classes().empty());
  CHECK(arma::approx_equal(data.samples(ONAGER_TRAIN).y, arma::mat{{-1, -1, 1}}, "absdiff", 0));
  CHECK_THAT(problem_of(cifar10(folder, "classes = [1, 2, 3]\ntargets = 'signs'")),
             ContainsSubstring("is for two classes; classes names 3"));
  CHECK_THAT(problem_of(cifar10(folder, "targets = 'signs'")),
             ContainsSubstring("has 9 classes; targets = \"signs\" is for two"));
}

TEST_CASE("cifar10 files of a wrong size, with other labels, or missing, are refused by name") {
  const Scratch folder;
  test::write_cifar10(folder, 2);
  const auto record = test::cifar10_record(1, 0, 0);
  const auto refused = [&](const std::string& bytes, const std::string& message) {
    folder.file("data_batch_2.bin", bytes);
    CHECK_THAT(problem_of(cifar10(folder)),
               ContainsSubstring("data_batch_2.bin: ") && ContainsSubstring(message));
  };
  refused(record + record.substr(0, 3000), "holds 6073 bytes");
  refused(record + record.substr(0, 3000), "has 3073 for each image");
  refused("", "holds 0 bytes");
  refused(record + test::cifar10_record(2, 1, 10),
          "image 1, counted from 0, has the label 10; those of CIFAR-10 are 0 to 9");
  std::filesystem::remove(folder.path() / "data_batch_2.bin");
  CHECK_THAT(problem_of(cifar10(folder)),
             ContainsSubstring("data_batch_2.bin: cannot be read: No such file or directory"));
}

TEST_CASE("cifar10 classes that no training image has are refused") {
  const Scratch folder;
  test::write_cifar10(folder, 2);
  CHECK_THAT(problem_of(cifar10(folder, "classes = [1, 9]")),
             ContainsSubstring("no training image has the label 9 of classes"));
  CHECK_THAT(problem_of(cifar10(folder, "classes = [1, 1]")),
             ContainsSubstring("classes names one label twice"));
  CHECK_THAT(problem_of(cifar10(folder, "classes = [1, 10]")), ContainsSubstring("classes"));
}
