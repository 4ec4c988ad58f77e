// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "../../common/labelled_images.hpp"
#include "idx_reader.hpp"

namespace {

using onager::Error;
using onager::Matrix;
using onager::Split;
using onager::plugins::IdxFile;
using onager::plugins::ImageShape;
using onager::plugins::LabelledImages;

/// Images with labels in the format of MNIST.
class Idx {
 public:
  Idx(const onager::Config& c, const onager::Host& host)
      : images_(c, host),
        train_{c.path("train_images"), c.path("train_labels")},
        test_{c.path("test_images"), c.path("test_labels")} {
    if (test_.images.empty() != test_.labels.empty())
      throw Error(ONAGER_INVALID, "give both test_images and test_labels, or neither");
  }

  onager::Sizes describe() {
    read(Split::train, train_);
    if (!test_.images.empty()) read(Split::test, test_);
    return images_.number_classes(train_.labels, test_.labels);
  }

  template <class T>
  void fill(Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    images_.fill(split, first, x, y);
  }

  const std::vector<std::string>& output_names() const { return images_.output_names(); }
  std::vector<onager::NamedTable> facts() { return images_.facts(); }

 private:
  struct Paths {
    std::string images, labels;
  };

  void read(Split split, const Paths& paths) {
    const IdxFile images = onager::plugins::read_idx(paths.images, 2, 3),
                  labels = onager::plugins::read_idx(paths.labels, 1, 1);
    if (images.count() != labels.count())
      throw Error(ONAGER_IO, paths.labels + ": has " + std::to_string(labels.count()) +
                                 " labels for the " + std::to_string(images.count()) +
                                 " images of " + paths.images);
    if (split == Split::train) images_.set_shape(shape_of(images));
    if (images.size() != images_.shape().size())
      throw Error(ONAGER_IO, paths.images + ": has " + std::to_string(images.size()) +
                                 " pixels an image, the training images " +
                                 std::to_string(images_.shape().size()));
    images_.add(split, labels.bytes, [&](std::size_t i) {
      return images.bytes.data() + i * static_cast<std::size_t>(images.size());
    });
  }

  static ImageShape shape_of(const IdxFile& images) {
    if (images.shape.size() == 2) return {1, 1, images.shape[1]};
    return {1, images.shape[1], images.shape[2]};
  }

  LabelledImages images_;
  Paths train_, test_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.idx", "1.1.0", "MIT",
              onager::dataset<Idx>("idx",
                                   "Images and labels in the IDX format of MNIST, plain or .gz",
                                   LabelledImages::parameters(
                                       {onager::path("train_images", "Training images").required(),
                                        onager::path("train_labels", "Training labels").required(),
                                        onager::path("test_images", "Test images"),
                                        onager::path("test_labels", "Test labels")},
                                       255))
                  .cite("LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to "
                        "document recognition, Proceedings of the IEEE 86, 1998"))
