// SPDX-License-Identifier: MIT
#pragma once

#include "bilinear.hpp"
#include "image.hpp"

#include <algorithm>

namespace onager::plugins::network {

/// y[o, i] = factor <W[i, :], patch_o> + bias_factor b[i] at each position o of a window, for
/// patches of k² channels numbers, row by row of pixels with their channels; W: filters x patch.
/// Patches of several samples are gathered and multiplied by one gemm: 2 n positions patch filters
/// flops, as for a dense layer over n positions samples.
class Convolution : public Bilinear<Convolution> {
 public:
  Convolution(const Image& in, std::int64_t filters, const Windows& windows,
              const Parametrisation& p)
      : Bilinear(weights(in, filters, windows, p)),
        in_(in),
        out_(windows.over(in, filters)),
        windows_(windows),
        patch_(windows.size * windows.size * in.channels) {}

  std::int64_t size() const override { return out_.size(); }
  const Image& image() const { return out_; }

  template <class T>
  void apply(const Host& host, Scratch<T>& scratch, double alpha, const T* w, Matrix<const T> a,
             const Target<T>& to) const {
    for_blocks(scratch, a.rows, dense(to.m), [&](std::int64_t first, Matrix<T> patches) {
      gather(host, a, first, patches);
      host.gemm<T>(alpha, patches, false, matrix(w), true, to.beta(),
                   Matrix<T>(to.m.row(first), patches.rows, out_.channels));
    });
  }

  template <class T>
  void transposed(const Host& host, Scratch<T>& scratch, double alpha, const T* w,
                  Matrix<const T> g, const Target<T>& to) const {
    if (to.fresh) fill(to.m, T(0));
    for_blocks(scratch, g.rows, dense(g), [&](std::int64_t first, Matrix<T> patches) {
      host.gemm<T>(alpha, Matrix<const T>(g.row(first), patches.rows, out_.channels), false,
                   matrix(w), false, 0, patches);
      scatter<T>(host, patches, first, to.m);
    });
  }

  template <class T>
  void outer(const Host& host, Scratch<T>& scratch, double alpha, Matrix<const T> g,
             Matrix<const T> a, double keep, T* to) const {
    for_blocks(scratch, a.rows, dense(g), [&](std::int64_t first, Matrix<T> patches) {
      gather(host, a, first, patches);
      host.gemm<T>(alpha, Matrix<const T>(g.row(first), patches.rows, out_.channels), true, patches,
                   false, first == 0 ? keep : 1, Matrix<T>(to, out_.channels, patch_));
    });
  }

  /// A sample's gradient with respect to W is G' P, with G its signals (positions x filters) and P
  /// its patches (positions x patch). The inner product of two is taken in the cheaper of two ways:
  ///
  ///   sum over pairs of positions of (G_i G_j') o (P_i P_j')    2 positions² (filters + patch)
  ///   <G_i' P_i, G_j' P_j>, gradients formed in blocks           2 filters patch
  ///
  /// flops for a pair of samples and of outputs.
  template <class T>
  void tangent_kernel(const KernelSum<T>& sum) const {
    const double pairs = static_cast<double>(out_.positions() * out_.positions());
    const double c2 = static_cast<double>(sum.x.outputs() * sum.x.outputs());
    const auto filters = static_cast<double>(out_.channels), patch = static_cast<double>(patch_);
    if (pairs * (c2 * filters + patch) < c2 * filters * patch) by_positions(sum);
    else by_gradients(sum);
    this->add_bias_kernel(sum);
  }

 private:
  static constexpr std::int64_t block_numbers = std::int64_t{1} << 19;  // of patches at a time
  static constexpr std::int64_t gradient_numbers = std::int64_t{1} << 20;

  static Weights weights(const Image& in, std::int64_t filters, const Windows& windows,
                         const Parametrisation& p) {
    const std::int64_t patch = windows.size * windows.size * in.channels;
    Weights out{filters, patch, p.weights(patch)};
    if (p.bias()) out.biases = filters;
    out.bias_scaling = p.biases(patch);
    out.positions = windows.over(in, filters).positions();
    return out;
  }

  template <class T>
  Matrix<const T> matrix(const T* w) const {
    return {w, out_.channels, patch_};
  }
  template <class T>
  static bool dense(const Matrix<T>& m) {
    return m.row_stride == m.cols;
  }

  /// work(first sample, room for the patches of a block of samples); one sample at a time where
  /// another matrix of the block has gaps between its rows.
  template <class T, class Work>
  void for_blocks(Scratch<T>& scratch, std::int64_t samples, bool several, const Work& work) const {
    const std::int64_t positions = out_.positions();
    const std::int64_t fit = several ? block_numbers / (positions * patch_) : 1;
    const std::int64_t block = std::clamp<std::int64_t>(fit, 1, std::max<std::int64_t>(samples, 1));
    const typename Scratch<T>::Lease room(scratch, block * positions, patch_);
    for (std::int64_t first = 0; first < samples; first += block) {
      Matrix<T> patches = *room;
      patches.rows = std::min(block, samples - first) * positions;
      work(first, patches);
    }
  }

  /// patches <- those of one sample
  template <class T>
  void gather_one(const T* a, T* patches) const {
    for (std::int64_t oy = 0; oy < out_.height; ++oy)
      for (std::int64_t ox = 0; ox < out_.width; ++ox, patches += patch_) {
        if (windows_.padding > 0) std::fill_n(patches, patch_, T(0));
        windows_.for_pixels(in_, oy, ox,
                            [&](std::int64_t y, std::int64_t x, std::int64_t ky, std::int64_t kx) {
                              T* to = patches + (ky * windows_.size + kx) * in_.channels;
                              const T* from = a + in_.at(y, x);
                              const std::int64_t step = in_.channels_first ? in_.positions() : 1;
                              for (std::int64_t j = 0; j < in_.channels; ++j)
                                to[j] = from[j * step];
                            });
      }
  }
  template <class T>
  void gather(const Host& host, Matrix<const T> a, std::int64_t first, Matrix<T> patches) const {
    const std::int64_t positions = out_.positions();
    host.parallel(patches.rows / positions, [&](std::int64_t i, std::int32_t) {
      gather_one(a.row(first + i), patches.row(i * positions));
    });
  }
  /// Adds each patch to the pixels it was gathered from.
  template <class T>
  void scatter(const Host& host, Matrix<const T> patches, std::int64_t first, Matrix<T> to) const {
    const std::int64_t positions = out_.positions();
    host.parallel(patches.rows / positions, [&](std::int64_t i, std::int32_t) {
      const T* patch = patches.row(i * positions);
      T* const pixels = to.row(first + i);
      for (std::int64_t oy = 0; oy < out_.height; ++oy)
        for (std::int64_t ox = 0; ox < out_.width; ++ox, patch += patch_)
          windows_.for_pixels(
              in_, oy, ox, [&](std::int64_t y, std::int64_t x, std::int64_t ky, std::int64_t kx) {
                const T* from = patch + (ky * windows_.size + kx) * in_.channels;
                T* out = pixels + in_.at(y, x);
                const std::int64_t step = in_.channels_first ? in_.positions() : 1;
                for (std::int64_t j = 0; j < in_.channels; ++j) out[j * step] += from[j];
              });
    });
  }

  template <class T>
  void by_positions(const KernelSum<T>& sum) const {
    const std::int64_t positions = out_.positions();
    const std::int64_t block = std::max<std::int64_t>(1, 512 / positions);
    const auto room = [&](std::int64_t cols) {
      return typename Scratch<T>::Lease(sum.scratch, block * positions, cols);
    };
    const auto px = room(patch_), pz = room(patch_), inputs = room(block * positions),
               signals = room(block * positions);
    for (std::int64_t i = 0; i < sum.x.samples(); i += block) {
      const std::int64_t n = std::min(block, sum.x.samples() - i);
      const Matrix<T> patches_x(px->data, n * positions, patch_);
      gather(sum.host, sum.x.input, i, patches_x);
      const std::int64_t columns = sum.lower ? i + 1 : sum.z.samples();
      for (std::int64_t j = 0; j < columns; j += block) {
        const std::int64_t m = std::min(block, sum.z.samples() - j);
        const Matrix<T> patches_z(pz->data, m * positions, patch_);
        gather(sum.host, sum.z.input, j, patches_z);
        const Matrix<T> g(inputs->data, n * positions, m * positions),
            s(signals->data, n * positions, m * positions);
        sum.host.template gemm<T>(factor() * factor(), patches_x, false, patches_z, true, 0, g);
        for (std::int64_t l = 0; l < sum.x.outputs(); ++l)
          for (std::int64_t k = 0; k < sum.z.outputs(); ++k) {
            sum.host.template gemm<T>(1, rows_of(sum.x, l, i, n), false, rows_of(sum.z, k, j, m),
                                      true, 0, s);
            add_sums<T>(sum, i, n, l, j, m, k, g, s);
          }
      }
    }
  }

  /// out(i c + l, j c + k) += the sum over the pairs of positions of samples i and j of g o s
  template <class T>
  void add_sums(const KernelSum<T>& sum, std::int64_t i0, std::int64_t n, std::int64_t l,
                std::int64_t j0, std::int64_t m, std::int64_t k, Matrix<const T> g,
                Matrix<const T> s) const {
    const std::int64_t positions = out_.positions(), c = sum.x.outputs();
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t j = 0; j < m; ++j) {
        T total = 0;
        for (std::int64_t at = i * positions; at < (i + 1) * positions; ++at)
          for (std::int64_t b = j * positions; b < (j + 1) * positions; ++b)
            total += g(at, b) * s(at, b);
        sum.out((i0 + i) * c + l, (j0 + j) * c + k) += total;
      }
  }

  /// The signals of output l at samples first .. first + count - 1, a row a position.
  template <class T>
  Matrix<const T> rows_of(const Side<T>& side, std::int64_t l, std::int64_t first,
                          std::int64_t count) const {
    return {side.signals[static_cast<std::size_t>(l)].row(first), count * out_.positions(),
            out_.channels};
  }

  template <class T>
  void by_gradients(const KernelSum<T>& sum) const {
    const std::int64_t c = sum.x.outputs(), n = sum.x.samples(), m = sum.z.samples();
    const std::int64_t a_filter = (n + (sum.lower ? 0 : m)) * c * patch_;
    const std::int64_t filters =
        std::clamp<std::int64_t>(gradient_numbers / a_filter, 1, out_.channels);
    const typename Scratch<T>::Lease x(sum.scratch, n * c, filters * patch_),
        z(sum.scratch, sum.lower ? 0 : m * c, filters * patch_);
    for (std::int64_t first = 0; first < out_.channels; first += filters) {
      const std::int64_t count = std::min(filters, out_.channels - first);
      const Matrix<T> jx(x->data, n * c, count * patch_), jz(z->data, z->rows, count * patch_);
      gradients(sum, sum.x, first, count, jx);
      if (!sum.lower) gradients(sum, sum.z, first, count, jz);
      inner_products<T>(sum.host, factor() * factor(), jx, sum.lower ? jx : jz, sum.lower, 1,
                        sum.out);
    }
  }

  /// Row i c + l of out <- the gradient of output l at sample i with respect to some filters.
  template <class T>
  void gradients(const KernelSum<T>& sum, const Side<T>& side, std::int64_t first,
                 std::int64_t filters, Matrix<T> out) const {
    const std::int64_t positions = out_.positions(), c = side.outputs();
    const typename Scratch<T>::Lease patches(sum.scratch, positions, patch_);
    for (std::int64_t i = 0; i < side.samples(); ++i) {
      gather_one(side.input.row(i), patches->data);
      for (std::int64_t l = 0; l < c; ++l) {
        Matrix<const T> signal = rows_of(side, l, i, 1);
        signal.data += first;
        signal.cols = filters;
        sum.host.template gemm<T>(1, signal, true, *patches, false, 0,
                                  Matrix<T>(out.row(i * c + l), filters, patch_));
      }
    }
  }

  Image in_, out_;
  Windows windows_;
  std::int64_t patch_;
};

}  // namespace onager::plugins::network
