// SPDX-License-Identifier: MIT
#include "plugin/interfaces.hpp"

#include "plugin/crash.hpp"
#include "plugin/registry.hpp"

namespace onager::host {

const std::vector<InterfaceName>& known_interfaces() {
  static const std::vector<InterfaceName> all = {
      {ONAGER_DATASET, "gives training and test samples"},
      {ONAGER_DATASET_DRAW, "draws training samples anew"},
      {ONAGER_FACTS, "knows exact facts about its data"},
      {ONAGER_FEATURE_MAP, "transforms samples"},
      {ONAGER_FEATURE_MAP_LINEAR, "is linear, so that gradients pass through it as one matrix"},
      {ONAGER_FEATURE_MAP_LEARN, "learns from the predictor after each round"},
      {ONAGER_KERNEL_RADIAL, "is a function of the distance |x - z|"},
      {ONAGER_KERNEL_DOT, "is a function of <x, z>, |x| and |z|"},
      {ONAGER_KERNEL_BLOCK, "computes blocks of its matrix from the data"},
      {ONAGER_KERNEL_COMPOSITE, "combines other kernels"},
      {ONAGER_MODEL, "is a function of parameters and inputs, with its gradients"},
      {ONAGER_MODEL_TANGENT, "has exact derivatives along directions, and Hessian products"},
      {ONAGER_MODEL_TANGENT_KERNEL, "computes its tangent kernel without a Jacobian"},
      {ONAGER_LOSS, "compares outputs with targets"},
      {ONAGER_OPTIMIZER_STEP, "minimises an objective step by step"},
      {ONAGER_OPTIMIZER_LINEAR, "solves the linear system of the kernel matrix"},
      {ONAGER_DIAGNOSTIC, "observes the run after each round"},
      {ONAGER_STATE, "has state that is saved and restored"},
  };
  return all;
}

std::vector<std::string> offered_interfaces(const ComponentEntry& entry) {
  const BreadcrumbTrail trail(
      {entry.plugin->descriptor->id, entry.component->kind, entry.component->id, "interface"});
  std::vector<std::string> out;
  for (const auto& known : known_interfaces())
    if (entry.component->interface(nullptr, known.id) != nullptr) out.emplace_back(known.id);
  return out;
}

}  // namespace onager::host
