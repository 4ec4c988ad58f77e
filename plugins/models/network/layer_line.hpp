// SPDX-License-Identifier: MIT
#pragma once

#include <onager/plugin.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace onager::plugins::network {

/// A line "name = operation(argument, .., option = value)" of a network, with the place of each
/// word in it.
class LayerLine {
 public:
  struct Word {
    std::string text;
    std::size_t at = 0;  // characters before it
  };
  struct Argument {
    Word option;  // empty text: none
    Word value;
  };

  LayerLine(const std::string& text, std::size_t number) : text_(text), number_(number) {
    name_ = word("the name of what the line makes");
    expect('=', "= should follow the name");
    operation_ = word("the name of a layer");
    expect('(', "( and the arguments should follow the name of a layer");
    skip_spaces();
    if (peek() != ')') {
      do arguments_.push_back(argument());
      while (take(','));
    }
    expect(')', ", or ) should follow an argument");
    skip_spaces();
    if (at_ < text_.size()) refuse({"", at_}, "the line should end after )");
  }

  const Word& name() const { return name_; }
  const Word& operation() const { return operation_; }
  const std::vector<Argument>& arguments() const { return arguments_; }

  [[noreturn]] void refuse(const Word& at, const std::string& what) const {
    throw Error(ONAGER_INVALID, "layers, line " + std::to_string(number_) + ": \"" + text_ +
                                    "\", character " + std::to_string(at.at + 1) + ": " + what);
  }

 private:
  Argument argument() {
    Argument out;
    out.value = word("an argument");
    if (!take('=')) return out;
    out.option = out.value;
    out.value = word("a value");
    return out;
  }
  Word word(const char* what) {
    skip_spaces();
    Word out{"", at_};
    const auto belongs = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.' || c == '-' || c == '+';
    };
    while (at_ < text_.size() && belongs(text_[at_])) out.text += text_[at_++];
    if (out.text.empty()) refuse(out, std::string(what) + " was expected");
    return out;
  }
  void expect(char c, const char* otherwise) {
    if (!take(c)) refuse({"", at_}, otherwise);
  }
  bool take(char c) {
    skip_spaces();
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_spaces() {
    while (peek() == ' ' || peek() == '\t') ++at_;
  }

  std::string text_;
  std::size_t number_, at_ = 0;
  Word name_, operation_;
  std::vector<Argument> arguments_;
};

/// "; did you mean 'relu'?" of the nearest of some names, or which there are.
inline std::string nearest(const std::string& word, const std::vector<std::string>& names) {
  const auto distance = [](const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= b.size(); ++j) {
        const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
      }
    }
    return row.back();
  };
  const auto best =
      std::min_element(names.begin(), names.end(), [&](const std::string& a, const std::string& b) {
        return distance(word, a) < distance(word, b);
      });
  if (best != names.end() && distance(word, *best) <= std::max<std::size_t>(1, word.size() / 3))
    return "; did you mean '" + *best + "'?";
  std::string all = names.empty() ? "; it has none" : "";
  for (const auto& name : names) all += (all.empty() ? "; there is " : ", ") + name;
  return all;
}

}  // namespace onager::plugins::network
