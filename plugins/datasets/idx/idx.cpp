// SPDX-License-Identifier: MIT
#include <onager/dataset.hpp>

#include "idx_reader.hpp"

#include <algorithm>
#include <array>

namespace {

using onager::Error;
using onager::Matrix;
using onager::Table;
using onager::plugins::IdxFile;

/// Images of one split with their labels, and which of them are used.
struct Images {
  IdxFile images, labels;
  std::vector<std::int64_t> chosen;

  int label(std::int64_t i) const { return labels.bytes[static_cast<std::size_t>(i)]; }
};

/// Images with labels in the format of MNIST. Pixels become features, divided by `divide`; the
/// labels that occur become classes in their order.
class Idx {
 public:
  Idx(const onager::Config& c, const onager::Host& host)
      : host_(host),
        train_paths_{c.path("train_images"), c.path("train_labels")},
        test_paths_{c.path("test_images"), c.path("test_labels")},
        train_limit_(c.integer("train_limit")),
        test_limit_(c.integer("test_limit")),
        classes_(c.integers("classes")),
        divide_(c.real("divide")) {
    if (test_paths_.images.empty() != test_paths_.labels.empty())
      throw Error(ONAGER_INVALID, "give both test_images and test_labels, or neither");
    std::sort(classes_.begin(), classes_.end());
    if (std::adjacent_find(classes_.begin(), classes_.end()) != classes_.end())
      throw Error(ONAGER_INVALID, "classes names one label twice");
  }

  onager::Sizes describe() {
    train_ = read(train_paths_, train_limit_);
    if (!test_paths_.images.empty()) {
      test_ = read(test_paths_, test_limit_);
      if (test_.images.size() != train_.images.size())
        throw Error(ONAGER_IO, test_paths_.images + ": has " + std::to_string(test_.images.size()) +
                                   " pixels an image, the training images " +
                                   std::to_string(train_.images.size()));
    }
    number_classes();
    if (train_.images.shape.size() == 3) {
      shape_ = Table(2, 1);
      shape_(0, 0) = static_cast<double>(train_.images.shape[1]);
      shape_(1, 0) = static_cast<double>(train_.images.shape[2]);
    }
    return {onager::Task::classification, static_cast<std::int64_t>(train_.chosen.size()),
            static_cast<std::int64_t>(test_.chosen.size()), train_.images.size(),
            static_cast<std::int64_t>(names_.size())};
  }

  template <class T>
  void fill(onager::Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    const Images& from = split == onager::Split::train ? train_ : test_;
    for (std::int64_t i = 0; i < x.rows; ++i) {
      const std::int64_t at = from.chosen.at(static_cast<std::size_t>(first + i));
      const unsigned char* pixels = from.images.bytes.data() + at * from.images.size();
      for (std::int64_t j = 0; j < x.cols; ++j)
        x(i, j) = static_cast<T>(static_cast<double>(pixels[j]) / divide_);
      for (std::int64_t j = 0; j < y.cols; ++j) y(i, j) = T(0);
      y(i, place_[static_cast<std::size_t>(from.label(at))]) = T(1);
    }
  }

  const std::vector<std::string>& output_names() const { return names_; }
  std::vector<onager::NamedTable> facts() {
    return {{"image_shape", "rows and columns of an image", &shape_, ONAGER_INT64}};
  }

 private:
  struct Paths {
    std::string images, labels;
  };

  Images read(const Paths& paths, std::int64_t limit) const {
    Images out{onager::plugins::read_idx(paths.images, 2, 3),
               onager::plugins::read_idx(paths.labels, 1, 1),
               {}};
    if (out.images.count() != out.labels.count())
      throw Error(ONAGER_IO, paths.labels + ": has " + std::to_string(out.labels.count()) +
                                 " labels for the " + std::to_string(out.images.count()) +
                                 " images of " + paths.images);
    for (std::int64_t i = 0; i < out.images.count(); ++i) {
      if (limit > 0 && static_cast<std::int64_t>(out.chosen.size()) == limit) break;
      if (classes_.empty() || std::binary_search(classes_.begin(), classes_.end(), out.label(i)))
        out.chosen.push_back(i);
    }
    return out;
  }

  /// The classes are those asked for, or those that occur in either split.
  void number_classes() {
    std::array<bool, 256> trained{}, wanted{};
    for (const auto i : train_.chosen) trained[static_cast<std::size_t>(train_.label(i))] = true;
    wanted = trained;
    for (const auto i : test_.chosen) wanted[static_cast<std::size_t>(test_.label(i))] = true;
    for (const auto c : classes_)
      if (!trained[static_cast<std::size_t>(c)])
        throw Error(ONAGER_IO, train_paths_.labels + ": no training image has the label " +
                                   std::to_string(c) + " of classes");
    names_.clear();
    for (std::size_t label = 0; label < wanted.size(); ++label) {
      if (!wanted[label]) continue;
      if (!trained[label])
        host_.warn(test_paths_.labels + ": the label " + std::to_string(label) +
                   " is on no training image; the test images of it cannot be predicted");
      place_[label] = static_cast<std::int64_t>(names_.size());
      names_.push_back(std::to_string(label));
    }
    if (names_.size() < 2)
      throw Error(ONAGER_IO, train_paths_.labels +
                                 ": all images have one label; two classes at least are needed");
  }

  onager::Host host_;
  Paths train_paths_, test_paths_;
  std::int64_t train_limit_, test_limit_;
  std::vector<std::int64_t> classes_;
  double divide_;
  Images train_, test_;
  std::array<std::int64_t, 256> place_{};
  std::vector<std::string> names_;
  Table shape_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.idx", "1.0.0", "MIT",
    onager::dataset<Idx>(
        "idx", "Images and labels in the IDX format of MNIST, plain or .gz",
        {onager::path("train_images", "Training images").required(),
         onager::path("train_labels", "Training labels").required(),
         onager::path("test_images", "Test images"), onager::path("test_labels", "Test labels"),
         onager::integer("train_limit", 0, "Use only the first so many training images; 0: all")
             .at_least(0),
         onager::integer("test_limit", 0, "Use only the first so many test images; 0: all")
             .at_least(0),
         onager::integers("classes", "Use only images with these labels; all when left out")
             .at_least(0)
             .at_most(255),
         onager::real("divide", 255.0, "Pixels are divided by this").above(0)})
        .cite("LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document "
              "recognition, Proceedings of the IEEE 86, 1998"))
