// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace onager::host {

/// A place in the user's file; line 0 when the value came from a default. `file` is "--set" for an
/// override; `line` is then its number among the overrides and `text` the override itself.
struct Where {
  std::string file;
  std::uint32_t line = 0, column = 0;  // from 1; columns count characters, not bytes
  std::string text;                    // the line itself, for messages
};

/// Whether the place is in an override.
bool is_override(const Where& where);

/// "FILE:14:13: message", the line and a caret under the column; "FILE: message" without a line,
/// and just the message without a file.
std::string located(const Where& where, const std::string& message);

}  // namespace onager::host
