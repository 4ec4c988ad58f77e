// SPDX-License-Identifier: MIT
#include "results/run_figures.hpp"

#include "config/document.hpp"

namespace onager::host {

std::vector<Figure> figures_of(const RunRecord& run) {
  if (run.config.empty()) return {};
  const auto file = run.path / "config.toml";
  Problems problems;
  auto out = read_figures(read_document(file), problems);
  problems.throw_if_any(file.string());
  return out;
}

std::vector<FigureData> run_figures(const std::vector<Figure>& figures, const Metrics& metrics) {
  std::vector<FigureData> out;
  if (figures.empty()) return out;
  const Table table = table_of(metrics);
  for (const auto& figure : figures) out.push_back(figure_data(figure, table, table.columns, {}));
  return out;
}

}  // namespace onager::host
