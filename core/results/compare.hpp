// SPDX-License-Identifier: MIT
#pragma once

#include "results/comparison.hpp"

#include <string>

namespace onager::host {

/// Runs side by side: status, rounds, metrics of the kept round, seconds; then every setting of
/// their config.toml in which they differ. Where they are many, settings stand in the row of their
/// run. Lines are no wider than `most` characters, as far as that goes.
std::string compare_text(const Comparison& all, std::size_t most);
std::string compare_json(const Comparison& all);

/// The same as a page, with their figures and the curves of all runs in one plot for each metric.
std::string compare_html(const Comparison& all);

}  // namespace onager::host
