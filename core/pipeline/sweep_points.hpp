// SPDX-License-Identifier: MIT
#pragma once

#include "config/sweep.hpp"
#include "results/sweep_record.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace onager::host {

/// A point of a sweep with what its folder must hold to be that point's.
struct PlacedPoint {
  std::string config, lock;
  std::filesystem::path folder;  // FOLDER/points/NAME

  /// FOLDER/points/NAME.toml, the point's pipeline while it is not finished, and NAME.log.
  std::filesystem::path beside(const char* extension) const;
};

/// A sweep in its folder, as far as it came before.
struct PlacedSweep {
  std::vector<PlacedPoint> points;
  std::vector<PointRecord> records;  // one a point
  std::vector<std::size_t> waiting;  // points that are not finished
};

/// Creates the folder when it is missing. Throws Error(system) for one with something else in it.
void prepare_sweep_folder(const std::filesystem::path& folder);

/// The sweep's points in a folder that is prepared. NAME ends in the first digits of the SHA-256 of
/// the point's configuration and plugins, so that a point that was changed is another one, and one
/// that was not is found finished.
PlacedSweep place_sweep(const Sweep& sweep, const std::filesystem::path& folder,
                        const std::function<void(const std::string& text)>& warning);

/// The program's arguments to run a point whose pipeline is in NAME.toml.
std::vector<std::string> run_arguments(const PlacedPoint& point, int threads);

}  // namespace onager::host
