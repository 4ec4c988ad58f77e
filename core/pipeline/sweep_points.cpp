// SPDX-License-Identifier: MIT
#include "pipeline/sweep_points.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "pipeline/lock.hpp"
#include "pipeline/run.hpp"

#include <fmt/format.h>

#include <set>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t identity_digits = 8;

std::string content_of(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored) ? read_file(file) : "";
}

/// Reads what an earlier sweep, or a job of an array, left of a point.
bool is_finished(const PlacedPoint& point, PointRecord& record) {
  if (content_of(point.folder / "config.toml") != point.config ||
      content_of(point.folder / "lock.toml") != point.lock)
    return false;
  try {
    read_point(point.folder, record);
  } catch (const Error&) {
    record.status = "missing";  // damaged: run again
  }
  if (record.status == "unfinished") record.status = "interrupted";
  return record.status == "finished";
}

void warn_of_others(const PlacedSweep& sweep, const fs::path& points,
                    const std::function<void(const std::string& text)>& warning) {
  std::set<std::string> names;
  for (const auto& record : sweep.records) names.insert(record.name);
  std::size_t others = 0;
  for (const auto& entry : fs::directory_iterator(points))
    if (entry.is_directory() && names.count(entry.path().filename().string()) == 0) ++others;
  if (others > 0 && warning)
    warning(fmt::format(
        "{} run folder{} in {} belong{} to no point of this sweep as it is now; left there", others,
        others == 1 ? "" : "s", points.string(), others == 1 ? "s" : ""));
}

}  // namespace

void prepare_sweep_folder(const fs::path& folder) {
  const bool used = fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder));
  if (used && !fs::exists(folder / "points") && !fs::exists(folder / "sweep.csv"))
    throw Error(Category::system,
                fmt::format("{} holds something other than a sweep: name another folder with "
                            "--out",
                            folder.string()));
  make_folder(folder / "points");
}

fs::path PlacedPoint::beside(const char* extension) const {
  return folder.parent_path() / (folder.filename().string() + extension);
}

PlacedSweep place_sweep(const Sweep& sweep, const fs::path& folder,
                        const std::function<void(const std::string& text)>& warning) {
  PlacedSweep out;
  for (const auto& from : sweep.points) {
    PlacedPoint point;
    point.config = to_toml(from.plan);
    point.lock = lock_toml(from.plan);
    const std::string identity = sha256(point.config + "\n" + point.lock);
    PointRecord record;
    record.name =
        from.label + (from.label.empty() ? "" : "-") + identity.substr(0, identity_digits);
    record.cells = from.cells;
    record.status = "missing";
    point.folder = record.folder = folder / "points" / record.name;
    if (!is_finished(point, record)) {
      out.waiting.push_back(out.points.size());
    } else {
      std::error_code ignored;
      for (const char* extension : {".toml", ".log"}) fs::remove(point.beside(extension), ignored);
    }
    out.points.push_back(std::move(point));
    out.records.push_back(std::move(record));
  }
  warn_of_others(out, folder / "points", warning);
  return out;
}

std::vector<std::string> run_arguments(const PlacedPoint& point, int threads) {
  std::vector<std::string> out{"run",       point.beside(".toml").string(),
                               "--out",     point.folder.string(),
                               "--threads", std::to_string(threads)};
  std::error_code ignored;
  if (fs::exists(point.folder / "config.toml", ignored)) out.push_back("--resume");
  return out;
}

}  // namespace onager::host
