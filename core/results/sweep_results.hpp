// SPDX-License-Identifier: MIT
#pragma once

#include "config/sweep_file.hpp"
#include "results/figure_data.hpp"
#include "results/sweep_record.hpp"
#include "results/verdicts.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace onager::host {

/// What a sweep came to.
struct SweepResults {
  std::vector<PointRecord> points;
  Table table;
  std::vector<FigureData> figures;
  std::vector<Verdict> verdicts;
};

/// The rows that a figure of a sweep draws: those of its table, or of its points' rounds. `known`
/// gets the columns that there are.
Table rows_of(const Figure& figure, const std::vector<PointRecord>& points, const Table& table,
              std::vector<std::string>& known);

/// Table, figures and verdicts of a sweep's points.
SweepResults sweep_results(const SweepFile& file, std::vector<PointRecord> points);

/// Writes sweep.toml, sweep.csv and sweep.json of a sweep that begins, all that read_sweep_folder()
/// needs beside the points.
void write_sweep_beginning(const SweepFile& file, const std::vector<PointRecord>& points,
                           const std::filesystem::path& folder);

/// Writes sweep.csv, sweep.json, figures/ and report.html into the sweep's folder. `warning` is
/// told what could not be drawn.
void write_sweep_results(const SweepFile& file, const SweepResults& results,
                         const std::filesystem::path& folder,
                         const std::function<void(const std::string& text)>& warning);

/// Whether a folder is a sweep's.
bool is_sweep_folder(const std::filesystem::path& folder);

/// A sweep folder as it lies there: its sweep.toml, and the points that its sweep.csv lists as
/// their run folders are now, also those that another machine ran. Throws Error(config) when a file
/// is damaged.
struct SweepFolder {
  std::string name;
  std::filesystem::path path;
  SweepFile file;
  SweepResults results;
};
SweepFolder read_sweep_folder(const std::filesystem::path& folder);

/// What came of a sweep in words: "27 of 28 points finished, 1 failed; 12 min 3 s of run time in
/// all".
std::string sweep_sentence(const std::vector<PointRecord>& points);

}  // namespace onager::host
