// SPDX-License-Identifier: MIT
#include "plugin/configuration.hpp"

#include "plugin/component_plan.hpp"

namespace onager::host {

namespace {

std::size_t elements(const ParameterValue& value) {
  switch (value.parameter->type) {
    case ONAGER_INTEGER_LIST: return value.integers.size();
    case ONAGER_REAL_LIST: return value.reals.size();
    case ONAGER_STRING_LIST: return value.texts.size();
    case ONAGER_COMPONENT:
    case ONAGER_COMPONENT_LIST: return value.children.size();
    default: return 1;
  }
}

}  // namespace

Configuration::Configuration(const ComponentPlan& plan,
                             const std::vector<std::vector<onager_child>>& children)
    : texts_(plan.values.size()) {
  for (std::size_t i = 0; i < plan.values.size(); ++i) {
    const auto& from = plan.values[i];
    for (const auto& text : from.texts) texts_[i].push_back(text.c_str());
    onager_value to{};
    to.struct_size = sizeof to;
    to.type = from.parameter->type;
    to.name = from.parameter->name;
    to.is_default = from.is_default ? 1 : 0;
    to.count = static_cast<std::uint32_t>(elements(from));
    to.integer = from.integer;
    to.real = from.real;
    to.text = from.text.c_str();
    to.integers = from.integers.data();
    to.reals = from.reals.data();
    to.texts = texts_[i].data();
    to.children = children[i].data();
    values_.push_back(to);
  }
  config_ = {sizeof config_, static_cast<std::uint32_t>(values_.size()), sizeof(onager_value), 0,
             values_.data()};
}

}  // namespace onager::host
