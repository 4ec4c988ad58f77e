// SPDX-License-Identifier: MIT
#include "linalg/kernel_expression.hpp"

#include "linalg/arrays.hpp"
#include "linalg/blas.hpp"
#include "linalg/kernel_node.hpp"
#include "linalg/squared_distances.hpp"

#include <algorithm>

namespace onager::host {

namespace {

using Node = KernelExpression::Node;
using Form = Node::Form;

template <class T>
T direct_distance(const T* x, const T* z, std::int64_t d) {
  T sum = 0;
  for (std::int64_t i = 0; i < d; ++i) sum += (x[i] - z[i]) * (x[i] - z[i]);
  return sum;
}

/// r2 <- squared distances of one row x to n rows z.
template <class T>
void squared_distances(const TileInput<T>& in, std::int64_t i, const T* __restrict products,
                       T* __restrict r2) {
  const T x_norm = in.x_norms[i];
  const T* __restrict z_norms = in.z_norms;
  if (!expanded_distances(in.n, x_norm, z_norms, products, r2)) return;
  constexpr T threshold = cancellation_threshold<T>();
  for (std::int64_t j = 0; j < in.n; ++j)
    if (r2[j] < threshold * (x_norm + z_norms[j]))
      r2[j] = direct_distance(in.x + i * in.d, in.z + j * in.d, in.d);
}

/// The evaluation of some rows of a tile: the state that the recursion over nodes shares.
template <class T>
struct TileEvaluation {
  const TileInput<T>& in;
  KernelExpression::Workspace<T>& work;
  bool derivative;
  std::int64_t count = 0;       // numbers in those rows
  const T* products = nullptr;  // their <x, z>
  const T* z_norms = nullptr;   // |z|², for each number

  typename KernelExpression::Workspace<T>::NodeRows& rows(const Node& node) {
    return work.rows[node.index];
  }

  /// Values of a node from row i on into `out`, slopes into the node's rows.
  onager_status values(const Node& node, std::int64_t i, T* out) {
    auto& mine = rows(node);
    switch (node.form) {
      case Form::radial:
        return node.evaluate_radial(count, work.r2.data(), out,
                                    derivative ? mine.slope.data() : nullptr, work.convert);
      case Form::dot:
        return node.evaluate_dot(count, products, work.norm.data(), z_norms, out,
                                 derivative ? mine.slope.data() : nullptr,
                                 derivative ? mine.slope_a.data() : nullptr, work.convert);
      case Form::block: {
        const T* from = mine.tile.data() + i * in.n;
        std::copy(from, from + count, out);
        return ONAGER_OK;
      }
      case Form::composite: break;
    }
    for (const auto& child : node.children)
      if (const auto status = values(*child, i, rows(*child).value.data())) return status;
    return node.combine(count, mine.child_values.data(), out,
                        derivative ? mine.child_weights.data() : nullptr, work.convert);
  }

  /// Carries d(root)/d(node), in the nodes' weights, down to the leaves and adds their share.
  void weigh(const Node& node, const T* weight, T* towards_z, T* towards_x, T* const* blocks,
             std::int64_t offset) {
    auto& mine = rows(node);
    const auto n = count;
    const auto factor = [&](std::int64_t j) { return weight ? weight[j] : T(1); };
    switch (node.form) {
      case Form::radial: {
        // grad_x g(|x - z|²) = 2 g' (x - z), and 0 for a coincident pair
        const T* r2 = work.r2.data();
        T* along = mine.slope.data();
        for (std::int64_t j = 0; j < n; ++j) {
          along[j] = r2[j] > T(0) ? T(2) * factor(j) * along[j] : T(0);
          towards_z[j] -= along[j];
        }
        for (std::int64_t j = 0; towards_x && j < n; ++j) towards_x[j] += along[j];
        break;
      }
      case Form::dot:
        // grad_x g(<x,z>, |x|², |z|²) = g_s z + 2 g_a x
        for (std::int64_t j = 0; j < n; ++j) {
          towards_z[j] += factor(j) * mine.slope[static_cast<std::size_t>(j)];
          towards_x[j] += T(2) * factor(j) * mine.slope_a[static_cast<std::size_t>(j)];
        }
        break;
      case Form::block: {
        T* to = blocks[node.block_index] + offset;
        for (std::int64_t j = 0; j < n; ++j) to[j] = factor(j);
        break;
      }
      case Form::composite:
        for (const auto& child : node.children) {
          auto& theirs = rows(*child);
          if (weight)
            for (std::int64_t j = 0; j < n; ++j)
              theirs.weight[static_cast<std::size_t>(j)] *= weight[j];
          weigh(*child, theirs.weight.data(), towards_z, towards_x, blocks, offset);
        }
        break;
    }
  }
};

template <class T>
void grow(std::vector<T>& numbers, std::size_t size) {
  if (numbers.size() < size) numbers.resize(size);
}

template <class T>
void prepare(const std::vector<const Node*>& nodes, const TileInput<T>& in, std::int64_t rows,
             KernelExpression::Workspace<T>& work) {
  const auto row = static_cast<std::size_t>(rows * in.n);
  const auto tile = static_cast<std::size_t>(in.m * in.n);
  CallRoom* room = work.room.get();
  work.r2.grow_read(row, room);
  work.norm.grow_read(row, room);
  work.rows.resize(nodes.size());
  for (const Node* node : nodes) {
    auto& mine = work.rows[node->index];
    mine.value.grow_written(row, room);
    mine.slope.grow_written(row, room);
    mine.slope_a.grow_written(row, room);
    grow(mine.weight, row);
    if (node->form == Form::block) grow(mine.tile, tile);
  }
  // only now, as growing moves what these point to
  for (const Node* node : nodes) {
    auto& mine = work.rows[node->index];
    mine.child_values.clear();
    mine.child_weights.clear();
    for (const auto& child : node->children) {
      mine.child_values.push_back(work.rows[child->index].value.data());
      mine.child_weights.push_back(work.rows[child->index].weight.data());
    }
  }
}

/// |z|² for each number of the rows.
template <class T>
const T* repeat_z_norms(const TileInput<T>& in, std::int64_t rows,
                        KernelExpression::Workspace<T>& work) {
  work.z_norms.grow_read(static_cast<std::size_t>(rows * in.n), work.room.get());
  for (std::int64_t i = 0; i < rows; ++i)
    std::copy(in.z_norms, in.z_norms + in.n, work.z_norms.data() + i * in.n);
  return work.z_norms.data();
}

/// Room without gaps for all that is wanted.
template <class T>
TileOutput<T> dense_output(const TileOutput<T>& wanted, std::int64_t count,
                           KernelExpression::Workspace<T>& work) {
  const auto room = [count](const T* asked, std::vector<T>& numbers) -> T* {
    if (asked == nullptr) return nullptr;
    grow(numbers, static_cast<std::size_t>(count));
    return numbers.data();
  };
  TileOutput<T> out;
  if (wanted.k) {
    work.k.grow_written(static_cast<std::size_t>(count), work.room.get());
    out.k = work.k.data();
  }
  out.towards_z = room(wanted.towards_z, work.towards_z);
  out.towards_x = room(wanted.towards_x, work.towards_x);
  work.block_weights.resize(wanted.block_weights.size());
  for (std::size_t b = 0; b < wanted.block_weights.size(); ++b)
    out.block_weights.push_back(room(wanted.block_weights[b], work.block_weights[b]));
  return out;
}

/// Rows without gaps to where they go.
template <class T>
void give(const TileOutput<T>& dense, const TileOutput<T>& out, std::int64_t rows, std::int64_t n) {
  const auto copy = [&](const T* from, T* to) {
    for (std::int64_t i = 0; to && i < rows; ++i)
      std::copy(from + i * n, from + (i + 1) * n, to + i * out.ld);
  };
  copy(dense.k, out.k);
  copy(dense.towards_z, out.towards_z);
  copy(dense.towards_x, out.towards_x);
  for (std::size_t b = 0; b < out.block_weights.size(); ++b)
    copy(dense.block_weights[b], out.block_weights[b]);
}

onager_array view(const void* data, onager_dtype dtype, std::int64_t rows, std::int64_t cols) {
  return {sizeof(onager_array), dtype, const_cast<void*>(data), rows, cols, cols, 1};
}

}  // namespace

KernelExpression::KernelExpression(const onager_child& root, Guard guard, CallRooms rooms)
    : root_(std::make_unique<Node>(root)), guard_(std::move(guard)), rooms_(std::move(rooms)) {
  nodes_.push_back(root_.get());
  root_->index = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    for (const auto& child : nodes_[i]->children) {
      child->index = nodes_.size();
      nodes_.push_back(child.get());
    }
  }
  for (const Node* node : nodes_) {
    if (node->form != Form::block) continue;
    const_cast<Node*>(node)->block_index = blocks_.size();
    blocks_.push_back(node);
  }
}

KernelExpression::~KernelExpression() = default;
KernelExpression::KernelExpression(KernelExpression&&) noexcept = default;

bool KernelExpression::differentiable() const { return first_without_derivative().empty(); }

std::string KernelExpression::first_without_derivative() const {
  for (const Node* node : nodes_)
    if (!node->gives_derivative()) return node->id;
  return "";
}

bool KernelExpression::translation_invariant() const {
  return std::all_of(nodes_.begin(), nodes_.end(), [](const Node* node) {
    return node->form == Form::radial || node->form == Form::composite;
  });
}

std::size_t KernelExpression::block_kernels() const { return blocks_.size(); }

template <class T>
void KernelExpression::evaluate(const TileInput<T>& in, const TileOutput<T>& out,
                                Workspace<T>& work) const {
  const std::int64_t rows = rooms_ ? in.m : 1;
  if (rooms_ && !work.room) work.room = rooms_();
  prepare(nodes_, in, rows, work);
  const bool derivative = out.towards_z != nullptr;
  const auto has = [&](Form form) {
    return std::any_of(nodes_.begin(), nodes_.end(),
                       [&](const Node* node) { return node->form == form; });
  };
  const bool radial = has(Form::radial), dot = has(Form::dot);
  // distances take the place of products that nobody else needs: half the cache
  const bool in_place = rooms_ && radial && !dot;
  if (!in_place) grow(work.products, static_cast<std::size_t>(in.m * in.n));
  T* const products = in_place ? work.r2.data() : work.products.data();
  if (radial || dot)
    blas::gemm<T>(false, true, in.m, in.n, in.d, T(1), in.x, in.d, in.z, in.d, T(0), products,
                  in.n);
  const auto distances = [&](std::int64_t i, const T* from, T* r2) {
    if (in_place) {
      work.row.assign(from, from + in.n);
      from = work.row.data();
    }
    squared_distances(in, i, from, r2);
  };

  guard_([&]() -> onager_status {
    for (const Node* node : blocks_) {
      const auto x = view(in.x, dtype_of<T>(), in.m, in.d);
      const auto z = view(in.z, dtype_of<T>(), in.n, in.d);
      auto tile = view(work.rows[node->index].tile.data(), dtype_of<T>(), in.m, in.n);
      if (const auto status = node->block->block(node->instance, &x, &z, &tile)) return status;
    }
    TileEvaluation<T> tile{in, work, derivative};
    tile.z_norms = in.z_norms;
    if (dot && rows > 1) tile.z_norms = repeat_z_norms(in, rows, work);
    const TileOutput<T> dense = rows > 1 ? dense_output(out, rows * in.n, work) : TileOutput<T>{};
    for (std::int64_t i = 0; i < in.m; i += rows) {
      const TileOutput<T>& to = rows > 1 ? dense : out;
      const std::int64_t offset = rows > 1 ? 0 : i * out.ld;
      tile.count = rows * in.n;
      tile.products = products + i * in.n;
      for (std::int64_t row = 0; row < rows; ++row) {
        if (radial) distances(i + row, tile.products + row * in.n, work.r2.data() + row * in.n);
        if (dot) std::fill_n(work.norm.data() + row * in.n, in.n, in.x_norms[i + row]);
      }
      T* values = to.k ? to.k + offset
                  : root_->form == Form::radial || root_->form == Form::dot
                      ? nullptr
                      : work.rows[0].value.data();
      if (const auto status = tile.values(*root_, i, values)) return status;
      if (derivative) {
        std::fill_n(to.towards_z + offset, tile.count, T(0));
        T* towards_x = to.towards_x ? to.towards_x + offset : nullptr;
        if (towards_x) std::fill_n(towards_x, tile.count, T(0));
        tile.weigh(*root_, nullptr, to.towards_z + offset, towards_x, to.block_weights.data(),
                   offset);
      }
      if (rows > 1) give(dense, out, rows, in.n);
    }
    return ONAGER_OK;
  });
}

template <class T>
void KernelExpression::block_gradient(std::size_t b, const TileInput<T>& in, const T* weights,
                                      T* out) const {
  const Node& node = *blocks_[b];
  const auto x = view(in.x, dtype_of<T>(), in.m, in.d);
  const auto z = view(in.z, dtype_of<T>(), in.n, in.d);
  const auto w = view(weights, dtype_of<T>(), in.m, in.n);
  auto to = view(out, dtype_of<T>(), in.m, in.d);
  guard_([&] { return node.block->gradient(node.instance, &x, &z, &w, &to); });
}

#define ONAGER_INSTANTIATE(T)                                                                    \
  template void KernelExpression::evaluate(const TileInput<T>&, const TileOutput<T>&,            \
                                           Workspace<T>&) const;                                 \
  template void KernelExpression::block_gradient(std::size_t, const TileInput<T>&, const T*, T*) \
      const;
ONAGER_INSTANTIATE(float)
ONAGER_INSTANTIATE(double)
#undef ONAGER_INSTANTIATE

}  // namespace onager::host
