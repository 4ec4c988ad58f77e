// SPDX-License-Identifier: MIT
//
// Apart from verdicts.hpp, because the JSON library is heavy to include.
#pragma once

#include "results/verdicts.hpp"

#include <nlohmann/json.hpp>
#include <vector>

namespace onager::host {

/// A list of objects with statement, outcome, measured, note and message.
nlohmann::ordered_json verdicts_json(const std::vector<Verdict>& verdicts);

/// Reads what verdicts_json() made. Throws the library's exceptions where it is damaged.
std::vector<Verdict> verdicts_from_json(const nlohmann::ordered_json& json);

}  // namespace onager::host
