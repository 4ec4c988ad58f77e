// SPDX-License-Identifier: MIT
#include "../../common/tangent_kernel.hpp"
#include "../../common/symmetric_power.hpp"

namespace {

using onager::Table;
using namespace onager::plugins;

/// Facts of the tangent kernel K_t of the first s training samples, s c x s c:
///
///   norm         |K|_2, the largest eigenvalue
///   frobenius    |K|_F
///   change       |K_t - K_0|_F / |K_0|_F, and the largest of it so far
///   alignment    y'K y / (|K|_F |y|²), y the targets row after row
///                (Cristianini, Shawe-Taylor, Elisseeff, Kandola, NIPS 2001)
///   eigenvalue_i the k largest
///   least        the smallest, from all eigenvalues
///
/// K itself is O((s c)²) numbers. Without `least` the eigenvalues cost some tens of products of
/// 2 (s c)² flops, with it one decomposition of about 9 (s c)³.
class TangentKernel {
 public:
  TangentKernel(const onager::Config& c, const onager::Host& host)
      : host_(host),
        kernels_(c.integer("samples")),
        top_(c.integer("top")),
        least_(c.flag("least")),
        change_(c.flag("change")),
        alignment_(c.flag("alignment")) {}

  void observe(const onager::View& view) {
    const auto network = network_of(view, "tangent_kernel");
    const onager_array kernel = kernels_.present(view, network);
    const Table k = Table::copy_of(kernel);
    const double size = frobenius(kernel);
    emit_spectrum(k);
    host_.emit("tangent_kernel.frobenius", size);
    if (alignment_) emit_alignment(view, k, size);
    if (change_) emit_change(kernel, kernels_.initial(view, network));
  }

  std::vector<onager::NamedTable> state() {
    return {{"largest_change", "the largest relative change so far", &largest_change_}};
  }

 private:
  void emit_spectrum(const Table& k) {
    const std::int64_t top = std::min(std::max<std::int64_t>(top_, 1), k.rows);
    std::vector<double> values;
    if (least_) {
      const auto spectrum = spectrum_of(host_, k);
      values.assign(spectrum.values.values.rbegin(), spectrum.values.values.rbegin() + top);
      host_.emit("tangent_kernel.least", spectrum.values(0, 0));
    } else {
      values = largest_of(host_, k, top).values;
    }
    host_.emit("tangent_kernel.norm", values[0]);
    for (std::int64_t i = 0; i < std::min(top, top_); ++i)
      host_.emit(("tangent_kernel.eigenvalue_" + std::to_string(i + 1)).c_str(),
                 values[static_cast<std::size_t>(i)]);
  }

  void emit_alignment(const onager::View& view, const Table& k, double size) const {
    const Table y = Table::copy_of(array_of(view, "train.targets"));
    double product = 0, square = 0;
    for (std::int64_t i = 0; i < k.rows; ++i) {
      const double yi = y.values[static_cast<std::size_t>(i)];
      square += yi * yi;
      double row = 0;
      for (std::int64_t j = 0; j < k.cols; ++j)
        row += k(i, j) * y.values[static_cast<std::size_t>(j)];
      product += yi * row;
    }
    if (size > 0 && square > 0) host_.emit("tangent_kernel.alignment", product / (size * square));
  }

  void emit_change(const onager_array& now, const onager_array& start) {
    const double size = frobenius(start);
    if (size == 0) return;
    const double change = frobenius(now, &start) / size;
    if (largest_change_.empty()) largest_change_ = Table(1, 1);
    largest_change_(0, 0) = std::max(largest_change_(0, 0), change);
    host_.emit("tangent_kernel.change", change);
    host_.emit("tangent_kernel.largest_change", largest_change_(0, 0));
  }

  onager::Host host_;
  TangentKernels kernels_;
  std::int64_t top_;
  bool least_, change_, alignment_;
  Table largest_change_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.tangent_kernel", "1.0.0", "MIT",
    onager::diagnostic<TangentKernel>(
        "tangent_kernel",
        "Norms and eigenvalues of the tangent kernel, its change from the start, its alignment "
        "with the targets",
        {samples_parameter(0, "The first s training samples; 0: all of them"),
         onager::integer("top", 0, "How many of the largest eigenvalues are told one by one")
             .at_least(0),
         onager::flag("least", false, "The least eigenvalue too, by a full decomposition"),
         onager::flag("change", true,
                      "The change from the start, for which a second kernel is kept"),
         onager::flag("alignment", true, "The alignment with the targets")})
        .cite("Jacot, Gabriel, Hongler, Neural tangent kernel: convergence and generalization in "
              "neural networks, NeurIPS 2018"))
