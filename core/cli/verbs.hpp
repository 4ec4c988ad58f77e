// SPDX-License-Identifier: MIT
//
// The program's verbs. Each returns the exit status, or throws host::Error.
#pragma once

#include "plugin/registry.hpp"
#include "results/verdicts.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace onager::host::cli {

struct RunOptions {
  std::string file;  // or a run folder
  std::vector<std::string> overrides;
  std::string out;  // "" chooses runs/NAME-NNN
  bool resume = false;
  bool locked = false;
  bool quiet = false;
  bool expect = false;  // an expectation that is missed is a failure
  int threads = 0;      // 0: all this process may use
};

int run(const Registry& registry, const RunOptions& options);
/// The lock.toml whose plugins a run is to use: that of a run folder that is run again or resumed,
/// and with --locked the one beside the file; "" for none.
std::filesystem::path lock_file_of(const RunOptions& options);

int check(const Registry& registry, const std::string& file,
          const std::vector<std::string>& overrides, bool json);

enum class ListForm { table, ids, json, ids_as_json };
int list(const Registry& registry, const std::string& kind, ListForm form);
int describe(const Registry& registry, const std::string& id, bool json);
int schema(const Registry& registry);
struct CompareOptions {
  std::vector<std::string> folders;  // of runs and sweeps
  bool json = false;
  std::string html;     // file to write a page to, or ""
  std::string figures;  // folder to write figures to, or ""
};
int compare(const CompareOptions& options);
/// Of a run's or a sweep's folder.
int report(const std::string& folder);

struct BenchOptions {
  std::string file;  // "": pipelines that come with the program
  std::vector<std::string> overrides;
  int threads = 0;  // as in RunOptions
  int repeat = 5;
  std::vector<std::string> only;    // of bench_stages(); empty: all of a pipeline's kind
  std::int64_t size = 0;            // samples of the kernel block; 0: the round's, else 4096
  std::vector<std::string> shapes;  // of outer products, "4096x128x1"; empty: four of them
  bool json = false;
};
/// Of kernel pipelines "round", "block", "outer_product", of networks "step", "tangent_kernel"
const std::vector<std::string>& bench_stages();
int bench(const Registry& registry, const BenchOptions& options);

struct SweepOptions {
  std::string file;
  std::vector<std::string> overrides;
  std::string out;                       // "" is runs/NAME-sweep
  std::vector<std::string> plugin_path;  // for the points' processes
  bool require_signed = false;           // likewise
  int jobs = 0;                          // points at a time; 0: one
  int threads = 0;                       // of all points that run at a time; 0 as in RunOptions
  std::string emit;                      // "slurm": writes an array job in place of running
  bool quiet = false;
  bool expect = false;  // as in RunOptions
  bool json = false;
};
int sweep(const Registry& registry, const SweepOptions& options);

/// Prints what became of expectations to `log`, if any. The exit status of a verb that else has
/// `status`: an expectation on what does not exist is an error of the file; one that is missed
/// counts only when asked for.
int concluded(const std::vector<Verdict>& verdicts, bool expect, int status, std::FILE* log);

}  // namespace onager::host::cli
