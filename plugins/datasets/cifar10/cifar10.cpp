// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "../../common/labelled_images.hpp"
#include "cifar10_reader.hpp"

#include <filesystem>

namespace {

using onager::Matrix;
using onager::Split;
using onager::plugins::LabelledImages;

constexpr const char* class_names[] = {"airplane", "automobile", "bird",  "cat",  "deer",
                                       "dog",      "frog",       "horse", "ship", "truck"};

/// The folder of the binary version of CIFAR-10.
class Cifar10 {
 public:
  Cifar10(const onager::Config& c, const onager::Host& host)
      : images_(c, host), folder_(c.path("folder")) {
    images_.set_shape({3, 32, 32});
  }

  onager::Sizes describe() {
    for (int batch = 1; batch <= 5 && !images_.complete(Split::train); ++batch)
      read(Split::train, "data_batch_" + std::to_string(batch) + ".bin");
    read(Split::test, "test_batch.bin");
    return images_.number_classes(folder_ + ": data_batch_1.bin to data_batch_5.bin",
                                  folder_ + ": test_batch.bin", class_names);
  }

  template <class T>
  void fill(Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    images_.fill(split, first, x, y);
  }

  const std::vector<std::string>& output_names() const { return images_.output_names(); }
  std::vector<onager::NamedTable> facts() { return images_.facts(); }

 private:
  void read(Split split, const std::string& name) {
    const auto file =
        onager::plugins::read_cifar10((std::filesystem::path(folder_) / name).string());
    images_.add(split, file.labels, [&](std::size_t i) { return file.pixels(i); });
  }

  LabelledImages images_;
  std::string folder_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.cifar10", "1.0.0", "MIT",
    onager::dataset<Cifar10>(
        "cifar10", "Images of CIFAR-10 in its binary version: 32 x 32 pixels, three colours",
        LabelledImages::parameters(
            {onager::path("folder",
                          "Folder with data_batch_1.bin to data_batch_5.bin and test_batch.bin")
                 .required()},
            9))
        .cite("Krizhevsky, Learning multiple layers of features from tiny images, 2009"))
