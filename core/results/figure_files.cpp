// SPDX-License-Identifier: MIT
#include "results/figure_files.hpp"

#include "base/files.hpp"
#include "base/process.hpp"
#include "results/figure_svg.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cstdlib>
#include <optional>
#include <set>
#include <string_view>

namespace onager::host {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_name = 60;
constexpr const char* converter_name = "rsvg-convert";

std::optional<fs::path> program_in_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const auto end = rest.find(':');
    const fs::path file = fs::path(rest.substr(0, end)) / name;
    std::error_code ignored;
    if (!file.parent_path().empty() && fs::is_regular_file(file, ignored)) return file;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return std::nullopt;
}

class FigureFiles {
 public:
  FigureFiles(const fs::path& folder, const std::function<void(const std::string& text)>& note)
      : folder_(folder), note_(note), converter_(program_in_path(converter_name)) {}

  void write(const FigureData& data) {
    const fs::path file = folder_ / unused(file_name_of(title_of(data.figure)));
    make_folder(folder_);
    write_file(with(file, ".svg"), svg_file(figure_svg(data)));
    write_file(with(file, ".csv"), to_csv(table_of(data)));
    if (!converter_)
      tell(
          fmt::format("figures are written as SVG only: {}, of the package librsvg2-bin, makes PNG "
                      "and PDF of them and is not installed",
                      converter_name));
    else if (convert(file, {"--format=png", "--zoom=2", "--background-color=white"}, ".png"))
      convert(file, {"--format=pdf"}, ".pdf");
  }

 private:
  static fs::path with(const fs::path& file, const char* extension) {
    return file.string() + extension;
  }

  std::string unused(const std::string& name) {
    std::string out = name;
    for (int k = 2; !names_.insert(out).second; ++k) out = fmt::format("{}-{}", name, k);
    return out;
  }

  void tell(const std::string& text) {
    if (note_ && !told_) note_(text);
    told_ = true;
  }

  bool convert(const fs::path& file, std::vector<std::string> options, const char* extension) {
    const fs::path made = folder_ / fmt::format(".made{}", extension);
    const fs::path log = folder_ / ".log";
    std::vector<std::string> command{converter_->string()};
    command.insert(command.end(), options.begin(), options.end());
    for (const auto& one : {std::string("--output"), made.string(), with(file, ".svg").string()})
      command.push_back(one);
    std::string problem;
    try {
      const ProcessEnd end = Process::start(command, log).wait();
      if (end.status == 0) fs::rename(made, with(file, extension));
      else problem = fmt::format("it ended with status {}. {}", end.status, read_file(log));
    } catch (const std::exception& error) {  // no room for a process, or on the disk
      problem = error.what();
    }
    std::error_code ignored;
    fs::remove(made, ignored);
    fs::remove(log, ignored);
    if (problem.empty()) return true;
    tell(fmt::format("{} could not make {}: {}", converter_name, with(file, extension).string(),
                     problem));
    return false;
  }

  const fs::path folder_;
  const std::function<void(const std::string& text)>& note_;
  const std::optional<fs::path> converter_;
  std::set<std::string> names_;
  bool told_ = false;
};

}  // namespace

void write_figures(const std::vector<FigureData>& figures, const fs::path& folder,
                   const std::function<void(const std::string& text)>& note) {
  FigureFiles files(folder, note);
  for (const auto& data : figures)
    if (!data.panels.empty()) files.write(data);
}

std::string file_name_of(const std::string& title) {
  std::string out;
  for (const char c : title) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isalnum(letter) != 0) out += static_cast<char>(std::tolower(letter));
    else if (!out.empty() && out.back() != '-') out += '-';
  }
  out = out.substr(0, longest_name);
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "figure" : out;
}

}  // namespace onager::host
