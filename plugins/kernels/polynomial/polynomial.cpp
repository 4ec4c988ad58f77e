// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

namespace {

struct Polynomial {
  std::int64_t degree;
  double offset;
  explicit Polynomial(const onager::Config& c)
      : degree(c.integer("degree")), offset(c.real("offset")) {}

  template <class T>
  onager::Dot<T> operator()(T s, T, T) const {
    const T base = s + T(offset), lower = onager::math::power(base, degree - 1);
    return {lower * base, T(degree) * lower, T(0)};
  }
};

}  // namespace

ONAGER_PLUGIN("org.onager.polynomial", "1.0.0", "MIT",
              onager::dot_kernel<Polynomial>(
                  "polynomial", "Polynomial kernel (<x, z> + offset)^degree",
                  {onager::integer("degree", 3, "Degree of the polynomial").at_least(1).at_most(64),
                   onager::real("offset", 1.0, "Added to the inner product").at_least(0)})
                  .cite("Schölkopf, Smola, Learning with Kernels, 2002"))
