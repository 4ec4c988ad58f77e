#include <onager/optimizer.hpp>

#include <cmath>

// Conjugate gradients for (K + ridge I) a = y, one target after the other. The host owns K: it is
// asked for products with vectors, which it computes on all threads, also where K does not fit into
// memory.
// Source: Hestenes, Stiefel, Methods of conjugate gradients for solving linear systems, 1952.
class TemplateName {
 public:
  TemplateName(const onager::Config& config, const onager::Host& host)
      : host_(host),
        ridge_(config.real("ridge")),
        tolerance_(config.real("tolerance")),
        steps_(config.integer("steps")) {}

  template <class T>
  void solve(const onager::KernelOperator<T>& kernel, onager::Matrix<const T> targets,
             onager::Matrix<T> solution) {
    double most_steps = 0;
    for (std::int64_t c = 0; c < targets.cols; ++c)
      most_steps = std::max(most_steps, solve_one(kernel, targets, c, solution));
    host_.emit("steps", most_steps);  // a column of metrics.csv
  }

 private:
  template <class T>
  double solve_one(const onager::KernelOperator<T>& kernel, onager::Matrix<const T> targets,
                   std::int64_t c, onager::Matrix<T> solution) {
    const auto n = static_cast<std::size_t>(kernel.size());
    std::vector<T> direction(n), product(n);
    std::vector<double> a(n), residual(n);
    for (std::size_t i = 0; i < n; ++i) {
      residual[i] = targets(static_cast<std::int64_t>(i), c);
      direction[i] = static_cast<T>(residual[i]);
    }
    const double first = squared(residual);
    double now = first;
    std::int64_t step = 0;
    for (; step < steps_ && now > tolerance_ * tolerance_ * first; ++step) {
      host_.stop_if_cancelled();
      kernel.product({direction.data(), kernel.size(), 1}, {product.data(), kernel.size(), 1});
      double curvature = 0;
      for (std::size_t i = 0; i < n; ++i) {
        product[i] += static_cast<T>(ridge_) * direction[i];
        curvature += double(direction[i]) * double(product[i]);
      }
      if (!std::isfinite(curvature))
        throw onager::Error(ONAGER_NUMERICAL, "the kernel matrix is not finite");
      if (curvature <= 0) break;  // nothing left that the matrix sees
      const double length = now / curvature;
      for (std::size_t i = 0; i < n; ++i) {
        a[i] += length * double(direction[i]);
        residual[i] -= length * double(product[i]);
      }
      const double next = squared(residual);
      for (std::size_t i = 0; i < n; ++i)
        direction[i] = static_cast<T>(residual[i] + next / now * double(direction[i]));
      now = next;
    }
    for (std::size_t i = 0; i < n; ++i)
      solution(static_cast<std::int64_t>(i), c) = static_cast<T>(a[i]);
    return static_cast<double>(step);
  }

  static double squared(const std::vector<double>& v) {
    double sum = 0;
    for (const double x : v) sum += x * x;
    return sum;
  }

  onager::Host host_;
  double ridge_, tolerance_;
  std::int64_t steps_;
};

ONAGER_PLUGIN(
    "org.example.template_name", "0.1.0", "MIT",
    onager::linear_solver<TemplateName>(
        "template_name", "Conjugate gradients for the regularised kernel system",
        {onager::real("ridge", 1e-3, "Added to the diagonal of K").at_least(0),
         onager::real("tolerance", 1e-6, "Residual to stop at, relative to the targets").above(0),
         onager::integer("steps", 1000, "Steps at most").at_least(1)}))
