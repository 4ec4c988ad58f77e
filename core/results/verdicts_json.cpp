// SPDX-License-Identifier: MIT
#include "results/verdicts_json.hpp"

namespace onager::host {

nlohmann::ordered_json verdicts_json(const std::vector<Verdict>& verdicts) {
  auto out = nlohmann::ordered_json::array();
  for (const auto& verdict : verdicts)
    out.push_back({{"statement", verdict.statement},
                   {"outcome", to_string(verdict.outcome)},
                   {"measured", verdict.measured},
                   {"note", verdict.note},
                   {"message", verdict.message}});
  return out;
}

std::vector<Verdict> verdicts_from_json(const nlohmann::ordered_json& json) {
  std::vector<Verdict> out;
  for (const auto& one : json) {
    Verdict verdict;
    verdict.statement = one.at("statement").get<std::string>();
    const auto outcome = one.at("outcome").get<std::string>();
    for (const auto known : {Outcome::met, Outcome::missed})
      if (outcome == to_string(known)) verdict.outcome = known;
    if (!one.at("measured").is_null()) verdict.measured = one.at("measured").get<double>();
    verdict.note = one.at("note").get<std::string>();
    verdict.message = one.at("message").get<std::string>();
    out.push_back(std::move(verdict));
  }
  return out;
}

}  // namespace onager::host
