// SPDX-License-Identifier: MIT
#include "base/text.hpp"
#include "plugin/descriptor_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <vector>

namespace onager::host {

namespace {

constexpr std::uint32_t most_parameters = 1000, most_choices = 1000;
constexpr std::size_t least_size = ONAGER_SIZE_THROUGH(onager_parameter, child_kind);

/// The rules for one row of a table.
class ParameterCheck {
 public:
  ParameterCheck(const DescriptorReader& reader, const onager_parameter& parameter,
                 DescriptorPlace place)
      : reader_(reader), p_(parameter), place_(std::move(place)) {}

  void run() const {
    reader_.text(p_.doc, place_, "doc");
    reader_.text(p_.unit, place_, "unit");
    switch (p_.type) {
      case ONAGER_BOOLEAN:
        if (has_default() && p_.integer_default != 0 && p_.integer_default != 1)
          fail(fmt::format("its default is {}, where 0 or 1 was expected", p_.integer_default));
        break;
      case ONAGER_INTEGER:
      case ONAGER_INTEGER_LIST: check_integers(); break;
      case ONAGER_REAL:
      case ONAGER_REAL_LIST: check_reals(); break;
      case ONAGER_STRING:
      case ONAGER_EXPRESSION:
      case ONAGER_PATH: reader_.text(p_.text_default, place_, "text_default"); break;
      case ONAGER_CHOICE: check_choices(); break;
      case ONAGER_STRING_LIST: break;
      case ONAGER_COMPONENT:
      case ONAGER_COMPONENT_LIST:
        check_kind(reader_, std::string(reader_.text(p_.child_kind, place_, "child_kind")), place_,
                   "child_kind");
        break;
      default: fail(fmt::format("it has the type {}, which this Onager does not know", p_.type));
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { reader_.fail(place_, what); }
  bool has_default() const { return (p_.flags & ONAGER_REQUIRED) == 0; }
  bool open_min() const { return (p_.flags & ONAGER_MIN_OPEN) != 0; }
  bool open_max() const { return (p_.flags & ONAGER_MAX_OPEN) != 0; }

  template <class Number>
  bool inside(Number value, Number least, Number most) const {
    return (open_min() ? value > least : value >= least) &&
           (open_max() ? value < most : value <= most);
  }
  template <class Number>
  std::string range(Number least, Number most) const {
    return fmt::format("{}{}, {}{}", open_min() ? '(' : '[', least, most, open_max() ? ')' : ']');
  }
  template <class Number>
  void check_range(Number least, Number most) const {
    const bool holds_some = open_min() || open_max() ? least < most : least <= most;
    if (!holds_some) fail(fmt::format("its range {} is empty", range(least, most)));
  }
  template <class Number>
  void check_default(Number value, Number least, Number most) const {
    if (has_default() && !inside(value, least, most))
      fail(fmt::format("its default {} is outside its own range {}", value, range(least, most)));
  }

  void check_integers() const {
    check_range(p_.integer_min, p_.integer_max);
    if (p_.type == ONAGER_INTEGER)
      check_default(p_.integer_default, p_.integer_min, p_.integer_max);
  }

  void check_reals() const {
    if (std::isnan(p_.real_min) || std::isnan(p_.real_max))
      fail("its range has a limit that is NaN; use -INFINITY or INFINITY where there is none");
    check_range(p_.real_min, p_.real_max);
    if (p_.type == ONAGER_REAL) check_default(p_.real_default, p_.real_min, p_.real_max);
  }

  void check_choices() const {
    if (p_.choice_count == 0) fail("it has no choices");
    if (p_.choice_count > most_choices)
      fail(fmt::format("it says that it has {} choices; the most is {}", p_.choice_count,
                       most_choices));
    reader_.memory(p_.choices, p_.choice_count * sizeof *p_.choices, place_, "choices");
    std::vector<std::string> choices;
    for (std::uint32_t i = 0; i < p_.choice_count; ++i) {
      const auto name = fmt::format("choice {} of {}", i + 1, p_.choice_count);
      choices.emplace_back(reader_.filled_text(p_.choices[i], place_, name.c_str()));
      if (std::count(choices.begin(), choices.end(), choices.back()) > 1)
        fail(fmt::format("it has the choice \"{}\" twice", choices.back()));
    }
    const std::string value(reader_.text(p_.text_default, place_, "text_default"));
    if (has_default() && std::find(choices.begin(), choices.end(), value) == choices.end())
      fail(fmt::format("its default \"{}\" is not among its choices{}", value,
                       did_you_mean(value, choices)));
  }

  const DescriptorReader& reader_;
  const onager_parameter& p_;
  const DescriptorPlace place_;
};

}  // namespace

void check_parameters(const DescriptorReader& reader, const onager_component& component,
                      const DescriptorPlace& place) {
  const std::uint32_t count = component.parameter_count, stride = component.parameter_stride;
  if (count == 0) return;
  if (count > most_parameters)
    reader.fail(place, fmt::format("it says that it has {} parameters; the most is {}", count,
                                   most_parameters));
  if (stride < least_size || stride % alignof(onager_parameter) != 0)
    reader.fail(place, fmt::format("parameter_stride is {}, and a parameter of ABI 1.0 has {} "
                                   "bytes; set it to sizeof(onager_parameter)",
                                   stride, least_size));
  reader.memory(component.parameters, std::size_t{count} * stride, place, "parameters");
  std::set<std::string> names;
  const char* at = reinterpret_cast<const char*>(component.parameters);
  for (std::uint32_t i = 0; i < count; ++i, at += stride) {
    const auto number = fmt::format("{}, parameter {} of {}", place, i + 1, count);
    const auto& p = reader.structure<onager_parameter>(at, least_size, number, "its row");
    if (p.struct_size > stride)
      reader.fail(number, fmt::format("its struct_size {} is more than parameter_stride {}",
                                      p.struct_size, stride));
    const std::string name = reader.identifier(p.name, number, "its name");
    if (name == "use")
      reader.fail(number, "its name is \"use\", the key that chooses the component; take another");
    if (name == "every" && std::string_view(component.kind) == "diagnostic")
      reader.fail(number,
                  "its name is \"every\", the key that says how often a diagnostic "
                  "observes; take another");
    if (!names.insert(name).second)
      reader.fail(place, fmt::format("it has two parameters '{}'", name));
    ParameterCheck(reader, p, fmt::format("{}, parameter '{}'", place, name)).run();
  }
}

}  // namespace onager::host
