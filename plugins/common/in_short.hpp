// SPDX-License-Identifier: MIT
//
// Numbers in messages.
#pragma once

#include <locale>
#include <sstream>
#include <string>

namespace onager::plugins {

/// Three digits, the same in every locale.
inline std::string in_short(double value) {
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text.precision(3);
  text << value;
  return text.str();
}

}  // namespace onager::plugins
