// SPDX-License-Identifier: MIT
#include "../../common/alignment.hpp"
#include "../../common/matrix_file.hpp"

namespace {

using onager::Error;
using onager::Table;
using namespace onager::plugins;

/// Cosine of a network's average gradient outer product with a reference,
///
///   G = (1/n) sum_i sum_l grad_x f_l(x_i) grad_x f_l(x_i)',   <G, G*> / (|G| |G*|),
///
/// not centered: with the exact G* of the true function, which the dataset knows, or with a matrix
/// from a file, such as the arrays/agop.npy that this diagnostic leaves in another run. A diagonal
/// as reference is compared with the diagonal. Source: Zhu, Liu, Radhakrishnan, Belkin 2024.
class AgopAlignment {
 public:
  AgopAlignment(const onager::Config& c, const onager::Host& host)
      : host_(host), path_(c.path("path")), emit_(c.flag("emit")) {
    const bool file = c.choice("reference") == "file";
    if (file == path_.empty())
      throw Error(ONAGER_INVALID,
                  file ? "reference = \"file\" needs path" : "path goes with reference = \"file\"");
    if (file) file_ = read_matrix(path_);
  }

  void observe(const onager::View& view) {
    network_of(view, "agop_alignment");
    const onager_array agop = array_of(view, "gradient_outer_product.plain");
    const auto value = alignment(agop, reference(view));
    if (value) host_.emit("agop_alignment", *value);
    if (emit_) last_ = Table::copy_of(agop);
  }

  void finish(const onager::View&) {
    if (!last_.empty()) host_.emit("agop", last_.view().array());
  }

  std::vector<onager::NamedTable> state() {
    return {{"last", "the outer product as last observed", &last_}};
  }

 private:
  onager_array reference(const onager::View& view) {
    if (!file_.empty()) return file_.view().array();
    if (const auto egop = view.find("fact.egop")) return *egop;
    throw Error(ONAGER_INVALID,
                "the dataset does not know its expected gradient outer product; set reference = "
                "\"file\" and the path of another run's arrays/agop.npy");
  }

  onager::Host host_;
  std::string path_;
  bool emit_;
  Table file_, last_;
};

}  // namespace

ONAGER_PLUGIN(
    "org.onager.agop_alignment", "1.0.0", "MIT",
    onager::diagnostic<AgopAlignment>(
        "agop_alignment",
        "Cosine of a network's average gradient outer product with the exact one or a file",
        {onager::choice("reference", {"egop", "file"}, "egop",
                        "The expected outer product of the true function, or the matrix in path"),
         onager::path("path", "A .npy file for reference = \"file\""),
         onager::flag("emit", true, "Keep the last outer product as arrays/agop.npy")})
        .cite("Zhu, Liu, Radhakrishnan, Belkin, Catapults in SGD: spikes in the training loss and "
              "their impact on generalization through feature learning, ICML 2024"))
