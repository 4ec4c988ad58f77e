// SPDX-License-Identifier: MIT
#include <onager/kernel.hpp>

namespace {

class Sum {
 public:
  explicit Sum(const onager::Config& c)
      : children_(c.children("terms")), weights_(c.reals("weights")) {
    if (weights_.empty()) weights_.assign(children_.size(), 1.0);
    if (weights_.size() != children_.size())
      throw onager::Error(ONAGER_INVALID, "weights has " + std::to_string(weights_.size()) +
                                              " numbers for " + std::to_string(children_.size()) +
                                              " terms");
  }
  const std::vector<onager_child>& children() const { return children_; }

  template <class T>
  T operator()(const T* values, std::int64_t count, T* slopes) const {
    T total = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      slopes[i] = T(weights_[static_cast<std::size_t>(i)]);
      total += slopes[i] * values[i];
    }
    return total;
  }

 private:
  std::vector<onager_child> children_;
  std::vector<double> weights_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.sum", "1.0.0", "MIT",
              onager::composite_kernel<Sum>(
                  "sum", "Weighted sum of kernels",
                  {onager::component_list("terms", "kernel", "The kernels to add"),
                   onager::reals("weights", "One factor a term; all 1 when left out").at_least(0)}))
