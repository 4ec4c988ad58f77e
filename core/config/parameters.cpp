// SPDX-License-Identifier: MIT
#include "config/parameters.hpp"

#include "base/characters.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace onager::host {

namespace {

bool is_whole(const onager_parameter& p) {
  return p.type == ONAGER_INTEGER || p.type == ONAGER_INTEGER_LIST;
}

std::vector<std::string> quoted_choices(const onager_parameter& p) {
  std::vector<std::string> out;
  for (std::uint32_t i = 0; i < p.choice_count; ++i) out.push_back(toml_string(p.choices[i]));
  return out;
}

std::string integer_limit(std::int64_t value) {
  if (value == std::numeric_limits<std::int64_t>::min()) return "-inf";
  if (value == std::numeric_limits<std::int64_t>::max()) return "inf";
  return std::to_string(value);
}

std::string in_range_text(const onager_parameter& p) {
  const std::string range = range_text(p);
  return range == "(-inf, inf)" ? "" : " in " + range;
}

/// A file's path, absolute and without "." and "..".
std::string resolved(const std::string& path, const std::filesystem::path& folder) {
  if (path.empty()) return "";
  return (folder / path).lexically_normal().string();
}

/// Reads one value or one element of a list; `name` is what messages call it.
class Reader {
 public:
  Reader(const onager_parameter& parameter, const std::filesystem::path& folder, Problems& problems)
      : p_(parameter), folder_(folder), problems_(problems) {}

  std::int64_t boolean(const Node& node) const {
    if (node.kind != NodeKind::boolean) wrong_type(node, p_.name, "true or false");
    return node.boolean ? 1 : 0;
  }

  std::int64_t integer(const Node& node, const std::string& name) const {
    // within the integers that a double tells apart
    if (node.kind == NodeKind::real && node.swept &&
        node.swept->rounding == Rounding::to_integers && std::fabs(node.real) < 0x1p53) {
      const auto nearest = static_cast<std::int64_t>(std::llround(node.real));
      if (!in_range(p_, nearest)) outside(node, name, std::to_string(nearest));
      return nearest;
    }
    if (node.kind != NodeKind::integer) wrong_type(node, name, "an integer");
    else if (!in_range(p_, node.integer)) outside(node, name, std::to_string(node.integer));
    return node.integer;
  }

  double real(const Node& node, const std::string& name) const {
    if (node.kind != NodeKind::real && node.kind != NodeKind::integer) {
      wrong_type(node, name, "a number");
      return 0;
    }
    const double value =
        node.kind == NodeKind::real ? node.real : static_cast<double>(node.integer);
    if (!in_range(p_, value)) outside(node, name, number(value));
    return value;
  }

  /// Nothing when it was refused.
  std::optional<std::string> text(const Node& node, const std::string& name,
                                  const char* what) const {
    // A shell user who sets a name that looks like a number should not have to quote it twice.
    const bool bare =
        !node.written.empty() && node.kind != NodeKind::array && node.kind != NodeKind::table;
    if (node.kind != NodeKind::string && !bare) {
      wrong_type(node, name, what);
      return std::nullopt;
    }
    const std::string& value = node.kind == NodeKind::string ? node.text : node.written;
    if (value.find('\0') != std::string::npos) {
      problems_.add(node.place.where(), fmt::format("{} holds a NUL character", name));
      return std::nullopt;
    }
    return value;
  }

  std::string expression(const Node& node) const {
    if (node.kind == NodeKind::real) return number(node.real);
    if (node.kind == NodeKind::integer) return std::to_string(node.integer);
    return text(node, p_.name, expected(p_).c_str()).value_or("");
  }

  std::string choice(const Node& node) const {
    const auto value = text(node, p_.name, "a string");
    if (!value) return "";
    const std::vector<std::string> choices(p_.choices, p_.choices + p_.choice_count);
    if (std::find(choices.begin(), choices.end(), *value) == choices.end())
      problems_.add(node.place.where(),
                    fmt::format("{} = {} is not one of {}{}", p_.name, toml_string(*value),
                                joined(quoted_choices(p_), " or "), did_you_mean(*value, choices)));
    return *value;
  }

  std::string path(const Node& node) const {
    const auto base = node.place.in_override() ? std::filesystem::current_path() : folder_;
    return resolved(text(node, p_.name, "a path in quotes").value_or(""), base);
  }

  template <class Element>
  void list(const Node& node, Element&& element) const {
    if (node.kind != NodeKind::array) {
      wrong_type(node, p_.name, expected(p_));
      return;
    }
    for (std::size_t i = 0; i < node.children.size(); ++i)
      element(node.children[i], fmt::format("{}[{}]", p_.name, i));
  }

 private:
  void wrong_type(const Node& node, const std::string& name, const std::string& what) const {
    problems_.add(node.place.where(),
                  fmt::format("{} must be {}, not {}", name, what, described(node)));
  }
  void outside(const Node& node, const std::string& name, const std::string& value) const {
    problems_.add(node.place.where(),
                  fmt::format("{} = {} is outside its range {}", name, value, range_text(p_)));
  }

  const onager_parameter& p_;
  const std::filesystem::path& folder_;
  Problems& problems_;
};

/// Whether the user wrote just the default: then the plan is the same as if they had not, which
/// keeps a plan that was written out and read again the same.
bool equals_default(const ParameterValue& value, const std::filesystem::path& folder) {
  const auto& p = *value.parameter;
  if (p.flags & ONAGER_REQUIRED) return false;
  const ParameterValue other = default_value(p, folder);
  const bool same_real =
      value.real == other.real || (std::isnan(value.real) && std::isnan(other.real));
  return same_real && value.integer == other.integer && value.text == other.text &&
         value.integers.empty() && value.reals.empty() && value.texts.empty();
}

}  // namespace

std::vector<const onager_parameter*> parameters_of(const onager_component& component) {
  std::vector<const onager_parameter*> out;
  const char* at = reinterpret_cast<const char*>(component.parameters);
  for (std::uint32_t i = 0; i < component.parameter_count; ++i, at += component.parameter_stride)
    out.push_back(reinterpret_cast<const onager_parameter*>(at));
  return out;
}

std::string range_text(const onager_parameter& p) {
  const std::string from = is_whole(p) ? integer_limit(p.integer_min) : number(p.real_min);
  const std::string to = is_whole(p) ? integer_limit(p.integer_max) : number(p.real_max);
  const auto open = [&](std::uint32_t flag, const std::string& limit) {
    const bool endless = limit == "inf" || limit == "-inf";
    const bool default_there = !is_whole(p) && limit == number(p.real_default);
    return endless ? !default_there || (p.flags & flag) != 0 : (p.flags & flag) != 0;
  };
  return fmt::format("{}{}, {}{}", open(ONAGER_MIN_OPEN, from) ? "(" : "[", from, to,
                     open(ONAGER_MAX_OPEN, to) ? ")" : "]");
}

bool in_range(const onager_parameter& p, double value) {
  if (!std::isfinite(value))
    return p.type == ONAGER_REAL && (p.flags & ONAGER_REQUIRED) == 0 &&
           (value == p.real_default || (std::isnan(value) && std::isnan(p.real_default)));
  const bool above = p.flags & ONAGER_MIN_OPEN ? value > p.real_min : value >= p.real_min;
  const bool below = p.flags & ONAGER_MAX_OPEN ? value < p.real_max : value <= p.real_max;
  return above && below;
}

bool in_range(const onager_parameter& p, std::int64_t value) {
  const bool above = p.flags & ONAGER_MIN_OPEN ? value > p.integer_min : value >= p.integer_min;
  const bool below = p.flags & ONAGER_MAX_OPEN ? value < p.integer_max : value <= p.integer_max;
  return above && below;
}

std::string expected(const onager_parameter& p) {
  switch (p.type) {
    case ONAGER_BOOLEAN: return "true or false";
    case ONAGER_INTEGER: return "an integer" + in_range_text(p);
    case ONAGER_REAL: return "a number" + in_range_text(p);
    case ONAGER_STRING: return "a string";
    case ONAGER_CHOICE: return "one of " + joined(quoted_choices(p), " or ");
    case ONAGER_EXPRESSION: return "a number or an expression in quotes";
    case ONAGER_PATH: return "a path in quotes";
    case ONAGER_INTEGER_LIST: return "a list of integers" + in_range_text(p);
    case ONAGER_REAL_LIST: return "a list of numbers" + in_range_text(p);
    case ONAGER_STRING_LIST: return "a list of strings";
    case ONAGER_COMPONENT: return fmt::format("a {} such as {{ use = \"ID\" }}", p.child_kind);
    case ONAGER_COMPONENT_LIST:
      return fmt::format("a list of one {} or more, such as [{{ use = \"ID\" }}]", p.child_kind);
    default: return "a value";
  }
}

ParameterValue default_value(const onager_parameter& p, const std::filesystem::path& folder) {
  ParameterValue out;
  out.parameter = &p;
  switch (p.type) {
    case ONAGER_BOOLEAN:
    case ONAGER_INTEGER: out.integer = p.integer_default; break;
    case ONAGER_REAL: out.real = p.real_default; break;
    case ONAGER_STRING:
    case ONAGER_EXPRESSION:
    case ONAGER_CHOICE: out.text = p.text_default; break;
    case ONAGER_PATH: out.text = resolved(p.text_default, folder); break;
    default: break;
  }
  return out;
}

ParameterValue read_value(const onager_parameter& p, const Node& node,
                          const std::filesystem::path& folder, Problems& problems) {
  ParameterValue out;
  out.parameter = &p;
  out.where = node.place.where();
  const Reader reader(p, folder, problems);
  switch (p.type) {
    case ONAGER_BOOLEAN: out.integer = reader.boolean(node); break;
    case ONAGER_INTEGER: out.integer = reader.integer(node, p.name); break;
    case ONAGER_REAL: out.real = reader.real(node, p.name); break;
    case ONAGER_STRING: out.text = reader.text(node, p.name, "a string").value_or(""); break;
    case ONAGER_CHOICE: out.text = reader.choice(node); break;
    case ONAGER_EXPRESSION: out.text = reader.expression(node); break;
    case ONAGER_PATH: out.text = reader.path(node); break;
    case ONAGER_INTEGER_LIST:
      reader.list(node, [&](const Node& element, const std::string& name) {
        out.integers.push_back(reader.integer(element, name));
      });
      break;
    case ONAGER_REAL_LIST:
      reader.list(node, [&](const Node& element, const std::string& name) {
        out.reals.push_back(reader.real(element, name));
      });
      break;
    case ONAGER_STRING_LIST:
      reader.list(node, [&](const Node& element, const std::string& name) {
        out.texts.push_back(reader.text(element, name, "a string").value_or(""));
      });
      break;
    default: break;
  }
  out.is_default = equals_default(out, folder);
  return out;
}

}  // namespace onager::host
