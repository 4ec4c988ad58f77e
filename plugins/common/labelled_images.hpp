// SPDX-License-Identifier: MIT
//
// Images of bytes with a label each, as the datasets that read them from files offer them.
#pragma once

#include <onager/dataset.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <vector>

namespace onager::plugins {

/// Extents of an image. Its bytes are channel by channel, each row by row. A single row: the shape
/// is not known.
struct ImageShape {
  std::int64_t channels = 1, rows = 1, columns = 1;
  std::int64_t size() const { return channels * rows * columns; }
};

/// The images of either split that are asked for. Bytes become features, divided by `divide`; the
/// labels that occur become classes in their order: a column of zeros and a one each, or, of two
/// classes, one column with -1 for the first and 1 for the second.
class LabelledImages {
 public:
  LabelledImages(const Config& c, const Host& host)
      : host_(host),
        classes_(c.integers("classes")),
        divide_(c.real("divide")),
        signs_(c.choice("targets") == "signs") {
    for (const Split split : {Split::train, Split::test}) {
      const std::int64_t limit = c.integer(split == Split::train ? "train_limit" : "test_limit");
      of(split).limit = limit > 0 ? limit : std::numeric_limits<std::int64_t>::max();
    }
    std::sort(classes_.begin(), classes_.end());
    if (std::adjacent_find(classes_.begin(), classes_.end()) != classes_.end())
      throw Error(ONAGER_INVALID, "classes names one label twice");
    if (signs_ && !classes_.empty() && classes_.size() != 2)
      throw Error(ONAGER_INVALID, "targets = \"signs\" is for two classes; classes names " +
                                      std::to_string(classes_.size()));
  }

  /// The parameters of a dataset that name its files, then those read here.
  static std::vector<Parameter> parameters(std::vector<Parameter> files, std::int64_t last_label) {
    files.push_back(integer("train_limit", 0, "Use only the first so many training images; 0: all")
                        .at_least(0));
    files.push_back(
        integer("test_limit", 0, "Use only the first so many test images; 0: all").at_least(0));
    files.push_back(integers("classes", "Use only images with these labels; all when left out")
                        .at_least(0)
                        .at_most(static_cast<double>(last_label)));
    files.push_back(real("divide", 255.0, "Pixels are divided by this").above(0));
    files.push_back(choice("targets", {"one_hot", "signs"}, "one_hot",
                           "A column for each class; or, of two classes, one column with -1 for "
                           "the lower label and 1 for the higher"));
    return files;
  }

  void set_shape(const ImageShape& shape) {
    shape_ = shape;
    if (shape.rows == 1) return;
    extents_ = Table(2, 1);
    extents_(0, 0) = static_cast<double>(shape.rows);
    extents_(1, 0) = static_cast<double>(shape.columns);
    channels_ = Table(1, 1, static_cast<double>(shape.channels));
  }
  const ImageShape& shape() const { return shape_; }

  /// Whether a split holds as many images as it may.
  bool complete(Split split) const { return of(split).count() >= of(split).limit; }

  /// Copies those of some images that are asked for: labels[i], and pixels_of(i): shape().size()
  /// bytes, from a pointer on or in an array.
  template <class PixelsOf>
  void add(Split split, const std::vector<unsigned char>& labels, PixelsOf&& pixels_of) {
    Images& images = of(split);
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (images.count() + static_cast<std::int64_t>(chosen.size()) >= images.limit) break;
      if (classes_.empty() || std::binary_search(classes_.begin(), classes_.end(), labels[i]))
        chosen.push_back(i);
    }
    const auto size = static_cast<std::size_t>(shape_.size());
    images.bytes.reserve(images.bytes.size() + chosen.size() * size);
    for (const std::size_t i : chosen) {
      const auto pixels = pixels_of(i);
      images.bytes.insert(images.bytes.end(), &pixels[0], &pixels[0] + size);
      images.labels.push_back(labels[i]);
    }
  }

  /// After all were added: the classes are those asked for, or those that occur in either split.
  /// Messages name where a split's labels are from; class_names[label] is what a class is called,
  /// its label where that is null.
  Sizes number_classes(const std::string& train_labels, const std::string& test_labels,
                       const char* const* class_names = nullptr) {
    const auto trained = occurring(train_), tested = occurring(test_);
    for (const auto c : classes_)
      if (!trained[static_cast<std::size_t>(c)])
        throw Error(ONAGER_IO, train_labels + ": no training image has the label " +
                                   std::to_string(c) + " of classes");
    names_.clear();
    for (std::size_t label = 0; label < trained.size(); ++label) {
      if (!trained[label] && !tested[label]) continue;
      if (!trained[label])
        host_.warn(test_labels + ": the label " + std::to_string(label) +
                   " is on no training image; the test images of it cannot be predicted");
      place_[label] = static_cast<std::int64_t>(names_.size());
      names_.push_back(class_names ? class_names[label] : std::to_string(label));
    }
    if (names_.size() < 2)
      throw Error(ONAGER_IO,
                  train_labels + ": all images have one label; two classes at least are needed");
    if (signs_ && names_.size() > 2)
      throw Error(ONAGER_IO, train_labels + ": has " + std::to_string(names_.size()) +
                                 " classes; targets = \"signs\" is for two, say which by classes");
    if (signs_) names_.clear();
    return {Task::classification, train_.count(), test_.count(), shape_.size(),
            signs_ ? 1 : static_cast<std::int64_t>(names_.size())};
  }

  template <class T>
  void fill(Split split, std::int64_t first, Matrix<T> x, Matrix<T> y) const {
    const Images& images = of(split);
    for (std::int64_t i = 0; i < x.rows; ++i) {
      const unsigned char* pixels = images.bytes.data() + (first + i) * shape_.size();
      for (std::int64_t j = 0; j < x.cols; ++j)
        x(i, j) = static_cast<T>(static_cast<double>(pixels[j]) / divide_);
      const std::int64_t place = place_[images.labels.at(static_cast<std::size_t>(first + i))];
      if (signs_) {
        y(i, 0) = place == 0 ? T(-1) : T(1);
        continue;
      }
      for (std::int64_t j = 0; j < y.cols; ++j) y(i, j) = T(0);
      y(i, place) = T(1);
    }
  }

  /// Names of the classes, none for signs.
  const std::vector<std::string>& output_names() const { return names_; }
  std::vector<NamedTable> facts() {
    return {{"image_shape", "rows and columns of an image", &extents_, ONAGER_INT64},
            {"image_channels", "colours of an image, all pixels of one after those of the other",
             &channels_, ONAGER_INT64}};
  }

 private:
  struct Images {
    std::int64_t limit = 0;
    std::vector<unsigned char> bytes, labels;

    std::int64_t count() const { return static_cast<std::int64_t>(labels.size()); }
  };

  Images& of(Split split) { return split == Split::train ? train_ : test_; }
  const Images& of(Split split) const { return split == Split::train ? train_ : test_; }

  static std::array<bool, 256> occurring(const Images& images) {
    std::array<bool, 256> out{};
    for (const unsigned char label : images.labels) out[label] = true;
    return out;
  }

  Host host_;
  std::vector<std::int64_t> classes_;
  double divide_;
  bool signs_;
  ImageShape shape_;
  Images train_, test_;
  std::array<std::int64_t, 256> place_{};
  std::vector<std::string> names_;
  Table extents_, channels_;
};

}  // namespace onager::plugins
