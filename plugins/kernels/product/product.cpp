// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

namespace {

class Product {
 public:
  explicit Product(const onager::Config& c) : children_(c.children("terms")) {}
  const std::vector<onager_child>& children() const { return children_; }

  // slopes[i] is the product of the other values: from the left, then times that from the right.
  template <class T>
  T operator()(const T* values, std::int64_t count, T* slopes) const {
    T left = 1, right = 1;
    for (std::int64_t i = 0; i < count; ++i) {
      slopes[i] = left;
      left *= values[i];
    }
    for (std::int64_t i = count - 1; i >= 0; --i) {
      slopes[i] *= right;
      right *= values[i];
    }
    return left;
  }

 private:
  std::vector<onager_child> children_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.product", "1.0.0", "MIT",
              onager::composite_kernel<Product>(
                  "product", "Product of kernels",
                  {onager::component_list("terms", "kernel", "The kernels to multiply")}))
