// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace onager::host {

/// What the dynamic loader's text means for someone who wants to use a plugin: what is missing, and
/// what to do. Texts it does not know come back as they are.
std::string explain_loader_text(const std::string& text);

}  // namespace onager::host
