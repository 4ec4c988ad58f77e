// SPDX-License-Identifier: MIT
#pragma once

#include <onager/array.hpp>

namespace onager::plugins::network {

/// How an image lies in a sample's numbers: row by row of pixels, each with its channels, or one
/// channel's pixels after the other's. Layers that make images make the first.
struct Image {
  std::int64_t height = 0, width = 0, channels = 0;
  bool channels_first = false;

  std::int64_t size() const { return height * width * channels; }
  std::int64_t positions() const { return height * width; }
  std::int64_t at(std::int64_t y, std::int64_t x, std::int64_t channel = 0) const {
    return channels_first ? (channel * height + y) * width + x
                          : (y * width + x) * channels + channel;
  }
};

/// Windows of size x size pixels, `stride` apart, over an image with `padding` zeros around it.
struct Windows {
  std::int64_t size = 1, stride = 1, padding = 0;

  std::int64_t along(std::int64_t pixels) const {
    const std::int64_t room = pixels + 2 * padding - size;
    return room < 0 ? 0 : room / stride + 1;
  }
  /// The image of one number a window and channel.
  Image over(const Image& in, std::int64_t channels) const {
    return {along(in.height), along(in.width), channels};
  }
  /// work(y, x, ky, kx) for the pixels (y, x) of window (oy, ox) that lie in the image
  template <class Work>
  void for_pixels(const Image& in, std::int64_t oy, std::int64_t ox, const Work& work) const {
    for (std::int64_t ky = 0; ky < size; ++ky)
      for (std::int64_t kx = 0; kx < size; ++kx) {
        const std::int64_t y = oy * stride + ky - padding, x = ox * stride + kx - padding;
        if (y >= 0 && y < in.height && x >= 0 && x < in.width) work(y, x, ky, kx);
      }
  }
};

}  // namespace onager::plugins::network
