// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// Text for use in HTML and SVG, between tags or in quoted attributes.
std::string escaped(std::string_view text);

/// A whole page with the style sheet of all reports. It forbids itself to fetch anything, and has
/// no script but what the body brings.
std::string html_page(const std::string& title, const std::string& body);

/// A table whose first row is the heading, left out when it has no cells; cells are HTML. Columns
/// after the first are numbers, aligned right, unless the table is of `facts`.
enum class Cells { numbers, facts };
std::string html_table(const std::vector<std::vector<std::string>>& rows, Cells cells);

/// A figure: its content, and a caption as HTML ("" for none) below it or at its right.
enum class Caption { below, beside };
std::string html_figure(const std::string& content, const std::string& caption,
                        Caption where = Caption::below);

}  // namespace onager::host
