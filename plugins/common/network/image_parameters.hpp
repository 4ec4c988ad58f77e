// SPDX-License-Identifier: MIT
#pragma once

#include "image.hpp"

#include <onager/plugin.hpp>

#include <cmath>

namespace onager::plugins::network {

/// The image that a sample is, as the user says or as its number of features tells.
class ImageParameters {
 public:
  explicit ImageParameters(const Config& c)
      : height_(c.integer("image_height")),
        width_(c.integer("image_width")),
        channels_(c.integer("image_channels")),
        channels_first_(c.choice("image_layout") == "channels_first") {}

  /// Sides that are left out follow from the features: both are equal where both are left out.
  Image of(std::int64_t features) const {
    Image image{height_, width_, channels_, channels_first_};
    const std::int64_t pixels = features / channels_;
    if (image.height == 0 && image.width == 0)
      image.height = image.width = std::llround(std::sqrt(static_cast<double>(pixels)));
    else if (image.height == 0) image.height = pixels / image.width;
    else if (image.width == 0) image.width = pixels / image.height;
    if (image.size() != features)
      throw Error(ONAGER_INVALID,
                  "image_height: samples have " + std::to_string(features) +
                      " features, which is no image of " + side(height_) + " x " + side(width_) +
                      " pixels with " + std::to_string(channels_) +
                      " channels; set image_height, image_width and image_channels");
    return image;
  }

  static std::vector<Parameter> parameters() {
    return {integer("image_height", 0, "Rows of pixels; 0: from the features").at_least(0),
            integer("image_width", 0, "Pixels of a row; 0: from the features").at_least(0),
            integer("image_channels", 1, "Numbers of a pixel").at_least(1),
            choice("image_layout", {"channels_last", "channels_first"}, "channels_last",
                   "channels_last: pixel after pixel; channels_first: all pixels of one channel, "
                   "then the next")};
  }

 private:
  static std::string side(std::int64_t pixels) {
    return pixels == 0 ? std::string("any") : std::to_string(pixels);
  }

  std::int64_t height_, width_, channels_;
  bool channels_first_;
};

}  // namespace onager::plugins::network
