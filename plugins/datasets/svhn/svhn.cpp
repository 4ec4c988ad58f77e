// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "../../common/labelled_images.hpp"
#include "svhn_reader.hpp"

namespace {

using onager::Matrix;
using onager::Split;
using onager::plugins::LabelledImages;

/// Cropped digits of SVHN.
class Svhn {
 public:
  Svhn(const onager::Config& c, const onager::Host& host)
      : images_(c, host), train_(c.path("train")), test_(c.path("test")) {
    images_.set_shape({3, onager::plugins::svhn_side, onager::plugins::svhn_side});
  }

  onager::Sizes describe() {
    read(Split::train, train_);
    if (!test_.empty()) read(Split::test, test_);
    return images_.number_classes(train_, test_);
  }

  template <class T>
  void fill(Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    images_.fill(split, first, x, y);
  }

  const std::vector<std::string>& output_names() const { return images_.output_names(); }
  std::vector<onager::NamedTable> facts() { return images_.facts(); }

 private:
  void read(Split split, const std::string& path) {
    const auto file = onager::plugins::read_svhn(path);
    images_.add(split, file.digits, [&](std::size_t i) { return file.pixels(i); });
  }

  LabelledImages images_;
  std::string train_, test_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.svhn", "1.0.0", "MIT",
    onager::dataset<Svhn>("svhn", "Cropped digits of SVHN (.mat): 32 x 32 pixels, three colours",
                          LabelledImages::parameters(
                              {onager::path("train", "Training images, train_32x32.mat").required(),
                               onager::path("test", "Test images, test_32x32.mat")},
                              9))
        .cite("Netzer, Wang, Coates, Bissacco, Wu, Ng, Reading digits in natural images with "
              "unsupervised feature learning, 2011"))
