// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// The candidate with the least edit distance to `word`, or "" when none is near enough to be meant
/// (more than a third of its letters, at least two, would have to change).
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// `; did you mean 'a.x'?` for all candidates that end in ".x", else for the nearest one; or "".
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// "a, b and c"
std::string joined(const std::vector<std::string>& words, std::string_view last = " and ");

/// Shortest decimal text that reads back as the same double: "2.5", "1e-07", "nan", "inf".
std::string number(double value);

/// Like number(), with a point or exponent in every finite value, as TOML floats need it: "3.0".
std::string toml_float(double value);

/// What a TOML file has for a number or an expression in quotes: 0.1, "2.5/lambda".
std::string toml_expression(const std::string& text);

/// A TOML basic string with its quotes.
std::string toml_string(std::string_view text);

/// "1.9 s", "2 min 5 s", "3 h 10 min"
std::string duration(double seconds);

/// "512 MiB", "1.5 GiB"
std::string bytes(double count);

}  // namespace onager::host
