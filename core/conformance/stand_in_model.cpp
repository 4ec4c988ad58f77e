// SPDX-License-Identifier: MIT
#include "conformance/stand_in_model.hpp"

#include <onager/array.hpp>

#include <cstring>
#include <new>
#include <optional>

namespace onager::host::conformance {

namespace {

struct Shape {
  std::int64_t features = 0, outputs = 0;
  std::int64_t parameters() const { return features * outputs; }
};

/// s_l at sample i, and how s_l changes along u and t: first and second derivative.
struct Preactivation {
  double s = 0, first = 0, second = 0;
};

/// The numbers of one call; absent directions are 0.
class Point {
 public:
  Point(const void* instance, const onager_array& w, const onager_array& x, const onager_array* u,
        const onager_array* t)
      : shape(*static_cast<const Shape*>(instance)), w_(w), x_(x), u_(u), t_(t) {}

  double w(std::int64_t l, std::int64_t j) const { return element(w_, at(l, j), 0); }
  double x(std::int64_t i, std::int64_t j) const { return element(x_, i, j); }
  double u(std::int64_t l, std::int64_t j) const { return u_ ? element(*u_, at(l, j), 0) : 0; }
  double t(std::int64_t i, std::int64_t j) const { return t_ ? element(*t_, i, j) : 0; }
  std::int64_t samples() const { return x_.rows; }
  std::int64_t at(std::int64_t l, std::int64_t j) const { return l * shape.features + j; }

  Preactivation preactivation(std::int64_t i, std::int64_t l) const {
    Preactivation out;
    for (std::int64_t j = 0; j < shape.features; ++j) {
      out.s += w(l, j) * x(i, j);
      out.first += u(l, j) * x(i, j) + w(l, j) * t(i, j);
      out.second += 2 * u(l, j) * t(i, j);
    }
    return out;
  }

  const Shape shape;

 private:
  const onager_array &w_, &x_;
  const onager_array *u_, *t_;
};

onager_status prepare(void* instance, std::int64_t features, std::int64_t outputs,
                      std::int64_t* parameters) {
  auto& shape = *static_cast<Shape*>(instance);
  shape = {features, outputs};
  *parameters = shape.parameters();
  return ONAGER_OK;
}

onager_status initialise(void* instance, onager_array* w) {
  const auto& shape = *static_cast<const Shape*>(instance);
  // small and different from one another
  for (std::int64_t k = 0; k < shape.parameters(); ++k)
    set_element(*w, k, 0, 0.3 / static_cast<double>(1 + k) - 0.05);
  return ONAGER_OK;
}

onager_status forward(const void* instance, const onager_array* w, const onager_array* x,
                      onager_array* out) {
  const Point point(instance, *w, *x, nullptr, nullptr);
  for (std::int64_t i = 0; i < point.samples(); ++i)
    for (std::int64_t l = 0; l < point.shape.outputs; ++l) {
      const double s = point.preactivation(i, l).s;
      set_element(*out, i, l, s + s * s / 2);
    }
  return ONAGER_OK;
}

/// w_out <- sum_il a_il x_ij + b_il t_ij and x_out <- sum_l a_il W_lj + b_il u_lj: what every
/// derivative of this model by its parameters and inputs comes to.
template <class A, class B>
void pull_back(const Point& point, onager_array* w_out, onager_array* x_out, A&& a, B&& b) {
  for (std::int64_t l = 0; w_out && l < point.shape.outputs; ++l)
    for (std::int64_t j = 0; j < point.shape.features; ++j) {
      double sum = 0;
      for (std::int64_t i = 0; i < point.samples(); ++i)
        sum += a(i, l) * point.x(i, j) + b(i, l) * point.t(i, j);
      set_element(*w_out, point.at(l, j), 0, sum);
    }
  for (std::int64_t i = 0; x_out && i < point.samples(); ++i)
    for (std::int64_t j = 0; j < point.shape.features; ++j) {
      double sum = 0;
      for (std::int64_t l = 0; l < point.shape.outputs; ++l)
        sum += a(i, l) * point.w(l, j) + b(i, l) * point.u(l, j);
      set_element(*x_out, i, j, sum);
    }
}

onager_status vjp(const void* instance, const onager_array* w, const onager_array* x,
                  onager_array* f, onager_cotangent cotangent, void* argument,
                  const onager_array* v, onager_array* w_out, onager_array* x_out) {
  forward(instance, w, x, f);
  if (cotangent)
    if (const auto status = cotangent(argument)) return status;
  const Point point(instance, *w, *x, nullptr, nullptr);
  pull_back(
      point, w_out, x_out,
      [&](std::int64_t i, std::int64_t l) {
        return element(*v, i, l) * (1 + point.preactivation(i, l).s);
      },
      [](std::int64_t, std::int64_t) { return 0.0; });
  return ONAGER_OK;
}

onager_status part(const void* instance, std::int64_t index, onager_model_part* out) {
  if (index != 0) return ONAGER_NOT_FOUND;
  const auto& shape = *static_cast<const Shape*>(instance);
  out->name = "w1";  // as the first layer of any other model
  out->first = 0;
  out->rows = shape.outputs;
  out->cols = shape.features;
  return ONAGER_OK;
}

onager_status jvp(const void* instance, const onager_array* w, const onager_array* x,
                  const onager_array* u, const onager_array* t, onager_array* out) {
  const Point point(instance, *w, *x, u, t);
  for (std::int64_t i = 0; i < point.samples(); ++i)
    for (std::int64_t l = 0; l < point.shape.outputs; ++l) {
      const auto at = point.preactivation(i, l);
      set_element(*out, i, l, (1 + at.s) * at.first);
    }
  return ONAGER_OK;
}

onager_status hvp(const void* instance, const onager_array* w, const onager_array* x,
                  const onager_array* v, const onager_array* u, const onager_array* t,
                  onager_array* w_out, onager_array* x_out) {
  const Point point(instance, *w, *x, u, t);
  pull_back(
      point, w_out, x_out,
      [&](std::int64_t i, std::int64_t l) {
        return element(*v, i, l) * point.preactivation(i, l).first;
      },
      [&](std::int64_t i, std::int64_t l) {
        return element(*v, i, l) * (1 + point.preactivation(i, l).s);
      });
  return ONAGER_OK;
}

onager_status second(const void* instance, const onager_array* w, const onager_array* x,
                     const onager_array* u, const onager_array* t, onager_array* out) {
  const Point point(instance, *w, *x, u, t);
  for (std::int64_t i = 0; i < point.samples(); ++i)
    for (std::int64_t l = 0; l < point.shape.outputs; ++l) {
      const auto at = point.preactivation(i, l);
      set_element(*out, i, l, at.first * at.first + (1 + at.s) * at.second);
    }
  return ONAGER_OK;
}

constexpr onager_model model_table{
    sizeof(onager_model), 0, prepare, initialise, forward, vjp, part};
constexpr onager_model_tangent tangent_table{sizeof(onager_model_tangent), 0, jvp, hvp, second};

onager_status create(const onager_host*, const onager_config*, void** instance) {
  *instance = new (std::nothrow) Shape;
  return *instance ? ONAGER_OK : ONAGER_NO_MEMORY;
}
void destroy(void* instance) { delete static_cast<Shape*>(instance); }

const void* interface(void*, const char* id) {
  if (std::strcmp(id, ONAGER_MODEL) == 0) return &model_table;
  if (std::strcmp(id, ONAGER_MODEL_TANGENT) == 0) return &tangent_table;
  return nullptr;
}

}  // namespace

const onager_component& stand_in_model() {
  static constexpr onager_component component{sizeof(onager_component),
                                              0,
                                              sizeof(onager_parameter),
                                              0,
                                              "model",
                                              "stand_in_model",
                                              "s + s²/2 of a linear function s",
                                              "",
                                              nullptr,
                                              create,
                                              destroy,
                                              interface};
  return component;
}

}  // namespace onager::host::conformance
