// SPDX-License-Identifier: MIT
#include "config/sweep_table.hpp"

#include "base/text.hpp"
#include "config/sweep_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace onager::host {

namespace {

constexpr std::int64_t most_values = 100000;

bool is_number(const Node& node) {
  return node.kind == NodeKind::integer || node.kind == NodeKind::real;
}

double real_of(const Node& node) {
  return node.kind == NodeKind::real ? node.real : static_cast<double>(node.integer);
}

/// Whether an unquoted key such as optimizer.use made this table, rather than the user a range.
bool is_nested_path(const Node& node) {
  if (node.kind != NodeKind::table || node.children.empty()) return false;
  for (const char* key : {"from", "to", "count", "scale"})
    if (node.find(key)) return false;
  return true;
}

class SweepReader {
 public:
  explicit SweepReader(Problems& problems) : problems_(problems) {}

  SweepTable read(const Node& sweep) {
    if (sweep.kind != NodeKind::table) {
      add(sweep.place,
          "sweep must be a table [sweep] of keys with their values, not " + described(sweep));
      return {};
    }
    for (const auto& child : sweep.children)
      if (child.key != "zip" && child.key != "skip") read_key(child, "");
    if (table_.axes.empty() && sound_)
      add(sweep.key_place,
          "[sweep] names no key; add one with its values, such as seed = [0, 1, 2]");
    const Node* zip = sweep.find("zip");
    if (zip != nullptr) read_zip(*zip);
    make_loops();
    if (const Node* skip = sweep.find("skip")) read_skips(*skip);
    return std::move(table_);
  }

 private:
  void add(const Place& place, const std::string& message) {
    problems_.add(place.where(), message);
    sound_ = false;
  }

  void read_key(const Node& node, const std::string& before) {
    const std::string written = before + node.key;
    if (is_nested_path(node)) {
      for (const auto& child : node.children) read_key(child, written + ".");
      return;
    }
    SweepAxis axis;
    axis.key_place = node.key_place;
    if (before.empty()) axis.quote = quotes_before(node.key_place);
    try {
      axis.steps = parse_key_path(written, PathEnd::of_text);
    } catch (const Malformed& wrong) {
      add(before.empty() ? axis.place(wrong.at) : node.key_place, wrong.message);
      return;
    }
    // Behind a nested key the bytes of the path do not stand in the file as one text.
    if (!before.empty())
      for (auto& step : axis.steps) step.at = 0;
    axis.path = canonical(axis.steps);
    const std::string& table = axis.steps.front().name;
    if (table == "sweep" || table == "figure" || table == "expect") {
      add(node.key_place, fmt::format("'{}' cannot be swept", axis.path));
      return;
    }
    axis.values = values_of(node, axis.path);
    if (axis.values.empty()) return;
    const auto same = std::find_if(table_.axes.begin(), table_.axes.end(),
                                   [&](const SweepAxis& other) { return other.path == axis.path; });
    if (same == table_.axes.end()) table_.axes.push_back(std::move(axis));
    else if (node.place.in_override()) *same = std::move(axis);
    else add(node.key_place, fmt::format("'{}' is swept twice", axis.path));
  }

  static std::size_t quotes_before(const Place& place) {
    if (place.in_override()) return 0;
    const std::string line = place.where().text;
    const std::size_t at = place.column - 1;
    return at < line.size() && (line[at] == '"' || line[at] == '\'') ? 1 : 0;
  }

  std::vector<Node> values_of(const Node& node, const std::string& path) {
    if (node.kind == NodeKind::table) return range(node, path);
    if (node.kind == NodeKind::array && !node.children.empty()) {
      std::vector<Node> values = node.children;
      for (auto& value : values) value.swept = std::make_shared<const Swept>();
      return values;
    }
    add(node.place,
        fmt::format("{} must be a list of one value or more, or a range such as {{ from = 1, to = "
                    "10, count = 4 }}, not {}",
                    path, node.kind == NodeKind::array ? "an empty list" : described(node)));
    return {};
  }

  std::vector<Node> range(const Node& node, const std::string& path) {
    static const std::vector<std::string> keys{"from", "to", "count", "scale"};
    bool sound = true;
    const auto wrong = [&](const Place& place, const std::string& message) {
      add(place, message);
      sound = false;
    };
    for (const auto& child : node.children)
      if (std::find(keys.begin(), keys.end(), child.key) == keys.end()) {
        const std::string meant = did_you_mean(child.key, keys);
        wrong(child.key_place, fmt::format("a range has no '{}'{}", child.key,
                                           meant.empty() ? "; it has " + joined(keys) : meant));
      }
    double ends[2] = {0, 0};
    for (const int i : {0, 1}) {
      const Node* end = node.find(keys[static_cast<std::size_t>(i)]);
      if (end == nullptr)
        wrong(node.place, fmt::format("the range of {} has no {}; it needs from, to and count",
                                      path, keys[static_cast<std::size_t>(i)]));
      else if (!is_number(*end) || !std::isfinite(real_of(*end)))
        wrong(end->place,
              fmt::format("{} must be a finite number, not {}", end->key, described(*end)));
      else ends[i] = real_of(*end);
    }
    const Node* count = node.find("count");
    if (count == nullptr)
      wrong(node.place,
            fmt::format("the range of {} has no count; it needs from, to and count", path));
    else if (count->kind != NodeKind::integer || count->integer < 2 || count->integer > most_values)
      wrong(count->place, fmt::format("count must be an integer in [2, {}], not {}", most_values,
                                      described(*count)));
    const Node* scale = node.find("scale");
    const bool known = scale == nullptr || (scale->kind == NodeKind::string &&
                                            (scale->text == "log" || scale->text == "linear"));
    if (!known)
      wrong(scale->place,
            fmt::format("scale must be \"linear\" or \"log\", not {}{}", described(*scale),
                        did_you_mean(scale->text, {"linear", "log"})));
    if (!sound) return {};
    const RangeScale law =
        scale != nullptr && scale->text == "log" ? RangeScale::logarithmic : RangeScale::linear;
    if (law == RangeScale::logarithmic && (ends[0] <= 0 || ends[1] <= 0)) {
      wrong(node.find(ends[0] <= 0 ? "from" : "to")->place,
            "a range with scale = \"log\" needs from and to above 0");
      return {};
    }
    std::vector<Node> out;
    for (const double value : range_values(ends[0], ends[1], count->integer, law)) {
      Node one;
      one.kind = NodeKind::real;
      one.place = node.place;
      one.real = value;
      one.swept = std::make_shared<const Swept>(Swept{Rounding::to_integers, {}});
      out.push_back(std::move(one));
    }
    return out;
  }

  std::vector<std::string> paths() const {
    std::vector<std::string> out;
    for (const auto& axis : table_.axes) out.push_back(axis.path);
    return out;
  }

  /// Index of the axis that a string names, or nothing after a problem.
  std::optional<std::size_t> axis_of(const Node& name) {
    std::string path = name.text;
    try {
      path = canonical(parse_key_path(path, PathEnd::of_text));
    } catch (const Malformed&) {
      // is no axis's path then
    }
    for (std::size_t i = 0; i < table_.axes.size(); ++i)
      if (table_.axes[i].path == path) return i;
    add(name.place, fmt::format("zip names '{}', which [sweep] does not sweep{}", name.text,
                                did_you_mean(path, paths())));
    return std::nullopt;
  }

  void read_zip(const Node& zip) {
    const std::string form = "zip must be a list of lists of keys, such as [[\"a.b\", \"c.d\"]]";
    if (zip.kind != NodeKind::array) return add(zip.place, form + ", not " + described(zip));
    for (const auto& names : zip.children) {
      if (names.kind != NodeKind::array) {
        add(names.place, form + "; this element is " + described(names));
        continue;
      }
      if (names.children.size() < 2) {
        add(names.place, "zip needs two keys or more that vary together");
        continue;
      }
      std::vector<std::size_t> group;
      for (const auto& name : names.children) {
        if (name.kind != NodeKind::string) {
          add(name.place, form + "; this key is " + described(name));
          continue;
        }
        const auto index = axis_of(name);
        if (!index) continue;
        if (!zipped_.insert(*index).second) {
          add(name.place, fmt::format("zip names '{}' twice", table_.axes[*index].path));
          continue;
        }
        const auto& axis = table_.axes[*index];
        if (!group.empty() && axis.values.size() != table_.axes[group[0]].values.size()) {
          const auto& first = table_.axes[group[0]];
          add(name.place,
              fmt::format(
                  "'{}' has {} values and '{}' has {}; keys that vary together need equally "
                  "many",
                  axis.path, axis.values.size(), first.path, first.values.size()));
          continue;
        }
        group.push_back(*index);
      }
      if (!group.empty()) groups_.push_back(std::move(group));
    }
  }

  /// A zipped group steps where its first key stands in the file.
  void make_loops() {
    for (std::size_t i = 0; i < table_.axes.size(); ++i) {
      if (zipped_.count(i) == 0) table_.loops.push_back({i});
      for (const auto& group : groups_)
        if (*std::min_element(group.begin(), group.end()) == i) table_.loops.push_back(group);
    }
  }

  void read_skips(const Node& skip) {
    const std::string form =
        "skip must be a list of tables of conditions, such as [{ \"a.b\" = 1, \"c.d\" = { above = "
        "5 } }]";
    if (skip.kind != NodeKind::array) return add(skip.place, form + ", not " + described(skip));
    for (const auto& entry : skip.children)
      table_.skips.push_back(read_conditions(entry, form + "; this element ", problems_));
  }

  Problems& problems_;
  SweepTable table_;
  std::vector<std::vector<std::size_t>> groups_;
  std::set<std::size_t> zipped_;
  bool sound_ = true;
};

void add_whole_paths(const Node& node, const std::string& before, std::vector<Node>& out) {
  const std::string written = before + node.key;
  const bool own = before.empty() && (written == "zip" || written == "skip");
  if (!own && is_nested_path(node)) {
    for (const auto& child : node.children) add_whole_paths(child, written + ".", out);
    return;
  }
  Node one = node;
  one.key = own ? written : canonical(parse_key_path(written, PathEnd::of_text));
  const auto same =
      std::find_if(out.begin(), out.end(), [&](const Node& other) { return other.key == one.key; });
  if (same == out.end()) out.push_back(std::move(one));
  else *same = std::move(one);
}

}  // namespace

Node with_whole_paths(Node sweep) {
  std::vector<Node> keys;
  for (const auto& child : sweep.children) add_whole_paths(child, "", keys);
  sweep.children = std::move(keys);
  return sweep;
}

Place SweepAxis::place(std::size_t byte) const {
  Place out = key_place;
  out.column += static_cast<std::uint32_t>(quote + byte);
  return out;
}

std::vector<std::string> swept_columns(const SweepTable& table) {
  std::vector<std::string> columns;
  for (const auto& axis : table.axes)
    for (const auto& value : axis.values)
      for (const auto& cell : cells_of(value, axis.path))
        if (std::find(columns.begin(), columns.end(), cell.column) == columns.end())
          columns.push_back(cell.column);
  return columns;
}

std::optional<SweepTable> read_sweep_table(const Node& root, Problems& problems) {
  const Node* sweep = root.find("sweep");
  if (sweep == nullptr) return std::nullopt;
  return SweepReader(problems).read(*sweep);
}

}  // namespace onager::host
