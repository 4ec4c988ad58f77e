// SPDX-License-Identifier: MIT
#include "base/characters.hpp"

#include <algorithm>

namespace onager::host {

namespace {

/// Bytes of the well-formed character that begins the text, 0 when there is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const auto second = byte(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool surrogate = lead == 0xED && second > 0x9F;
  const bool past_unicode = lead == 0xF4 && second > 0x8F;
  return overlong || surrogate || past_unicode ? 0 : length;
}

}  // namespace

std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, character_length(text));
    out.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return out;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string out;
  for (const auto c : characters(text)) {
    const auto lead = static_cast<unsigned char>(c[0]);
    const bool control = c.size() == 1 && c != "\t" && (lead < 0x20 || lead >= 0x7F);
    // U+0080 to U+009F are control characters as well: some terminals act on them.
    const bool high_control =
        c.size() == 2 && lead == 0xC2 && static_cast<unsigned char>(c[1]) < 0xA0;
    if (control || high_control) out += '?';
    else out += c;
  }
  return out;
}

bool is_identifier(std::string_view text) {
  const auto letter = [](char c) { return c >= 'a' && c <= 'z'; };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace onager::host
