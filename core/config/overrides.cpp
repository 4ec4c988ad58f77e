// SPDX-License-Identifier: MIT
#include "config/overrides.hpp"

#include "base/characters.hpp"
#include "config/key_path.hpp"

namespace onager::host {

namespace {

/// One override on its way into the tree.
class Override {
 public:
  Override(const std::string& text, std::uint32_t number)
      : text_(text), source_(make_source("--set", number, text)) {}

  Place place(std::size_t byte) const {
    const auto before = characters(std::string_view(text_).substr(0, byte)).size();
    return {source_, source_->first_line, static_cast<std::uint32_t>(before + 1)};
  }

  void apply(Node& root) const {
    const std::size_t equals = text_.find('=');
    if (equals == std::string::npos)
      throw Malformed{text_.size(), "has no '='; write it as table.key=value"};
    if (!is_utf8(text_)) throw Malformed{0, "is not UTF-8"};
    const auto steps =
        parse_key_path(std::string_view(text_).substr(0, equals), PathEnd::equals_sign);
    replace(reach(root, steps, [this](std::size_t byte) { return place(byte); }), equals + 1);
  }

 private:
  void replace(Node& node, std::size_t begin) const {
    const std::string right = text_.substr(begin);
    const std::size_t first = right.find_first_not_of(" \t");
    const Place at = place(first == std::string::npos ? begin : begin + first);
    Node value;
    if (auto parsed = parse_value(right, place(begin))) {
      value = std::move(*parsed);
    } else {
      value.kind = NodeKind::string;
      value.place = at;
      value.text = first == std::string::npos ? "" : right.substr(first);
    }
    value.written = first == std::string::npos ? "" : right.substr(first);
    replace_value(node, std::move(value));
  }

  const std::string& text_;
  std::shared_ptr<const Source> source_;
};

}  // namespace

void apply_overrides(Node& root, const std::vector<std::string>& overrides, Problems& problems) {
  std::uint32_t number = 0;
  for (const auto& text : overrides) {
    const Override one(text, ++number);
    // A path that fails half-way must leave nothing behind that would be reported again.
    Node changed = root;
    try {
      one.apply(changed);
      root = std::move(changed);
    } catch (const Malformed& wrong) {
      problems.add(one.place(wrong.at).where(), wrong.message);
    }
  }
}

}  // namespace onager::host
