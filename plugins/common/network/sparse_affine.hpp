// SPDX-License-Identifier: MIT
#pragma once

#include "bilinear.hpp"

#include <onager/simd.hpp>

#include <algorithm>

namespace onager::plugins::network {

/// Which inputs each neuron reads: neuron v those of edges starts[v] .. starts[v + 1] - 1.
struct Edges {
  std::vector<std::int64_t> starts{0};
  std::vector<std::int32_t> sources;

  std::int64_t neurons() const { return static_cast<std::int64_t>(starts.size()) - 1; }
  std::int64_t count() const { return starts.back(); }
  std::int64_t degree(std::int64_t v) const {
    return starts[static_cast<std::size_t>(v) + 1] - starts[static_cast<std::size_t>(v)];
  }
  void add_neuron(const std::vector<std::int32_t>& reads) {
    sources.insert(sources.end(), reads.begin(), reads.end());
    starts.push_back(static_cast<std::int64_t>(sources.size()));
  }
};

/// y_v = (1/sqrt(in-degree of v)) sum over edges e = (u, v) of w_e a_u + bias_factor b_v.
///
/// Works on transposed batches, in which a neuron's n samples are a run: 2 n flops an edge, the
/// same for each cotangent, over the run's threads by neurons.
class SparseAffine : public Bilinear<SparseAffine> {
 public:
  SparseAffine(std::int64_t in, Edges edges, const Initial& initial, bool bias,
               const Scaling& biases)
      : Bilinear({edges.count(), 1, {1, initial}, bias ? edges.neurons() : 0, biases}),
        in_(in),
        out_(edges.neurons()),
        edges_(std::move(edges)) {
    for (std::int64_t v = 0; v < out_; ++v)
      factors_.push_back(1 / std::sqrt(static_cast<double>(edges_.degree(v))));
    reverse();
  }

  std::int64_t size() const override { return out_; }

  template <class T>
  void apply(const Host& host, Scratch<T>& scratch, double alpha, const T* w, Matrix<const T> a,
             const Target<T>& to) const {
    const typename Scratch<T>::Lease at(scratch, in_, a.rows), yt(scratch, out_, a.rows);
    transpose<T>(a, *at);
    sum_edges<T>(host, edges_, w, *at, *yt);
    for (std::int64_t v = 0; v < out_; ++v) scale_row(yt->row(v), a.rows, alpha * factor_of(v));
    add_transposed<T>(*yt, to);
  }

  template <class T>
  void transposed(const Host& host, Scratch<T>& scratch, double alpha, const T* w,
                  Matrix<const T> g, const Target<T>& to) const {
    const typename Scratch<T>::Lease gt(scratch, out_, g.rows), at(scratch, in_, g.rows),
        by_source(scratch, 1, edges_.count());
    transpose<T>(g, *gt);
    for (std::int64_t v = 0; v < out_; ++v) scale_row(gt->row(v), g.rows, alpha * factor_of(v));
    for (std::size_t e = 0; e < reversed_.sources.size(); ++e) by_source->data[e] = w[edge_at_[e]];
    sum_edges<T>(host, reversed_, by_source->data, *gt, *at);
    add_transposed<T>(*at, to);
  }

  template <class T>
  void outer(const Host& host, Scratch<T>& scratch, double alpha, Matrix<const T> g,
             Matrix<const T> a, double keep, T* to) const {
    const std::int64_t n = a.rows;
    const typename Scratch<T>::Lease gt(scratch, out_, n), at(scratch, in_, n);
    transpose<T>(g, *gt);
    transpose<T>(a, *at);
    const T kept = static_cast<T>(keep);
    for_neurons(host, edges_, n, [&](std::int64_t v) ONAGER_INLINE_LAMBDA {
      const T scale = static_cast<T>(alpha * factor_of(v));
      const T* signal = gt->row(v);
      for (std::int64_t e = start_of(v); e < start_of(v + 1); ++e) {
        const T* input = at->row(edges_.sources[static_cast<std::size_t>(e)]);
        T sum = 0;
        for (std::int64_t i = 0; i < n; ++i) sum += signal[i] * input[i];
        to[e] = (keep == 0 ? T(0) : kept * to[e]) + scale * sum;
      }
    });
  }

  /// The gradient with respect to w_e, e = (u, v), is factor_v g_v a_u: blocks of edges of the
  /// Jacobian, 2 n m c² flops an edge.
  template <class T>
  void tangent_kernel(const KernelSum<T>& sum) const {
    const std::int64_t n = sum.x.samples() * sum.x.outputs(),
                       m = sum.lower ? 0 : sum.z.samples() * sum.z.outputs();
    const std::int64_t most =
        std::clamp<std::int64_t>(jacobian_numbers / (n + m), 1, edges_.count());
    const typename Scratch<T>::Lease x(sum.scratch, n, most), z(sum.scratch, m, most);
    for (std::int64_t first = 0; first < edges_.count(); first += most) {
      const std::int64_t count = std::min(most, edges_.count() - first);
      const Matrix<T> jx(x->data, n, count), jz(z->data, m, count);
      jacobian(sum.host, sum.x, first, jx);
      if (!sum.lower) jacobian(sum.host, sum.z, first, jz);
      inner_products<T>(sum.host, 1, jx, sum.lower ? jx : jz, sum.lower, 1, sum.out);
    }
    add_bias_kernel(sum);
  }

 private:
  static constexpr std::int64_t jacobian_numbers = std::int64_t{1} << 20;

  double factor_of(std::int64_t v) const { return factors_[static_cast<std::size_t>(v)]; }
  std::int64_t start_of(std::int64_t v) const { return edges_.starts[static_cast<std::size_t>(v)]; }

  /// The edges by the input they leave from: sources of an input are the neurons that read it.
  void reverse() {
    std::vector<std::int64_t> next(static_cast<std::size_t>(in_) + 1, 0);
    for (const std::int32_t u : edges_.sources) ++next[static_cast<std::size_t>(u) + 1];
    for (std::size_t u = 1; u < next.size(); ++u) next[u] += next[u - 1];
    reversed_.starts = next;
    reversed_.sources.resize(edges_.sources.size());
    edge_at_.resize(edges_.sources.size());
    for (std::int64_t v = 0; v < out_; ++v)
      for (std::int64_t e = start_of(v); e < start_of(v + 1); ++e) {
        const auto u = static_cast<std::size_t>(edges_.sources[static_cast<std::size_t>(e)]);
        const auto at = static_cast<std::size_t>(next[u]++);
        reversed_.sources[at] = static_cast<std::int32_t>(v);
        edge_at_[at] = static_cast<std::int32_t>(e);
      }
  }

  /// work(v) for each neuron, over the run's threads; inlined into the widest SIMD form.
  template <class Work>
  static void for_neurons(const Host& host, const Edges& edges, std::int64_t samples,
                          const Work& work) {
    const std::int64_t neurons = edges.neurons();
    const std::int64_t numbers = edges.count() * samples;
    const std::int64_t tasks = std::clamp<std::int64_t>(numbers / task_length, 1, neurons);
    const auto several = [&](std::int64_t task, std::int32_t) {
      const std::int64_t first = task * neurons / tasks, end = (task + 1) * neurons / tasks;
      widest([&]() ONAGER_INLINE_LAMBDA {
        for (std::int64_t v = first; v < end; ++v) work(v);
      });
    };
    if (tasks == 1) several(0, 0);
    else host.parallel(tasks, several);
  }

  /// Row v of out <- the sum over edges e = (u, v) of w_e times row u of values.
  template <class T>
  static void sum_edges(const Host& host, const Edges& edges, const T* w, Matrix<const T> values,
                        Matrix<T> out) {
    const std::int64_t n = values.cols;
    for_neurons(host, edges, n, [&](std::int64_t v) ONAGER_INLINE_LAMBDA {
      T* y = out.row(v);
      std::fill_n(y, n, T(0));
      const std::int64_t end = edges.starts[static_cast<std::size_t>(v) + 1];
      std::int64_t e = edges.starts[static_cast<std::size_t>(v)];
      const auto row = [&](std::int64_t edge) ONAGER_INLINE_LAMBDA {
        return values.row(edges.sources[static_cast<std::size_t>(edge)]);
      };
      for (; e + 4 <= end; e += 4) {  // four at a time: fewer passes over y
        const T *a = row(e), *b = row(e + 1), *c = row(e + 2), *d = row(e + 3);
        for (std::int64_t i = 0; i < n; ++i)
          y[i] += (w[e] * a[i] + w[e + 1] * b[i]) + (w[e + 2] * c[i] + w[e + 3] * d[i]);
      }
      for (; e < end; ++e) {
        const T* a = row(e);
        for (std::int64_t i = 0; i < n; ++i) y[i] += w[e] * a[i];
      }
    });
  }

  /// Row i c + l of out <- the derivatives of output l at sample i by edges first, first + 1, ..
  template <class T>
  void jacobian(const Host& host, const Side<T>& side, std::int64_t first, Matrix<T> out) const {
    const std::int64_t c = side.outputs(), end = first + out.cols;
    const auto begin = std::upper_bound(edges_.starts.begin(), edges_.starts.end(), first) - 1;
    const std::int64_t first_neuron = begin - edges_.starts.begin();
    host.parallel(side.samples(), [&](std::int64_t i, std::int32_t) {
      const T* input = side.input.row(i);
      for (std::int64_t l = 0; l < c; ++l) {
        const T* signal = side.signals[static_cast<std::size_t>(l)].row(i);
        T* row = out.row(i * c + l);
        for (std::int64_t v = first_neuron; v < out_ && start_of(v) < end; ++v) {
          const T scale = static_cast<T>(factor_of(v)) * signal[v];
          const std::int64_t last = std::min(end, start_of(v + 1));
          for (std::int64_t e = std::max(first, start_of(v)); e < last; ++e)
            row[e - first] = scale * input[edges_.sources[static_cast<std::size_t>(e)]];
        }
      }
    });
  }

  template <class T>
  static void scale_row(T* row, std::int64_t n, double factor) {
    const T scale = static_cast<T>(factor);
    for (std::int64_t i = 0; i < n; ++i) row[i] *= scale;
  }

  template <class T>
  static void transpose(Matrix<const T> m, Matrix<T> out) {
    in_squares(m.rows, m.cols, [&](std::int64_t i, std::int64_t j) { out(j, i) = m(i, j); });
  }
  template <class T>
  static void add_transposed(Matrix<const T> m, const Target<T>& to) {
    in_squares(to.m.rows, to.m.cols, [&](std::int64_t i, std::int64_t j) {
      to.m(i, j) = (to.fresh ? T(0) : to.m(i, j)) + m(j, i);
    });
  }

  std::int64_t in_, out_;
  Edges edges_, reversed_;
  std::vector<std::int32_t> edge_at_;  // of each reversed edge, the edge
  std::vector<double> factors_;
};

}  // namespace onager::plugins::network
