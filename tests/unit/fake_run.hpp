// SPDX-License-Identifier: MIT
//
// Run folders made by hand, for tests of what reads them.
#pragma once

#include "../scratch.hpp"

#include "base/files.hpp"
#include "results/run_folder.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace onager::host::tests {

using TemporaryFolder = onager::test::Scratch;

inline NpyArray array_of(std::vector<std::int64_t> shape, const std::vector<double>& values) {
  NpyArray out;
  out.shape = std::move(shape);
  out.data.resize(values.size() * sizeof(double));
  if (!values.empty()) std::memcpy(out.data.data(), values.data(), out.data.size());
  return out;
}

/// d x d with `diagonal` on the diagonal and a symmetric wave of size `wave` elsewhere.
inline NpyArray wavy_matrix(std::int64_t d, double diagonal, double wave) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < d; ++i)
    for (std::int64_t j = 0; j < d; ++j)
      values.push_back(i == j ? diagonal : wave * std::sin(static_cast<double>(i + j)));
  return array_of({d, d}, values);
}

struct FakeRun {
  std::string config =
      "seed = 7\n\n[dataset]\nuse = \"lab.example/numbers\"\n\n[kernel]\nuse = \"bell\"\n"
      "bandwidth = 2.5\n\n[loop]\nrounds = 3\n";
  std::string lock =
      "[[plugin]]\nid = \"lab.example\"\nversion = \"1.2.0\"\nabi = \"1.0\"\n"
      "file = \"/opt/lab/numbers.so\"\nsha256 = \"0123abcd\"\n";
  Metrics metrics;
  Summary summary;
  bool has_summary = true;

  FakeRun() {
    const double accuracy[] = {0.0, 0.4, 1.0};
    for (std::int64_t round = 0; round < 3; ++round) {
      metrics.set(round, "train_mse", 1e-3 * static_cast<double>(round + 1));
      metrics.set(round, "test_mse", 0.5 / static_cast<double>(round + 1));
      metrics.set(round, "train_accuracy", 1.0);
      metrics.set(round, "test_accuracy", accuracy[round]);
      metrics.set(round, "seconds", 0.25);
    }
    summary.status = RunStatus::finished;
    summary.pipeline = "numbers.toml";
    summary.learns = true;
    summary.task = "classification";
    summary.rounds_done = summary.rounds_planned = 3;
    summary.train_samples = 10;
    summary.test_samples = 5;
    summary.features = 12;
    summary.outputs = 2;
    summary.seconds = {{"load", 0.25}, {"fit", 0.5}};
    summary.total_seconds = 1;
    summary.machine.cpu = "A processor";
  }

  RunFolder write(const std::filesystem::path& path) const {
    RunFolder folder(path);
    folder.write("config.toml", config);
    folder.write("lock.toml", lock);
    folder.write("metrics.csv", metrics.to_csv());
    if (has_summary) folder.write("summary.json", to_json(summary, metrics));
    return folder;
  }
};

}  // namespace onager::host::tests
