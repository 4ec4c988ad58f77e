// SPDX-License-Identifier: MIT
#include "pipeline/objective.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "linalg/arrays.hpp"
#include "plugin/abi_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace onager::host {

namespace {

constexpr std::int64_t most_lambda_products = 2000;
// The largest eigenvalue mostly stands apart, and then a few vectors find it with half the
// products; where they do not within this many, it takes more vectors.
constexpr std::int64_t few_vectors = 4, few_products = 16;
constexpr std::int64_t most_kernel_outputs =
    2048;  // n c up to which lambda is found from the kernel

/// Parameters as a plugin gives them, in place.
template <class T>
arma::Mat<T> parameters_of(const onager_array* a, std::int64_t parameters) {
  if (!a || a->dtype != dtype_of<T>() || a->rows != parameters || a->cols != 1 ||
      (a->row_stride != 1 && a->rows > 1))
    throw Error(Category::plugin,
                fmt::format("an array for the objective is not a dense column of {} numbers of "
                            "the run's precision",
                            parameters));
  return arma::Mat<T>(static_cast<T*>(a->data), 1, static_cast<arma::uword>(parameters), false,
                      true);
}

template <class T>
struct Calls {
  static const Objective<T>& of(const onager_objective* o) {
    return *static_cast<const Objective<T>*>(o->context);
  }
  static Batch batch(const onager_objective* o, std::int64_t count, const std::int64_t* samples) {
    if (count < 1 || (!samples && count != o->samples))
      throw Error(Category::plugin,
                  fmt::format("the objective of {} samples{} was asked for; all "
                              "are {}",
                              count, samples ? "" : " without a list of them", o->samples));
    for (std::int64_t i = 0; samples && i < count; ++i)
      if (samples[i] < 0 || samples[i] >= o->samples)
        throw Error(Category::plugin,
                    fmt::format("sample {} of {} was asked for", samples[i], o->samples));
    return {count, samples};
  }

  static onager_status evaluate(const onager_objective* o, const onager_array* w,
                                std::int64_t count, const std::int64_t* samples, double* loss,
                                onager_array* gradient) {
    return abi_guard([&] {
      const auto at = parameters_of<T>(w, o->parameters);
      const Batch chosen = batch(o, count, samples);
      if (!gradient) {
        *loss = of(o).evaluate(at, chosen, nullptr);
        return;
      }
      auto out = parameters_of<T>(gradient, o->parameters);
      *loss = of(o).evaluate(at, chosen, &out);
    });
  }
  static onager_status hessian_product(const onager_objective* o, const onager_array* w,
                                       std::int64_t count, const std::int64_t* samples,
                                       const onager_array* u, onager_array* out) {
    return abi_guard([&] {
      auto to = parameters_of<T>(out, o->parameters);
      of(o).hessian_product(parameters_of<T>(w, o->parameters), batch(o, count, samples),
                            parameters_of<T>(u, o->parameters), to);
    });
  }
  static onager_status lambda(const onager_objective* o, const onager_array* w, std::int64_t count,
                              const std::int64_t* samples, double tolerance, double* out) {
    return abi_guard([&] {
      *out = of(o).lambda(parameters_of<T>(w, o->parameters), batch(o, count, samples), tolerance);
    });
  }
};

template <class T>
arma::Mat<T> like(const onager_array& a) {
  return arma::Mat<T>(static_cast<arma::uword>(a.cols), static_cast<arma::uword>(a.rows));
}

}  // namespace

template <class T>
Objective<T>::Objective(const Network<T>& network, const Instance& loss, const arma::Mat<T>& x,
                        const arma::Mat<T>& y, double agop_penalty)
    : network_(network),
      loss_(loss),
      loss_table_(loss.interface<onager_loss>(ONAGER_LOSS)),
      x_(x),
      y_(y),
      agop_penalty_(agop_penalty),
      table_{sizeof table_,
             dtype_of<T>(),
             this,
             network.parameters(),
             static_cast<std::int64_t>(x.n_cols),
             Calls<T>::evaluate,
             Calls<T>::hessian_product,
             Calls<T>::lambda} {
  if (!loss_table_)
    throw Error(Category::plugin, fmt::format("{} does not offer {}", loss.name(), ONAGER_LOSS));
}

template <class T>
template <class Work>
void Objective<T>::for_blocks(const Batch& batch, Work&& work) const {
  for (std::int64_t first = 0; first < batch.count; first += network_block) {
    throw_if_stopped();
    const std::int64_t count = std::min(network_block, batch.count - first);
    if (!batch.list) {
      work(as_array(x_, first, count), as_array(y_, first, count));
      continue;
    }
    arma::Mat<T> x(x_.n_rows, static_cast<arma::uword>(count));
    arma::Mat<T> y(y_.n_rows, static_cast<arma::uword>(count));
    for (std::int64_t i = 0; i < count; ++i) {
      const auto from = static_cast<arma::uword>(batch.list[first + i]);
      x.col(static_cast<arma::uword>(i)) = x_.col(from);
      y.col(static_cast<arma::uword>(i)) = y_.col(from);
    }
    work(as_array(x), as_array(y));
  }
}

template <class T>
double Objective<T>::evaluate(const arma::Mat<T>& w, const Batch& batch,
                              arma::Mat<T>* gradient) const {
  double sum = 0;
  const onager_array at = as_array(w);
  arma::Mat<T> part;
  if (gradient) gradient->zeros();
  for_blocks(batch, [&](const onager_array& x, const onager_array& y) {
    arma::Mat<T> f = like<T>(y), v = like<T>(y);
    auto f_view = as_array(f), v_view = as_array(v);
    struct Context {
      const Objective* objective;
      const onager_array *f, *y;
      onager_array* v;
      std::int64_t samples;
      double loss;
    } context{this, &f_view, &y, &v_view, batch.count, 0};
    const auto compare = [](void* argument) -> onager_status {
      return abi_guard([&] {
        auto& c = *static_cast<Context*>(argument);
        const Objective& o = *c.objective;
        o.loss_.call("evaluate", [&] {
          return o.loss_table_->evaluate(o.loss_.get(), c.samples, c.f, c.y, &c.loss, c.v);
        });
      });
    };
    if (!gradient) {
      network_.functions().forward(at, x, f_view);
      loss_.call("evaluate", [&] {
        return loss_table_->evaluate(loss_.get(), batch.count, &f_view, &y, &context.loss, nullptr);
      });
    } else {
      part.set_size(1, w.n_elem);
      auto part_view = as_array(part);
      network_.functions().vjp(at, x, f_view, compare, &context, v_view, &part_view, nullptr);
      *gradient += part;
    }
    sum += context.loss;
    if (agop_penalty_ > 0) sum += add_penalty(at, x, batch.count, gradient);
  });
  return sum;
}

template <class T>
double Objective<T>::loss_of(const arma::Mat<T>& f) const {
  double loss = 0;
  const auto f_view = as_array(f), y_view = as_array(y_);
  loss_.call("evaluate", [&] {
    return loss_table_->evaluate(loss_.get(), f_view.rows, &f_view, &y_view, &loss, nullptr);
  });
  return loss;
}

template <class T>
double Objective<T>::add_penalty(const onager_array& w, const onager_array& x, std::int64_t samples,
                                 arma::Mat<T>* gradient) const {
  const double scale = agop_penalty_ / static_cast<double>(samples);
  double sum = 0;
  arma::Mat<T> f(static_cast<arma::uword>(network_.outputs()), static_cast<arma::uword>(x.rows));
  arma::Mat<T> v(f.n_rows, f.n_cols), slope = like<T>(x), part;
  auto f_view = as_array(f), slope_view = as_array(slope);
  for (arma::uword l = 0; l < f.n_rows; ++l) {
    v.zeros();
    v.row(l).ones();
    const auto v_view = as_array(v);
    network_.functions().vjp(w, x, f_view, nullptr, nullptr, v_view, nullptr, &slope_view);
    sum += static_cast<double>(arma::accu(arma::square(slope)));
    if (!gradient) continue;
    part.set_size(1, gradient->n_elem);
    auto part_view = as_array(part);
    network_.functions().hvp(w, x, v_view, nullptr, &slope_view, &part_view, nullptr);
    *gradient += static_cast<T>(2 * scale) * part;
  }
  return scale * sum;
}

template <class T>
void Objective<T>::add_curvature(const onager_array& w, const onager_array& x,
                                 const onager_array& y, std::int64_t samples, const onager_array& u,
                                 bool exact, arma::Mat<T>& out) const {
  arma::Mat<T> f = like<T>(y), t = like<T>(y), bent = like<T>(y), part(1, out.n_elem);
  auto f_view = as_array(f), t_view = as_array(t), bent_view = as_array(bent),
       part_view = as_array(part);
  const ModelFunctions& model = network_.functions();
  model.jvp(w, x, &u, nullptr, t_view);
  struct Context {
    const Objective* objective;
    const onager_array *f, *y, *t;
    onager_array* bent;
    std::int64_t samples;
  } context{this, &f_view, &y, &t_view, &bent_view, samples};
  const auto bend = [](void* argument) -> onager_status {
    return abi_guard([&] {
      auto& c = *static_cast<Context*>(argument);
      const Objective& o = *c.objective;
      o.loss_.call("curvature", [&] {
        return o.loss_table_->curvature(o.loss_.get(), c.samples, c.f, c.y, c.t, c.bent);
      });
    });
  };
  model.vjp(w, x, f_view, bend, &context, bent_view, &part_view, nullptr);
  out += part;
  if (!exact) return;
  double value = 0;
  loss_.call("evaluate", [&] {
    return loss_table_->evaluate(loss_.get(), samples, &f_view, &y, &value, &t_view);
  });
  model.hvp(w, x, t_view, &u, nullptr, &part_view, nullptr);
  out += part;
}

template <class T>
void Objective<T>::hessian_product(const arma::Mat<T>& w, const Batch& batch, const arma::Mat<T>& u,
                                   arma::Mat<T>& out) const {
  out.zeros();
  for_blocks(batch, [&](const onager_array& x, const onager_array& y) {
    add_curvature(as_array(w), x, y, batch.count, as_array(u), true, out);
  });
}

template <class T>
typename Objective<T>::Samples Objective<T>::gathered(const Batch& batch) const {
  if (!batch.list) return {x_, y_};
  const arma::uvec chosen = arma::conv_to<arma::uvec>::from(
      std::vector<std::int64_t>(batch.list, batch.list + batch.count));
  return {x_.cols(chosen), y_.cols(chosen)};
}

template <class T>
arma::Mat<T> Objective<T>::curvature_roots(const arma::Mat<T>& w, const Samples& samples) const {
  const arma::uword c = samples.y.n_rows, n = samples.y.n_cols;
  const arma::Mat<T> f = network_.forward(w, samples.x);
  arma::Mat<T> direction(c, n), along(c, n), out(c, c * n);
  const auto f_view = as_array(f), y_view = as_array(samples.y), t_view = as_array(direction);
  auto along_view = as_array(along);
  for (arma::uword l = 0; l < c; ++l) {
    direction.zeros();
    direction.row(l).ones();
    loss_.call("curvature", [&] {
      return loss_table_->curvature(loss_.get(), f_view.rows, &f_view, &y_view, &t_view,
                                    &along_view);
    });
    for (arma::uword i = 0; i < n; ++i) out.col(i * c + l) = along.col(i);
  }
  for (arma::uword i = 0; i < n; ++i) {
    auto block = out.cols(i * c, (i + 1) * c - 1);
    arma::Col<T> values;
    arma::Mat<T> vectors;
    const arma::Mat<T> b(block);
    if (!b.is_finite() || !arma::eig_sym(values, vectors, arma::Mat<T>(T(0.5) * (b + b.t()))) ||
        values.min() < -static_cast<T>(c) * std::numeric_limits<T>::epsilon() * values.max())
      return {};
    block =
        vectors * arma::diagmat(arma::sqrt(arma::clamp(values, T(0), values.max()))) * vectors.t();
  }
  return out;
}

template <class T>
std::optional<Eigenpairs> Objective<T>::lambda_from_kernel(const arma::Mat<T>& w,
                                                           const Batch& batch,
                                                           double tolerance) const {
  const Samples samples = gathered(batch);
  const arma::Mat<T> roots = curvature_roots(w, samples);
  if (roots.is_empty()) return std::nullopt;
  const arma::mat s = arma::conv_to<arma::mat>::from(roots);
  const arma::mat k = arma::conv_to<arma::mat>::from(network_.tangent_kernel(w, samples.x));
  const arma::uword c = s.n_rows, size = k.n_rows;
  const auto times_roots = [&](const arma::vec& v) {
    arma::vec out(size);
    for (arma::uword i = 0; i < size; i += c)
      out.subvec(i, i + c - 1) = s.cols(i, i + c - 1) * v.subvec(i, i + c - 1);
    return out;
  };
  const SymmetricProduct product = [&](const double* v, double* to) {
    arma::vec out(to, size, false, true);
    out = times_roots(k * times_roots(arma::vec(const_cast<double*>(v), size, false, true)));
  };
  return extreme_eigenpairs(static_cast<std::int64_t>(size), product,
                            {SpectrumEnd::largest, 1, tolerance, most_lambda_products, false});
}

template <class T>
Eigenpairs Objective<T>::lambda_from_products(const arma::Mat<T>& w, const Batch& batch,
                                              double tolerance) const {
  const arma::uword p = w.n_elem;
  const SymmetricProduct product = [&](const double* v, double* to) {
    arma::Mat<T> u(1, p), out(1, p, arma::fill::zeros);
    std::transform(v, v + p, u.begin(), [](double value) { return static_cast<T>(value); });
    for_blocks(batch, [&](const onager_array& x, const onager_array& y) {
      add_curvature(as_array(w), x, y, batch.count, as_array(u), false, out);
    });
    std::transform(out.begin(), out.end(), to, [](T value) { return static_cast<double>(value); });
  };
  SpectrumRequest request{SpectrumEnd::largest, 1, tolerance, few_products, false, few_vectors};
  const auto found = extreme_eigenpairs(static_cast<std::int64_t>(p), product, request);
  if (found.converged) return found;
  request.most_products = most_lambda_products;
  request.kept = 0;
  return extreme_eigenpairs(static_cast<std::int64_t>(p), product, request);
}

template <class T>
double Objective<T>::lambda(const arma::Mat<T>& w, const Batch& batch, double tolerance) const {
  const double reachable =
      std::max(tolerance, 10 * static_cast<double>(std::numeric_limits<T>::epsilon()));
  std::optional<Eigenpairs> found;
  if (batch.count * network_.outputs() <= most_kernel_outputs)
    found = lambda_from_kernel(w, batch, reachable);
  if (!found) found = lambda_from_products(w, batch, reachable);
  if (!found->converged)
    throw Error(Category::numerical,
                fmt::format("{}: the largest eigenvalue of the Gauss-Newton matrix did not reach "
                            "a tolerance of {} within {} products",
                            network_.model().name(), reachable, found->products));
  return found->values(0);
}

template class Objective<float>;
template class Objective<double>;

}  // namespace onager::host
