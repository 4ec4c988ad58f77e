// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

/// The UTF-8 characters of a text. A byte that belongs to none stands alone.
std::vector<std::string_view> characters(std::string_view text);

/// Whether the whole text is well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

/// The text for a terminal: bytes that are not UTF-8 and control characters other than the tab
/// become '?', one for one, so that columns stay.
std::string printable(std::string_view text);

/// Whether a text can name a component or a parameter: lower case letters, digits and _, beginning
/// with a letter.
bool is_identifier(std::string_view text);

}  // namespace onager::host
