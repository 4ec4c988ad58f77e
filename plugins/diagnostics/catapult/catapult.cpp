// SPDX-License-Identifier: MIT
#include "../../common/square_loss_constant.hpp"
#include "../../common/tangent_kernel.hpp"
#include "loss_split.hpp"
#include "spikes.hpp"
#include "step_ratios.hpp"

namespace {

using onager::Matrix;
using onager::Table;
using namespace onager::plugins;

/// Columns of the array catapult.spikes, a row a spike.
enum Column : std::int64_t {
  begin,        // steps made at its first loss above the threshold
  peak,         // at its highest loss
  end,          // at the first loss that has fallen back
  baseline,     // the moving median before it
  highest,      // its highest loss
  norm_before,  // |K|_2 before the step that led to `begin`; at `begin` for losses of batches
  norm_after,   // |K|_2 when it was over
  step_ratio,   // the largest eta / eta_crit(batch) of the steps that led to `begin`
  top_share,    // share of the rise in the top eigenspace
  rest_share,   // the most that the rest of the loss rose, relative to the rise
  columns
};

/// Spikes of the training loss and what the theory of catapults says of them: the step size was
/// above the critical one of its batch, the rise lies in the span of the top eigenvectors of the
/// tangent kernel K, and the norm of K is lower after it.
///
/// Watched is the loss of the first s training samples, or that of the batches. What counts as a
/// spike is said at SpikeRule. On every k-th step, and on every one within a spike, the square loss
/// L = (c/2) |r|², r = f - y, is split over the m largest eigenvectors of K at that step and the
/// rest. A step has the critical rate 2/lambda of its batch at the parameters before it.
///
/// A split costs one tangent kernel and some tens of products with it; a critical rate some tens of
/// jvps and vjps of the batch, and nothing where the step before was split and the batch is all.
/// Source: Zhu, Liu, Radhakrishnan, Belkin 2024; Lewkowycz, Bahri, Dyer, Sohl-Dickstein, Gur-Ari
/// 2020 for the catapult itself.
class Catapult {
 public:
  Catapult(const onager::Config& c, const onager::Host& host)
      : host_(host),
        kernels_(c.integer("samples")),
        of_batch_(c.choice("of") == "batch"),
        top_(c.integer("top")),
        split_every_(c.integer("split_every")),
        critical_(c.flag("batch_critical")),
        ratios_(c.integer("lookback")),
        detector_(rule(c)) {}

  void observe(const onager::View& view) {
    const auto network = network_of(view, "catapult");
    warn_of_gaps(view.round());
    const bool stepped = critical_ && network.last();
    if (stepped && !of_batch_) observe_step(view, network);
    const auto now = observe_loss(view, network);
    if (now == SpikeDetector::Now::begins) open_ = opened(view, network);
    // a batch's loss is that before the step, to which only the steps before have led
    if (stepped && of_batch_) observe_step(view, network);
    if (top_ > 0 && (detector_.inside() || view.round() % split_every_ == 0)) split(view, network);
    if (now == SpikeDetector::Now::ends) close(view, network);
    if (now == SpikeDetector::Now::new_level) open_ = rise_ = Table();
    emit_counts();
  }

  void finish(const onager::View&) {
    if (!spikes_.empty()) host_.emit("catapult.spikes", spikes_.view().array());
  }

  std::vector<onager::NamedTable> state() {
    return {{"quiet", "losses that the baseline is the median of", &detector_.quiet()},
            {"rise", "the rise that lasts", &detector_.rise()},
            {"open", "norm of K, step ratio and split of the loss before it", &open_},
            {"split", "the last split of the loss outside of a rise", &split_},
            {"rise_split", "highest split within the rise and the largest rest", &rise_},
            {"spikes", "the spikes so far, as in the array", &spikes_},
            {"ratios", "eta / eta_crit of the last steps", &ratios_.recent()},
            {"counts", "steps, and those above their critical rate", &ratios_.counts()},
            {"constant", "c of the square loss", &constant_},
            {"largest", "a step and the largest eigenvalue of K after it", &largest_},
            {"seen", "the step that was observed last", &seen_}};
  }

 private:
  static SpikeRule rule(const onager::Config& c) {
    SpikeRule rule;
    rule.factor = c.real("factor");
    rule.deviations = c.real("deviations");
    rule.floor = c.real("floor");
    rule.window = c.integer("window");
    rule.longest = c.integer("longest");
    return rule;
  }

  static double square_of(const Table& t) {
    double sum = 0;
    for (const double v : t.values) sum += v * v;
    return sum;
  }

  void warn_of_gaps(std::int64_t step) {
    if (!seen_.empty() && !warned_ && static_cast<double>(step) > seen_(0, 0) + 1) {
      host_.warn("catapult does not see every step, and misses what spikes between; set every = 1");
      warned_ = true;
    }
    seen_ = Table(1, 1, static_cast<double>(step));
  }

  /// The rate of the step that led here against the critical one of its batch.
  void observe_step(const onager::View& view, const onager::Network& network) {
    const onager_step& last = *network.last();
    const double critical = 2 / lambda_of(view, network, last);
    ratios_.observe(last.learning_rate / critical);
    host_.emit("catapult.batch_critical", critical);
    host_.emit("catapult.step_ratio", last.learning_rate / critical);
    host_.emit("catapult.exceeding", ratios_.share_above_1());
  }

  double lambda_of(const onager::View& view, const onager::Network& network,
                   const onager_step& last) const {
    const bool known = !last.samples && kernels_.samples(network) == network.samples() &&
                       norm_known_after(view.round() - 1);
    if (known) return constant_(0, 0) * largest_(0, 1);
    return in_precision_of(network, [&](auto zero) {
      using T = decltype(zero);
      const Matrix<const T> w(array_of(view, "previous_parameters"));
      if (!last.samples) return network.objective().lambda<T>(w, nullptr, 1e-6);
      const std::vector<std::int64_t> batch(last.samples, last.samples + last.batch);
      return network.objective().lambda<T>(w, &batch, 1e-6);
    });
  }

  /// Whether the last split was made after that step, and so told lambda_max(K) there and c.
  bool norm_known_after(std::int64_t step) const {
    return !largest_.empty() && largest_(0, 0) == static_cast<double>(step);
  }

  SpikeDetector::Now observe_loss(const onager::View& view, const onager::Network& network) {
    const std::int64_t step = view.round();
    if (of_batch_ && !network.last()) return SpikeDetector::Now::quiet;
    const double loss = of_batch_ ? network.last()->loss : watched_loss(view, network);
    host_.emit("catapult.loss", loss);
    if (!std::isnan(detector_.baseline())) host_.emit("catapult.baseline", detector_.baseline());
    if (!of_batch_) return detector_.observe(step, loss);
    return detector_.observe(step - 1, loss,
                             noise_of_squares(network.last()->batch * network.outputs()));
  }

  double watched_loss(const onager::View& view, const onager::Network& network) const {
    if (!constant_.empty())
      return constant_(0, 0) / 2 * square_of(kernels_.residual(view, network));
    return in_precision_of(network, [&](auto zero) {
      using T = decltype(zero);
      const auto list = first_samples(kernels_.samples(network));
      return network.objective().evaluate<T>(Matrix<const T>(array_of(view, "parameters")), &list,
                                             nullptr);
    });
  }

  /// |K|_2 before the last step, the step ratio, the last split: 1 x 4.
  Table opened(const onager::View& view, const onager::Network& network) const {
    Table out(1, 4, std::nan(""));
    if (const auto previous = view.find("previous_parameters"))
      out(0, 0) = norm_known_after(view.round() - 1)
                      ? largest_(0, 1)
                      : spectral_norm(host_, kernels_.at(view, network, *previous));
    if (const auto ratio = ratios_.largest()) out(0, 1) = *ratio;
    if (!split_.empty()) {
      out(0, 2) = split_(0, 0);
      out(0, 3) = split_(0, 1);
    }
    return out;
  }

  void split(const onager::View& view, const onager::Network& network) {
    const Table k = Table::copy_of(kernels_.present(view, network));
    const Table r = kernels_.residual(view, network);
    Table vectors;
    const auto spectrum = largest_of(host_, k, std::min(top_, k.rows), &vectors);
    if (constant_.empty()) {
      constant_ = Table(
          1, 1,
          square_loss_constant(view, network, kernels_.samples(network), square_of(r),
                               spectrum.values[0], "set top = 0, and catapult splits no loss"));
    }
    const double c = constant_(0, 0);
    const LossSplit now = split_loss(vectors, r.values, c);
    remember(now);
    largest_ = Table(1, 2);
    largest_(0, 0) = static_cast<double>(view.round());
    largest_(0, 1) = spectrum.values[0];
    host_.emit("catapult.top", now.top);
    host_.emit("catapult.rest", now.rest);
    host_.emit("catapult.critical", 2 / (c * spectrum.values[0]));
  }

  void remember(const LossSplit& now) {
    if (!detector_.inside()) {
      split_ = Table(1, 2);
      split_(0, 0) = now.top;
      split_(0, 1) = now.rest;
      return;
    }
    if (rise_.empty()) rise_ = Table(1, 3, -1);
    if (now.whole() > rise_(0, 0) + rise_(0, 1)) {
      rise_(0, 0) = now.top;
      rise_(0, 1) = now.rest;
    }
    rise_(0, 2) = std::max(rise_(0, 2), now.rest);
  }

  void close(const onager::View& view, const onager::Network& network) {
    const Spike& spike = detector_.last();
    Table row(1, columns, std::nan(""));
    row(0, begin) = static_cast<double>(spike.begin);
    row(0, peak) = static_cast<double>(spike.peak);
    row(0, end) = static_cast<double>(spike.end);
    row(0, baseline) = spike.baseline;
    row(0, highest) = spike.highest;
    row(0, norm_before) = open_(0, 0);
    row(0, norm_after) =
        norm_known_after(view.round())
            ? largest_(0, 1)
            : spectral_norm(host_, Table::copy_of(kernels_.present(view, network)));
    row(0, step_ratio) = open_(0, 1);
    if (!rise_.empty()) {
      const auto shares =
          shares_of({{open_(0, 2), open_(0, 3)}, {rise_(0, 0), rise_(0, 1)}, rise_(0, 2)});
      row(0, top_share) = shares.top;
      row(0, rest_share) = shares.rest;
    }
    spikes_.values.insert(spikes_.values.end(), row.values.begin(), row.values.end());
    spikes_.cols = columns;
    ++spikes_.rows;
    open_ = rise_ = Table();
  }

  void emit_counts() const {
    host_.emit("catapult.spikes", static_cast<double>(spikes_.rows));
    host_.emit("catapult.inside", detector_.inside());
    if (!critical_) return;
    double preceded = 0;
    for (std::int64_t i = 0; i < spikes_.rows; ++i) preceded += spikes_(i, step_ratio) > 1;
    host_.emit("catapult.preceded", preceded);
  }

  onager::Host host_;
  TangentKernels kernels_;
  bool of_batch_;
  std::int64_t top_, split_every_;
  bool critical_;
  StepRatios ratios_;
  SpikeDetector detector_;
  Table open_, split_, rise_, spikes_, constant_, largest_, seen_;
  bool warned_ = false;
};

std::vector<onager::Parameter> parameters() {
  const SpikeRule rule;
  return {
      onager::choice(
          "of", {"full", "batch"}, "full",
          "The loss that is watched: of the first s training samples after each step, or "
          "of the batch before it"),
      samples_parameter(0,
                        "The first s training samples, for the loss and the tangent kernel; 0: "
                        "all of them"),
      onager::real("factor", rule.factor, "A spike rises above factor times the baseline").above(1),
      onager::real("deviations", rule.deviations,
                   "and above exp(deviations s) times it, s the scatter of the logarithms")
          .at_least(0),
      onager::integer("window", rule.window,
                      "Losses outside of spikes whose median is the baseline")
          .at_least(1),
      onager::integer("longest", rule.longest, "A rise over more losses is a new level, no spike")
          .at_least(1),
      onager::real("floor", 1e-12, "Losses below it count as it").at_least(0),
      onager::integer("top", 5, "Eigenvectors of the tangent kernel in the top space; 0: no split")
          .at_least(0),
      onager::integer("split_every", 1, "k: the loss is split on every k-th step and within spikes")
          .at_least(1),
      onager::flag("batch_critical", true, "The critical rate of each step's batch"),
      onager::integer("lookback", 1,
                      "Steps before a spike among which one above its critical rate "
                      "counts as having led to it")
          .at_least(1)};
}

}  // namespace

ONAGER_PLUGIN(
    "org.onager.catapult", "1.0.0", "MIT",
    onager::diagnostic<Catapult>(
        "catapult",
        "Spikes of the training loss, critical rates, the loss in the tangent kernel's top "
        "eigenspace and in the rest",
        parameters())
        .cite("Zhu, Liu, Radhakrishnan, Belkin, Catapults in SGD: spikes in the training loss and "
              "their impact on generalization through feature learning, ICML 2024"))
