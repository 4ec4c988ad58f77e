// SPDX-License-Identifier: MIT
#include "results/figure_json.hpp"

namespace onager::host {

nlohmann::ordered_json fits_json(const std::vector<FigureData>& figures) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& data : figures)
    for (const auto& panel : data.panels)
      for (const auto& curve : panel.curves)
        if (curve.law)
          out.push_back({{"figure", title_of(data.figure)},
                         {"panel", panel.name},
                         {"x", data.figure.x.text()},
                         {"y", curve.y_column},
                         {"group", curve.group},
                         {"factor", curve.law->factor},
                         {"exponent", curve.law->exponent},
                         {"standard_error", curve.law->standard_error},
                         {"points", curve.law->points}});
  return out;
}

}  // namespace onager::host
