// SPDX-License-Identifier: MIT
#pragma once

#include "results/run_record.hpp"

#include <string>

namespace onager::host {

/// Pictures of the learned feature matrix and of the other arrays of a run, as HTML sections.
std::string array_sections(const RunRecord& run);

}  // namespace onager::host
