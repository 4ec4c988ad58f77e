// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace onager::host::conformance {

/// What the dynamic section of a loaded library says.
struct SharedObject {
  std::vector<std::string> exports;  // the symbols that it defines for others
  std::vector<std::string> needed;   // the libraries that it brings: "libm.so.6"
};

/// `library`: a handle of dlopen.
SharedObject shared_object(void* library);

}  // namespace onager::host::conformance
