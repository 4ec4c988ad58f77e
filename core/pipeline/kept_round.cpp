// SPDX-License-Identifier: MIT
#include "pipeline/kept_round.hpp"

#include "linalg/arrays.hpp"

#include <cmath>
#include <utility>

namespace onager::host {

namespace {

// no state of a component has such a name
const char* const score_name = "(round, accuracy, mse)";

}  // namespace

bool ValidationScore::better_than(const ValidationScore& other) const {
  if (accuracy != other.accuracy) return accuracy > other.accuracy;
  return mse < other.mse || (std::isnan(other.mse) && !std::isnan(mse));
}

bool KeptRound::offer(std::int64_t round, const ValidationScore& score,
                      std::map<std::string, NpyArray> arrays) {
  if (!empty() && !score.better_than(score_)) return false;
  round_ = round;
  score_ = score;
  arrays_ = std::move(arrays);
  return true;
}

std::map<std::string, NpyArray> KeptRound::state() const {
  auto out = arrays_;
  const arma::mat score{{static_cast<double>(round_), score_.accuracy, score_.mse}};
  out.emplace(score_name, NpyArray::copy_of(as_array(score)));
  return out;
}

void KeptRound::restore(std::map<std::string, NpyArray> state) {
  const auto score = copy_as<double>(state.at(score_name).view());
  round_ = static_cast<std::int64_t>(score(0));
  score_ = {score(1), score(2)};
  state.erase(score_name);
  arrays_ = std::move(state);
}

}  // namespace onager::host
