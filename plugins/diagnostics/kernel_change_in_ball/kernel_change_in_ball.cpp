// SPDX-License-Identifier: MIT
#include "../../common/tangent_kernel.hpp"

#include <vector>

namespace {

using onager::Matrix;
using onager::Table;
using namespace onager::plugins;

template <class T>
std::vector<T> vector_of(const onager_array& column) {
  std::vector<T> out(static_cast<std::size_t>(column.rows));
  for (std::size_t j = 0; j < out.size(); ++j)
    out[j] = static_cast<T>(onager::element(column, static_cast<std::int64_t>(j), 0));
  return out;
}

/// The tangent kernel K of the first s training samples (s c x s c) around the parameters w_0 that
/// a run started from. T: the run's number type.
template <class T>
class Ball {
 public:
  using Vector = std::vector<T>;

  Ball(const onager::View& view, const onager::Network& network, TangentKernels& kernels)
      : view_(view),
        network_(network),
        kernels_(kernels),
        centre_(array_of(view, "initial_parameters")),
        kernel_(Table::copy_of(kernels.initial(view, network))) {}

  const Table& kernel() const { return kernel_; }  // K(w_0)

  Vector centre() const { return vector_of<T>(centre_); }

  /// w_0 + distance u / |u|; w_0 itself for u = 0.
  Vector moved(const Vector& u, double distance) const {
    Vector w = centre();
    const double length = norm(u);
    for (std::size_t j = 0; length > 0 && j < w.size(); ++j)
      w[j] += static_cast<T>(distance / length * static_cast<double>(u[j]));
    return w;
  }

  /// K(w) - K(w_0)
  Table change(const Vector& w) const {
    Table out = kernels_.at(view_, network_, column(w).array());
    for (std::size_t k = 0; k < out.values.size(); ++k) out.values[k] -= kernel_.values[k];
    return out;
  }

  /// g(w, M) = 2 sum_i H_i(w) J(w)' M_i, the gradient of <M, K(w)> in w, M symmetric; i goes over
  /// samples and outputs, H_i = d²f_i/dw², J the s c x p Jacobian.
  Vector gradient(const Vector& w, const Table& m) const {
    const std::int64_t c = network_.outputs(), count = m.rows / c, p = centre_.rows;
    const onager_array inputs = array_of(view_, "network.inputs");
    const Matrix<const T> at = column(w), x(rows_of(inputs, 0, count));
    Vector sum(w.size()), direction(w.size()), product(w.size());
    Matrix<T> to_direction(direction.data(), p, 1), to_product(product.data(), p, 1);
    const Matrix<const T> u = column(direction);
    for (std::int64_t i = 0; i < m.rows; ++i) {
      const auto row = m.values.begin() + i * m.cols;
      const Vector cotangent(row, row + m.cols);
      network_.vjp<T>(&at, x, Matrix<const T>(cotangent.data(), count, c), &to_direction, nullptr);
      Vector output(static_cast<std::size_t>(c));
      output[static_cast<std::size_t>(i % c)] = 2;
      network_.hvp<T>(&at, Matrix<const T>(rows_of(inputs, i / c, 1)),
                      Matrix<const T>(output.data(), 1, c), &u, nullptr, &to_product, nullptr);
      for (std::size_t j = 0; j < sum.size(); ++j) sum[j] += product[j];
    }
    return sum;
  }

  static double norm(const Vector& u) { return frobenius(column(u).array()); }

 private:
  static Matrix<const T> column(const Vector& u) {
    return {u.data(), static_cast<std::int64_t>(u.size()), 1};
  }

  const onager::View& view_;
  const onager::Network& network_;
  TangentKernels& kernels_;
  onager_array centre_;
  Table kernel_;
};

/// How far the tangent kernel K changes within the ball of radius R around the parameters w_0 that
/// the run started from, relative to K_0 = K(w_0). With g(w, M) the gradient of <M, K(w)>, that of
/// |K|_F at w_0 is g(w_0, K_0) / |K_0|_F, and at
///
///   w = w_0 +- R g(w_0, K_0) / |g(w_0, K_0)|
///
/// |K|_F has changed most to first order. From both points `iterations` steps look for a larger
/// |K - K_0|_F; were K linear in w, they were the power method for its derivative:
///
///   w <- w_0 + R g(w, K(w) - K_0) / |g(w, K(w) - K_0)|
///
/// Emitted, without units but for the slope's, one over a distance of parameters:
///
///   kernel_change_in_ball   the largest |K(w) - K_0|_F / |K_0|_F of these points, a lower bound of
///                           the supremum over the ball
///   .slope                  |grad |K|_F| / |K_0|_F at w_0; times R the change to first order
///   .descent                the change at w_0 - R grad L / |grad L|, as far along the steepest
///                           descent of the training loss
///
/// All belong to w_0 and are computed once. g takes s c products with a Hessian, of one sample
/// each, and as many vjps of s samples; there are 1 + 2 iterations of them, and 4 + 2 iterations
/// kernels. Memory beside the kernels: six vectors of parameters.
///
/// Source: Liu, Zhu, Belkin 2020 (arXiv 2010.01092), section 3, who bound the change by
/// R sup |H| sup |grad f|, and 2022 (arXiv 2205.11786) for networks on graphs.
class KernelChangeInBall {
 public:
  KernelChangeInBall(const onager::Config& c, const onager::Host& host)
      : host_(host),
        kernels_(c.integer("samples")),
        radius_(c.real("radius")),
        iterations_(c.integer("iterations")) {}

  void observe(const onager::View& view) {
    const auto network = network_of(view, "kernel_change_in_ball");
    if (found_.empty())
      in_precision_of(network, [&](auto zero) {
        using T = decltype(zero);
        measure(Ball<T>(view, network, kernels_), vector_of<T>(array_of(view, "loss_gradient")));
      });
    if (found_.empty()) return;
    host_.emit("kernel_change_in_ball", found_(0, 0));
    host_.emit("kernel_change_in_ball.slope", found_(0, 1));
    host_.emit("kernel_change_in_ball.descent", found_(0, 2));
  }

  std::vector<onager::NamedTable> state() {
    return {{"found", "largest change, slope and change along the descent", &found_}};
  }

 private:
  /// At the first observation, whose parameters are those of the start.
  template <class T>
  void measure(const Ball<T>& ball, const std::vector<T>& loss_gradient) {
    const double size = norm(ball.kernel());
    if (size == 0) return;
    const auto slope = ball.gradient(ball.centre(), ball.kernel());
    double largest = 0;
    for (const double side : {radius_, -radius_}) {
      auto w = ball.moved(slope, side);
      Table change = ball.change(w);
      largest = std::max(largest, norm(change));
      for (std::int64_t k = 0; k < iterations_; ++k) {
        w = ball.moved(ball.gradient(w, change), radius_);
        change = ball.change(w);
        largest = std::max(largest, norm(change));
      }
    }
    found_ = Table(1, 3);
    found_(0, 0) = largest / size;
    found_(0, 1) = ball.norm(slope) / (size * size);
    found_(0, 2) = norm(ball.change(ball.moved(loss_gradient, -radius_))) / size;
  }

  static double norm(const Table& k) { return frobenius(k.view().array()); }

  onager::Host host_;
  TangentKernels kernels_;
  double radius_;
  std::int64_t iterations_;
  Table found_;  // empty before the first observation
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.kernel_change_in_ball", "1.0.0", "MIT",
    onager::diagnostic<KernelChangeInBall>(
        "kernel_change_in_ball",
        "The largest change of the tangent kernel found within a ball around the start",
        {onager::real("radius", 1.0, "Radius of the ball, a distance of parameters").above(0),
         onager::integer("iterations", 1, "Steps towards a larger change from either end")
             .at_least(0),
         samples_parameter(0, "The first s training samples; 0: all of them")})
        .cite("Liu, Zhu, Belkin, On the linearity of large non-linear models: when and why the "
              "tangent kernel is constant, NeurIPS 2020"))
