// SPDX-License-Identifier: MIT
//
// Numbers and names as people read them, in UTF-8.
#pragma once

#include <string>

namespace onager::host {

/// "10⁻³"
std::string power_of_ten(int power);

/// Four significant digits: "0.01234", "−3.5", "1.2 × 10⁻²⁹"; "–" for what is not a number.
std::string readable(double value);

/// readable(), with two or four decimals for accuracies.
std::string readable_metric(const std::string& column, double value);

/// "98 %", "0.4 %", with a space at which lines do not break.
std::string percent(double share);

/// As many decimals as the distance between ticks needs.
std::string tick_label(double value, double step);

/// The name of a column of metrics.csv in words: "test mean squared error", "hessian norm, mean".
std::string metric_words(const std::string& column);

/// A column of a sweep's table in words: "train samples", "seconds, fit", "peak memory, bytes".
std::string column_words(const std::string& column);

/// What a column of a split is of: "mse" of "test_mse"; the column itself where it is of none.
std::string quantity_of(const std::string& column);

/// The text with a capital first letter.
std::string capital(std::string text);

}  // namespace onager::host
