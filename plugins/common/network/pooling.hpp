// SPDX-License-Identifier: MIT
#pragma once

#include "elementwise.hpp"
#include "image.hpp"
#include "layer.hpp"

namespace onager::plugins::network {

enum class Pool { average, largest };

/// One number a window and channel: the mean of its pixels, or the largest. The largest is chosen
/// by the values, the first of equals, and derivatives follow that pixel.
class Pooling : public LayerOf<Pooling> {
 public:
  Pooling(const Image& in, Pool pool, const Windows& windows)
      : in_(in), out_(windows.over(in, in.channels)), pool_(pool), windows_(windows) {}

  std::int64_t size() const override { return out_.size(); }
  bool reads_inputs() const override { return pool_ == Pool::largest; }
  const Image& image() const { return out_; }

  template <class T>
  void forward(const Push<T>& p) const {
    const Series<T>& a = *p.inputs[0];
    for (int k = 0; k <= p.order; ++k) {
      if (!a.has(k)) continue;
      const Matrix<T> y = p.output.target(k).m;
      for_samples(p.host, a[0].rows, [&](std::int64_t i) {
        const T *values = a[0].row(i), *from = a[k].row(i);
        T* to = y.row(i);
        std::fill_n(to, out_.size(), T(0));
        for_weights(values, [&](std::int64_t pixel, std::int64_t window, T weight) {
          to[window] += weight * from[pixel];
        });
      });
    }
  }

  template <class T>
  void backward(const Pull<T>& p) const {
    for (int k = 0; p.sums[0] && k <= p.order; ++k) {
      if (!p.cotangent.has(k)) continue;
      const Target<T> sum = p.sums[0]->target(k);
      const Matrix<const T>& g = p.cotangent[k];
      for_samples(p.host, g.rows, [&](std::int64_t i) {
        T* to = sum.m.row(i);
        if (sum.fresh) std::fill_n(to, in_.size(), T(0));
        const T* values = pool_ == Pool::largest ? (*p.inputs[0])[0].row(i) : nullptr;
        for_weights(values, [&](std::int64_t pixel, std::int64_t window, T weight) {
          to[pixel] += weight * g.row(i)[window];
        });
      });
    }
  }

 private:
  template <class Work>
  static void for_samples(const Host& host, std::int64_t samples, const Work& work) {
    host.parallel(samples, [&](std::int64_t i, std::int32_t) { work(i); });
  }

  /// work(pixel, window, weight) for the pixels that count, of one sample with these values
  template <class T, class Work>
  void for_weights(const T* values, const Work& work) const {
    for (std::int64_t oy = 0; oy < out_.height; ++oy)
      for (std::int64_t ox = 0; ox < out_.width; ++ox) {
        if (pool_ == Pool::average) average<T>(oy, ox, work);
        else largest<T>(values, oy, ox, work);
      }
  }
  template <class T, class Work>
  void average(std::int64_t oy, std::int64_t ox, const Work& work) const {
    const T weight = T(1) / static_cast<T>(windows_.size * windows_.size);
    windows_.for_pixels(in_, oy, ox,
                        [&](std::int64_t y, std::int64_t x, std::int64_t, std::int64_t) {
                          for (std::int64_t j = 0; j < in_.channels; ++j)
                            work(in_.at(y, x, j), out_.at(oy, ox, j), weight);
                        });
  }
  template <class T, class Work>
  void largest(const T* values, std::int64_t oy, std::int64_t ox, const Work& work) const {
    for (std::int64_t j = 0; j < in_.channels; ++j) {
      std::int64_t best = -1;
      windows_.for_pixels(in_, oy, ox,
                          [&](std::int64_t y, std::int64_t x, std::int64_t, std::int64_t) {
                            const std::int64_t pixel = in_.at(y, x, j);
                            if (best < 0 || values[pixel] > values[best]) best = pixel;
                          });
      if (best >= 0) work(best, out_.at(oy, ox, j), T(1));
    }
  }

  Image in_, out_;
  Pool pool_;
  Windows windows_;
};

}  // namespace onager::plugins::network
