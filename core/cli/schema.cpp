// SPDX-License-Identifier: MIT
#include "config/schema.hpp"

#include "cli/verbs.hpp"

#include <fmt/format.h>

namespace onager::host::cli {

int schema(const Registry& registry) {
  fmt::print("{}", pipeline_schema(registry));
  return 0;
}

}  // namespace onager::host::cli
