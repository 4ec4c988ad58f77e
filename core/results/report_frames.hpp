// SPDX-License-Identifier: MIT
#pragma once

#include "results/run_record.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onager::host {

/// Arrays of one thing at several times: NAME.WORD_NUMBER.npy, such as feature_matrix.round_003.
struct ArraySeries {
  struct Member {
    std::int64_t number;
    std::filesystem::path file;
  };
  std::string name, word;
  std::vector<Member> members;  // by number
};

/// The series of two or more members among the arrays of a run, by name.
std::vector<ArraySeries> array_series(const std::vector<std::filesystem::path>& arrays);
bool is_member(const std::vector<ArraySeries>& series, const std::filesystem::path& file);

/// A figure with one picture a member, of which a slider shows one; without a script the last one
/// shows. A member that cannot be read is left out and told in `notes` (HTML). "" when none is a
/// matrix or vector to draw.
std::string series_figure(const RunRecord& run, const ArraySeries& series, std::string& notes);

/// What moves the sliders of a page: its own script, to stand once after the figures.
std::string slider_script();

}  // namespace onager::host
