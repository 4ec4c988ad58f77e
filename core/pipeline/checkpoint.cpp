// SPDX-License-Identifier: MIT
#include "pipeline/checkpoint.hpp"

#include "base/error.hpp"
#include "base/files.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <set>

namespace onager::host {

namespace {

constexpr int format_version = 2;

}  // namespace

void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint) {
  make_folder(folder);
  std::set<std::string> kept{"state.json"};
  auto components = nlohmann::json::array();
  for (const auto& component : checkpoint.components) {
    auto arrays = nlohmann::json::array();
    for (const auto& [name, array] : component.arrays) {
      const auto file = fmt::format("{}-{}.npy", checkpoint.from, kept.size());
      write_file(folder / file, npy_bytes(array));
      kept.insert(file);
      arrays.push_back({{"name", name}, {"file", file}});
    }
    components.push_back({{"path", component.path}, {"arrays", arrays}});
  }
  auto seconds = nlohmann::json::array();
  for (const auto& [phase, spent] : checkpoint.seconds) seconds.push_back({phase, spent});
  const nlohmann::json state{{"format", format_version},
                             {"from", checkpoint.from},
                             {"plugins_sha256", checkpoint.plugins_sha256},
                             {"metrics", checkpoint.metrics_csv},
                             {"seconds", seconds},
                             {"warnings", checkpoint.warnings},
                             {"components", components}};
  write_file(folder / "state.json", state.dump(1) + "\n");

  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
    if (kept.count(entry.path().filename().string()) == 0)
      std::filesystem::remove(entry.path(), ignored);
}

void remove_checkpoint(const std::filesystem::path& folder) {
  std::error_code ignored;
  std::filesystem::remove(folder / "state.json", ignored);
  std::filesystem::remove_all(folder, ignored);
}

std::optional<Checkpoint> read_checkpoint(const std::filesystem::path& folder) {
  const auto file = folder / "state.json";
  if (!std::filesystem::exists(file)) return std::nullopt;
  try {
    const auto state = nlohmann::json::parse(read_file(file));
    if (state.at("format") != format_version)
      throw Error(Category::system,
                  fmt::format("{} was written by another version of Onager", file.string()));
    Checkpoint checkpoint;
    checkpoint.from = state.at("from");
    checkpoint.plugins_sha256 = state.at("plugins_sha256");
    checkpoint.metrics_csv = state.at("metrics");
    for (const auto& entry : state.at("seconds"))
      checkpoint.seconds.emplace_back(entry.at(0).get<std::string>(), entry.at(1).get<double>());
    checkpoint.warnings = state.at("warnings").get<std::vector<std::string>>();
    for (const auto& entry : state.at("components")) {
      ComponentState component{entry.at("path"), {}};
      for (const auto& array : entry.at("arrays"))
        component.arrays.emplace(array.at("name").get<std::string>(),
                                 read_npy(folder / array.at("file").get<std::string>()));
      checkpoint.components.push_back(std::move(component));
    }
    return checkpoint;
  } catch (const nlohmann::json::exception& error) {
    throw Error(Category::system,
                fmt::format("the checkpoint {} is damaged: {}", file.string(), error.what()));
  }
}

}  // namespace onager::host
