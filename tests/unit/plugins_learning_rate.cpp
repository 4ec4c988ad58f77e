// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/common/learning_rate.hpp"

using onager::plugins::LearningRate;

namespace {

double rate(const std::string& text, double lambda) {
  return LearningRate(text, {}).at(0, [&] { return lambda; });
}

std::string refusal(const std::string& text, const std::vector<std::string>& schedule = {}) {
  try {
    const LearningRate made(text, schedule);
  } catch (const onager::Error& error) {
    CHECK(error.status() == ONAGER_INVALID);
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a learning rate is a number or relative to lambda") {
  CHECK(rate("0.1", 4) == 0.1);
  CHECK(rate("1e-3", 4) == 1e-3);
  CHECK(rate(".5", 4) == 0.5);
  CHECK(rate("3", 4) == 3);
  CHECK(rate("2/lambda", 4) == 0.5);
  CHECK(rate("2.5/lambda", 4) == 2.5 / 4);
  CHECK(rate("0.9 * 2 / lambda", 4) == 1.8 / 4);
  CHECK(rate("  1/lambda ", 4) == 0.25);
  CHECK(rate("3/lambda*2", 4) == 1.5);
  CHECK(rate("1/2/lambda", 4) == 0.125);
  CHECK(rate("3/4*2", 4) == 1.5);
}

TEST_CASE("what is no learning rate is refused with its column") {
  CHECK(refusal("2.5/lamda") ==
        "learning_rate, column 5 of \"2.5/lamda\": expected a number above 0 or lambda, found "
        "'lamda'");
  CHECK(refusal("") == "learning_rate, column 1 of \"\": expected a number above 0 or lambda");
  CHECK(refusal("-0.1") ==
        "learning_rate, column 1 of \"-0.1\": expected a number above 0 or lambda, found '-0.1'");
  for (const std::string none : {"0", "0.0", "nan", "inf", "1e400", "fast", "+1"})
    CHECK(refusal(none) == "learning_rate, column 1 of \"" + none +
                               "\": expected a number above 0 or lambda, found '" + none + "'");
  CHECK(refusal("0.9 *") ==
        "learning_rate, column 6 of \"0.9 *\": expected a number above 0 or lambda");
  CHECK(refusal("1 2") ==
        "learning_rate, column 3 of \"1 2\": expected *, / or the end, found '2'");
  CHECK(refusal("2/lambda x") ==
        "learning_rate, column 10 of \"2/lambda x\": expected *, / or the end, found 'x'");
  for (const auto& [text, column] :
       {std::pair{"lambda", "1"}, {"2*lambda", "3"}, {"2/lambda/lambda", "10"}})
    CHECK(refusal(text) == std::string("learning_rate, column ") + column + " of \"" + text +
                               "\": lambda stands once and divides, as in 2/lambda");
  CHECK(refusal("1e-300*1e-300/lambda") ==
        "learning_rate, column 1 of \"1e-300*1e-300/lambda\": a learning rate is finite and above "
        "0");
}

TEST_CASE("an entry of the schedule is refused with its number and column") {
  const auto of = [](const std::vector<std::string>& schedule) { return refusal("1", schedule); };
  CHECK(of({"10: 0.5", "20: 1.8/lambda"}) == "accepted");
  CHECK(of({" 10:0.5"}) == "accepted");
  CHECK(of({"10: 0.5", "20 1.8"}) ==
        "schedule, entry 2, column 4 of \"20 1.8\": expected ':' after the step, found '1.8'");
  CHECK(of({"10: 0.5", "20: 1.8/eta"}) ==
        "schedule, entry 2, column 9 of \"20: 1.8/eta\": expected a number above 0 or lambda, "
        "found 'eta'");
  CHECK(of({"20: 0.5", "10: 1"}) ==
        "schedule, entry 2, column 1 of \"10: 1\": step 10 does not come after step 20 of the "
        "entry before");
  CHECK(of({"0: 0.5"}).find("column 1 of \"0: 0.5\": expected the step from which on") !=
        std::string::npos);
  CHECK(of({"soon: 0.5"}).find("found 'soon'") != std::string::npos);
}

TEST_CASE("a relative rate is resolved in the first step of its stage and kept") {
  LearningRate made("1/lambda", {"3: 0.5", "5: 2/lambda"});
  int asked = 0;
  const auto at = [&](std::int64_t step) {
    return made.at(step, [&] {
      ++asked;
      return 1.0 + static_cast<double>(step);
    });
  };
  CHECK(at(0) == 1);
  CHECK(at(2) == 1);
  CHECK(asked == 1);
  CHECK(at(3) == 0.5);
  CHECK(at(4) == 0.5);
  CHECK(asked == 1);
  CHECK(at(5) == 2.0 / 6);
  CHECK(at(900) == 2.0 / 6);
  CHECK(asked == 2);
}

TEST_CASE(
    "a loss without curvature has no critical rate, and one that diverged has one that is not a "
    "number") {
  LearningRate made("1/lambda", {});
  try {
    made.at(7, [] { return 0.0; });
    FAIL("0 was taken for a curvature");
  } catch (const onager::Error& error) {
    CHECK(error.status() == ONAGER_NUMERICAL);
    CHECK(std::string(error.what()).find("no curvature before step 7") != std::string::npos);
  }
  CHECK(std::isnan(made.at(7, [] { return std::nan(""); })));
}
