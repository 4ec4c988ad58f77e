// SPDX-License-Identifier: MIT
//
// What a layer of a network is. A batch is a matrix, samples its rows. Along a direction (u, s) of
// parameters and inputs a batch is a curve a(e) = a at (w + e u, x + e s), known by its derivatives
// in e at 0; a layer carries these forwards and cotangents backwards, and knows nothing of the
// network around it. A new type of layer is a class in a file of its own.
#pragma once

#include "parametrisation.hpp"
#include "scratch.hpp"

#include <array>
#include <vector>

namespace onager::plugins::network {

/// A matrix to add to. fresh: it holds nothing yet, so that adding is setting.
template <class T>
struct Target {
  Matrix<T> m;
  bool fresh;
  double beta() const { return fresh ? 0 : 1; }  // for gemm
};

/// Derivatives of order 0, 1 and 2 in e of a batch (n x size), or of its cotangent. An order that
/// was never written is 0.
template <class T>
class Series {
 public:
  Series() = default;
  Series(Scratch<T>& scratch, std::int64_t rows, std::int64_t cols)
      : scratch_(&scratch), rows_(rows), cols_(cols) {}

  bool has(int k) const { return orders_[index(k)].there; }
  bool any() const { return has(0) || has(1) || has(2); }
  const Matrix<const T>& operator[](int k) const { return orders_[index(k)].read; }

  /// Order k is m, of someone else.
  void set(int k, Matrix<const T> m) {
    orders_[index(k)].read = m;
    orders_[index(k)].there = true;
  }
  /// Order k will be written to m, of someone else.
  void place(int k, Matrix<T> m) { orders_[index(k)].write = m; }
  /// Where order k is added up.
  Target<T> target(int k) {
    Order& o = orders_[index(k)];
    const bool fresh = !o.there;
    if (fresh) {
      if (o.write.data == nullptr) {
        o.write = scratch_->take(rows_, cols_);
        o.own = true;
      }
      o.read = o.write;
      o.there = true;
    }
    return {o.write, fresh};
  }
  /// Forgets all orders and gives back their memory.
  void release() {
    for (Order& o : orders_) {
      if (o.own) scratch_->give_back(o.write);
      o = Order();
    }
  }

 private:
  struct Order {
    Matrix<const T> read;
    Matrix<T> write;
    bool there = false, own = false;
  };
  static std::size_t index(int k) { return static_cast<std::size_t>(k); }

  std::array<Order, 3> orders_;
  Scratch<T>* scratch_ = nullptr;
  std::int64_t rows_ = 0, cols_ = 0;
};

/// A layer forwards: output orders 0 .. order <- inputs. u NULL: the parameters do not move.
template <class T>
struct Push {
  const Host& host;
  Scratch<T>& scratch;
  int order;
  const T *w, *u;  // the layer's own parameters, and their direction
  std::vector<const Series<T>*> inputs;
  Series<T>& output;
};

/// A layer backwards, for a scalar <v, f> whose cotangent at the output is known: adds to those of
/// the inputs (NULL: not wanted), orders 0 .. order, and sets the gradient of its parameters (NULL:
/// not wanted) of the highest order. Inputs have their values where the layer reads_inputs.
template <class T>
struct Pull {
  const Host& host;
  Scratch<T>& scratch;
  int order;  // 0 or 1
  const T *w, *u;
  std::vector<const Series<T>*> inputs;
  const Series<T>& cotangent;
  std::vector<Series<T>*> sums;
  T* gradient;
};

/// What a layer sees of a set of n samples when it adds to a tangent kernel.
template <class T>
struct Side {
  Matrix<const T> input;  // n x in
  std::vector<Matrix<const T>>
      signals;  // one an output l: row i is d f_l(x_i) / d (layer's output)
  std::int64_t samples() const { return input.rows; }
  std::int64_t outputs() const { return static_cast<std::int64_t>(signals.size()); }
};

/// out(i c + l, j c + k) += <d f_l(x_i)/dw, d f_k(z_j)/dw> over a layer's parameters w. lower: z is
/// x, and only elements on and below the diagonal are wanted.
template <class T>
struct KernelSum {
  const Host& host;
  Scratch<T>& scratch;
  const Side<T>&x, &z;
  bool lower;
  Matrix<T> out;
};

/// A matrix or vector among a layer's parameters, row after row.
struct ParameterBlock {
  const char* letter;  // "w" or "b"
  std::int64_t rows, cols;
  Initial initial;
};

class Layer {
 public:
  virtual ~Layer() = default;
  virtual std::int64_t size() const = 0;  // numbers a sample of the output
  virtual std::vector<ParameterBlock> parameters() const { return {}; }
  /// Whether pull reads the values of the inputs.
  virtual bool reads_inputs() const { return false; }
  virtual void push(const Push<double>&) const = 0;
  virtual void push(const Push<float>&) const = 0;
  virtual void pull(const Pull<double>&) const = 0;
  virtual void pull(const Pull<float>&) const = 0;
  virtual void add_kernel(const KernelSum<double>&) const {}
  virtual void add_kernel(const KernelSum<float>&) const {}
};

/// A layer whose class has the templates forward(Push<T>), backward(Pull<T>) and, where it has
/// parameters, tangent_kernel(KernelSum<T>).
template <class Self>
class LayerOf : public Layer {
 public:
  void push(const Push<double>& p) const override { self().forward(p); }
  void push(const Push<float>& p) const override { self().forward(p); }
  void pull(const Pull<double>& p) const override { self().backward(p); }
  void pull(const Pull<float>& p) const override { self().backward(p); }
  void add_kernel(const KernelSum<double>& p) const override { self().tangent_kernel(p); }
  void add_kernel(const KernelSum<float>& p) const override { self().tangent_kernel(p); }

 protected:
  template <class T>
  void tangent_kernel(const KernelSum<T>&) const {}

 private:
  const Self& self() const { return static_cast<const Self&>(*this); }
};

}  // namespace onager::plugins::network
