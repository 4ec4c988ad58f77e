// SPDX-License-Identifier: MIT
#include "../../common/square_loss_constant.hpp"
#include "../../common/symmetric_power.hpp"
#include "../../common/tangent_kernel.hpp"
#include "bounds.hpp"

namespace {

using onager::Matrix;
using onager::Table;
using namespace onager::plugins;

/// The PL* condition along the path of a run, in the convention L = |r|²/2, r = f - y, into which a
/// loss (c/2) |r|² is turned by its constant c. K_t is the tangent kernel of all training samples.
///
///   pl_star.mu              |grad L|²/(2 L), between pl_star.least and .largest, eigenvalues of
///   K_t pl_star.excess          how far it is outside of them, relative to the largest: rounding
///   pl_star.path_mu         the least of pl_star.least so far
///   pl_star.ratio           L_t / L_{t-1} of the last step
///   pl_star.predicted_ratio 1 - eta c path_mu, which bounds it for eta c lambda_max <= 1
///   pl_star.mean_ratio      (L_t / L_0)^(1/t)
///   pl_star.step            eta c lambda_max(K_t)
///   pl_star.distance        |w_t - w_0|
///   pl_star.radius          2 sqrt(beta) |r_0| / path_mu, beta the largest lambda_max(K) so far
///   pl_star.critical_batch  max_i |K_ii|_2 / (lambda_max(K)/n) + 1, the batch beyond which a step
///   of
///                           SGD gains no more (Ma, Bassily, Belkin, ICML 2018)
///
/// One eigendecomposition, about 9 (n c')³ flops for c' outputs. Source: Liu, Zhu, Belkin 2022.
class PlStar {
 public:
  PlStar(const onager::Config&, const onager::Host& host) : host_(host), kernels_(0) {}

  void observe(const onager::View& view) {
    const auto network = network_of(view, "pl_star");
    const Table k = Table::copy_of(kernels_.present(view, network));
    const Table residual = kernels_.residual(view, network);
    double square = 0;
    for (const double r : residual.values) square += r * r;
    const auto eigenvalues = spectrum_of(host_, k).values;
    const double least = eigenvalues(0, 0), largest = eigenvalues(k.rows - 1, 0);
    if (path_.empty()) begin(view, network, square, largest);
    path_(0, path_mu) = std::min(path_(0, path_mu), least);
    path_(0, beta) = std::max(path_(0, beta), largest);

    const double gradient = frobenius(array_of(view, "loss_gradient"));
    const PlPoint point{path_(0, constant), path_(0, constant) / 2 * square, gradient * gradient,
                        least, largest};
    host_.emit("pl_star.mu", pl_ratio(point));
    host_.emit("pl_star.least", least);
    host_.emit("pl_star.largest", largest);
    host_.emit("pl_star.path_mu", path_(0, path_mu));
    if (point.loss > 0) host_.emit("pl_star.excess", pl_excess(point));
    const double mu = std::max(path_(0, path_mu), 0.0);
    const onager_array start = array_of(view, "initial_parameters");
    host_.emit("pl_star.distance", frobenius(array_of(view, "parameters"), &start));
    host_.emit("pl_star.radius", pl_radius(path_(0, beta), path_(0, residual_norm), mu));
    host_.emit(
        "pl_star.critical_batch",
        largest_block(k, network.outputs()) * static_cast<double>(network.samples()) / largest + 1);
    if (network.last()) emit_rates(view, network, point, mu);
  }

  std::vector<onager::NamedTable> state() {
    return {{"path", "c, |r_0|, the least and the largest eigenvalue so far", &path_}};
  }

 private:
  enum Column { constant, residual_norm, path_mu, beta };  // of path_

  /// With the present parameters, which at the first observation are those of the start.
  void begin(const onager::View& view, const onager::Network& network, double square,
             double largest) {
    path_ = Table(1, 4);
    path_(0, constant) =
        square_loss_constant(view, network, network.samples(), square, largest,
                             "pl_star needs a square loss, and none with an AGOP penalty");
    path_(0, residual_norm) = std::sqrt(square);
    path_(0, path_mu) = std::numeric_limits<double>::infinity();
  }

  void emit_rates(const onager::View& view, const onager::Network& network, const PlPoint& now,
                  double mu) const {
    const double eta = network.last()->learning_rate, c = now.constant;
    const double before = in_precision_of(network, [&](auto zero) {
      using T = decltype(zero);
      return network.objective().evaluate<T>(Matrix<const T>(array_of(view, "previous_parameters")),
                                             nullptr, nullptr);
    });
    const double start = c / 2 * path_(0, residual_norm) * path_(0, residual_norm);
    if (before > 0) host_.emit("pl_star.ratio", now.loss / before);
    if (start > 0)
      host_.emit("pl_star.mean_ratio",
                 std::pow(now.loss / start, 1 / static_cast<double>(view.round())));
    host_.emit("pl_star.predicted_ratio", 1 - eta * c * mu);
    host_.emit("pl_star.step", eta * c * now.largest);
  }

  /// The largest eigenvalue of the diagonal blocks of K, c x c, one a sample.
  double largest_block(const Table& k, std::int64_t c) const {
    double out = 0;
    for (std::int64_t first = 0; first < k.rows; first += c) {
      Table block(c, c);
      for (std::int64_t l = 0; l < c; ++l)
        for (std::int64_t m = 0; m < c; ++m) block(l, m) = k(first + l, first + m);
      out = std::max(out, c == 1 ? block(0, 0) : spectrum_of(host_, block).values(c - 1, 0));
    }
    return out;
  }

  onager::Host host_;
  TangentKernels kernels_;
  Table path_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.pl_star", "1.0.0", "MIT",
    onager::diagnostic<PlStar>(
        "pl_star",
        "The PL* condition along the path: its constant and bounds, rates and distance against "
        "those it predicts")
        .cite("Liu, Zhu, Belkin, Loss landscapes and optimization in over-parameterized non-linear "
              "systems and neural networks, ACHA 2022"))
