// SPDX-License-Identifier: MIT
#include "../../common/alignment.hpp"
#include "../../common/part_gram.hpp"
#include "../../common/symmetric_power.hpp"
#include "correlation.hpp"

namespace {

using onager::Error;
using onager::Table;
using namespace onager::plugins;

/// The feature matrix W'W of a layer that reads the inputs, and how well it agrees with the average
/// gradient outer product G of the network and with G^(1/2): cosine <A, B> / (|A| |B|) and
/// Pearson's correlation of the entries.
///
/// The neural feature ansatz is W'W ~ G^(1/2) (Radhakrishnan, Beaglehole, Pandit, Belkin, Science
/// 383, 2024). One symmetric eigendecomposition of d x d an observation.
class FeatureMatrix {
 public:
  FeatureMatrix(const onager::Config& c, const onager::Host& host)
      : host_(host),
        part_(c.text("part")),
        agop_(c.flag("center") ? "gradient_outer_product" : "gradient_outer_product.plain") {}

  void observe(const onager::View& view) {
    network_of(view, "feature_matrix");
    features_ = part_gram(host_, view, part_);
    const Table agop = Table::copy_of(array_of(view, agop_.c_str()));
    if (agop.rows != features_.rows)
      throw Error(ONAGER_INVALID, "part \"" + part_ + "\" reads " + std::to_string(features_.rows) +
                                      " numbers and the gradient outer product is of the " +
                                      std::to_string(agop.rows) +
                                      " features of the data; name a part that "
                                      "reads the inputs");
    compare("agop", agop);
    compare("root_agop", power_of(host_, spectrum_of(host_, agop), 0.5));
  }

  void finish(const onager::View&) {
    if (!features_.empty())
      host_.emit(("feature_matrix." + part_).c_str(), features_.view().array());
  }

  std::vector<onager::NamedTable> state() {
    return {{"features", "W'W as last observed", &features_}};
  }

 private:
  void compare(const std::string& with, Table other) {
    const auto name = [&](const char* what) { return "feature_matrix." + with + "." + what; };
    const auto cosine = alignment(features_.view().array(), other.view().array());
    if (cosine) host_.emit(name("cosine").c_str(), *cosine);
    const auto pearson = correlation(features_, other);
    if (pearson) host_.emit(name("correlation").c_str(), *pearson);
  }

  onager::Host host_;
  std::string part_, agop_;
  Table features_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.feature_matrix", "1.0.0", "MIT",
    onager::diagnostic<FeatureMatrix>(
        "feature_matrix",
        "W'W of a layer that reads the inputs, against the average gradient outer product and its "
        "square root",
        {onager::text("part", "w1", "The part of the model's parameters that holds W"),
         onager::flag(
             "center", false,
             "Compare with the centered outer product, as the agop feature map learns it")})
        .cite("Radhakrishnan, Beaglehole, Pandit, Belkin, Mechanism for feature learning in neural "
              "networks and backpropagation-free machine learning models, Science 383, 2024"))
