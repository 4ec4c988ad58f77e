// SPDX-License-Identifier: MIT
//
// The keys of a pipeline file's own tables, described as a component's parameters are. Those of
// [[figure]] and [[expect]] are in figures.hpp and expectations.hpp.
#pragma once

#include <onager/abi.h>

#include <string>
#include <vector>

namespace onager::host {

/// Values that stand above all tables.
const std::vector<onager_parameter>& pipeline_rows();
/// Of a component that is not nested, or above all tables for every such component.
const std::vector<onager_parameter>& isolation_rows();
/// [loop] of a kernel machine, and of a network.
const std::vector<onager_parameter>& kernel_loop_rows();
const std::vector<onager_parameter>& network_loop_rows();

/// All keys that a pipeline file may have at its top.
const std::vector<std::string>& top_level_names();

}  // namespace onager::host
