// SPDX-License-Identifier: MIT
#pragma once

#include "results/figure_data.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace onager::host {

/// Writes FOLDER/NAME.svg, .png, .pdf and .csv of every figure; NAME is its title in small
/// letters and digits. The .csv has the numbers that are drawn. PNG and PDF are made of the SVG by
/// librsvg's rsvg-convert; where that is not installed, or fails, `note` is told so once and they
/// are left out.
void write_figures(const std::vector<FigureData>& figures, const std::filesystem::path& folder,
                   const std::function<void(const std::string& text)>& note);

/// A title as a file's name: "Test error, n = 5" -> "test-error-n-5".
std::string file_name_of(const std::string& title);

}  // namespace onager::host
