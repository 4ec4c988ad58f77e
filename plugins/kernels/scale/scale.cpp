// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

namespace {

class Scale {
 public:
  explicit Scale(const onager::Config& c)
      : children_(c.children("kernel")), factor_(c.real("factor")) {}
  const std::vector<onager_child>& children() const { return children_; }

  template <class T>
  T operator()(const T* values, std::int64_t, T* slopes) const {
    slopes[0] = T(factor_);
    return T(factor_) * values[0];
  }

 private:
  std::vector<onager_child> children_;
  double factor_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.scale", "1.0.0", "MIT",
    onager::composite_kernel<Scale>("scale", "A kernel times a constant",
                                    {onager::component("kernel", "kernel", "The kernel to scale"),
                                     onager::real("factor", 1.0, "The constant").above(0)}))
