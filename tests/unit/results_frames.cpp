// SPDX-License-Identifier: MIT
#include "../catch.hpp"
#include "results/report.hpp"
#include "results/report_frames.hpp"
#include "unit/fake_run.hpp"

#include <fmt/format.h>

using namespace onager::host;
using namespace onager::host::tests;

namespace {

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

std::string report_with_series(const std::vector<int>& rounds, const NpyArray& array) {
  const TemporaryFolder folder;
  const auto run = FakeRun().write(folder.path() / "a-run");
  for (const int round : rounds)
    run.write_array(fmt::format("feature_matrix.round_{:03}", round), array);
  return report_html(folder.path() / "a-run");
}

}  // namespace

TEST_CASE("arrays that differ in the number of a time form a series, in the order of the numbers") {
  const auto series =
      array_series({"a/m.round_002.npy", "a/m.round_010.npy", "a/m.round_1000.npy",
                    "a/m.round_999.npy", "a/m.step_1.npy", "a/m.npy", "a/other.round_1.npy",
                    "a/m.round_002.2.npy", "a/m.round_010.2.npy", "a/round_1.npy", "a/m.round_.npy",
                    "a/m._3.npy", "a/fit.2.npy", "a/fit.3.npy"});
  REQUIRE(series.size() == 2);
  CHECK(series[0].name == "m");
  CHECK(series[0].word == "round");
  std::vector<std::int64_t> numbers;
  for (const auto& member : series[0].members) numbers.push_back(member.number);
  CHECK(numbers == std::vector<std::int64_t>{2, 10, 999, 1000});
  CHECK(series[1].name == "m.2");
  CHECK(series[1].members.size() == 2);
  CHECK(is_member(series, "a/m.round_010.2.npy"));
  CHECK_FALSE(is_member(series, "a/m.step_1.npy"));
}

TEST_CASE("a series is one figure with a slider, whose last picture shows without a script") {
  const std::string html = report_with_series({0, 5, 10}, wavy_matrix(6, 1, 0.5));
  CHECK(count_of(html, "<figure class=\"frames\">") == 1);
  CHECK(count_of(html, "class=\"shot\"") == 3);
  CHECK(count_of(html, "data-name=\"round 0\" hidden>") == 1);
  CHECK(count_of(html, "data-name=\"round 5\" hidden>") == 1);
  CHECK(count_of(html, "data-name=\"round 10\">") == 1);
  CHECK_THAT(html, ContainsSubstring("<div class=\"slide\" hidden>"));  // until the script runs
  CHECK_THAT(html, ContainsSubstring("max=\"2\" step=\"1\" value=\"2\""));
  CHECK(count_of(html, "<script>") == 1);
  CHECK_THAT(html, !ContainsSubstring("<script "));
  CHECK_THAT(html, !ContainsSubstring("http:") && !ContainsSubstring("https:"));
}

TEST_CASE("a series of vectors is a figure with a slider beside a picture of all") {
  const std::string html = report_with_series({0, 1, 2}, array_of({5}, {1, 2, 3, 4, 5}));
  CHECK(count_of(html, "<figure class=\"frames\">") == 1);
  CHECK_THAT(html, ContainsSubstring("heat map, 3 x 5"));
  CHECK_THAT(html, ContainsSubstring("a row a round."));
}

TEST_CASE("of a long series some are drawn, the first and the last among them") {
  std::vector<int> rounds;
  for (int i = 0; i < 60; ++i) rounds.push_back(i);
  const std::string html = report_with_series(rounds, wavy_matrix(2, 1, 0.5));
  CHECK(count_of(html, "class=\"shot\"") == 48);
  CHECK_THAT(html, ContainsSubstring("data-name=\"round 0\" hidden"));
  CHECK_THAT(html, ContainsSubstring("data-name=\"round 59\">"));
  CHECK_THAT(html, ContainsSubstring("48 of 60 pictures"));
}

TEST_CASE("a member that cannot be read is told and the others are drawn") {
  const TemporaryFolder folder;
  const auto run = FakeRun().write(folder.path() / "a-run");
  run.write_array("m.round_0", wavy_matrix(3, 1, 0.5));
  run.write("arrays/m.round_1.npy", "not an array");
  const std::string html = report_html(folder.path() / "a-run");
  CHECK_THAT(html, ContainsSubstring("m.round_1.npy: is not an .npy file"));
  CHECK_THAT(html, ContainsSubstring("data-name=\"round 0\">"));
}
