// SPDX-License-Identifier: MIT
#include "../../common/network_run.hpp"

namespace {

using namespace onager::plugins;

/// |w - w_0|, and relative to |w_0|. p numbers are read.
class ParameterDistance {
 public:
  ParameterDistance(const onager::Config&, const onager::Host& host) : host_(host) {}

  void observe(const onager::View& view) {
    network_of(view, "parameter_distance");
    const onager_array start = array_of(view, "initial_parameters");
    const double distance = frobenius(array_of(view, "parameters"), &start);
    const double size = frobenius(start);
    host_.emit("parameter_distance", distance);
    if (size > 0) host_.emit("parameter_distance.relative", distance / size);
  }

 private:
  onager::Host host_;
};

}  // namespace

ONAGER_PLUGIN("org.onager.parameter_distance", "1.0.0", "MIT",
              onager::diagnostic<ParameterDistance>(
                  "parameter_distance", "Distance of the parameters from those at the start"))
