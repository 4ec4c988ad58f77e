// SPDX-License-Identifier: MIT
#pragma once

#include "neurons.hpp"

#include <charconv>
#include <fstream>
#include <map>
#include <sstream>

namespace onager::plugins::network {

/// A graph of neurons from a text file, one edge a line: the neuron that is read, then the one that
/// reads it. Inputs are x1, x2, .., outputs f1, f2, ..; all other words name hidden neurons. What
/// follows # is a remark. The level of a neuron is its longest path from the inputs, and in a level
/// neurons are in the order in which the file first names them.
class EdgeList {
 public:
  explicit EdgeList(const std::string& path) : path_(path) {
    std::ifstream file(path);
    if (!file) throw Error(ONAGER_IO, "cannot read " + path);
    std::string line;
    for (std::int64_t number = 1; std::getline(file, line); ++number) read(line, number);
    if (edges_.empty()) throw Error(ONAGER_IO, path + " has no edges");
  }

  Neurons neurons(std::int64_t inputs, std::int64_t outputs) const {
    check_ends(inputs, outputs);
    const auto levels = levels_of_hidden();
    std::int64_t highest = 0;
    for (const std::int64_t level : levels) highest = std::max(highest, level);

    // numbers: inputs, hidden neurons by level, outputs
    Neurons out{inputs, {}};
    std::vector<std::int32_t> number(names_.size(), 0);
    std::int32_t next = static_cast<std::int32_t>(inputs);
    for (std::int64_t level = 1; level <= highest; ++level) {
      out.levels.emplace_back();
      for (std::size_t v = 0; v < names_.size(); ++v)
        if (kinds_[v] == Kind::hidden && levels[v] == level) {
          number[v] = next++;
          out.levels.back().push_back(Reads());
        }
    }
    out.levels.emplace_back(static_cast<std::size_t>(outputs));
    for (std::size_t v = 0; v < names_.size(); ++v) {
      if (kinds_[v] == Kind::input) number[v] = static_cast<std::int32_t>(order_[v] - 1);
      if (kinds_[v] == Kind::output) number[v] = next + static_cast<std::int32_t>(order_[v] - 1);
    }
    for (const Edge& e : edges_) {
      auto& level = kinds_[e.to] == Kind::output
                        ? out.levels.back()
                        : out.levels[static_cast<std::size_t>(levels[e.to]) - 1];
      const std::int64_t first = out.first(static_cast<std::size_t>(&level - out.levels.data()));
      level[static_cast<std::size_t>(number[e.to] - first)].push_back(number[e.from]);
    }
    for (auto& level : out.levels)
      for (Reads& reads : level) std::sort(reads.begin(), reads.end());
    return out;
  }

 private:
  enum class Kind { input, hidden, output };
  struct Edge {
    std::size_t from, to;
    std::int64_t line;
  };

  [[noreturn]] void refuse(std::int64_t line, const std::string& what) const {
    throw Error(ONAGER_INVALID, "edges: " + path_ + ", line " + std::to_string(line) + ": " + what);
  }

  void read(const std::string& line, std::int64_t number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::vector<std::string> found;
    for (std::string word; words >> word;) found.push_back(word);
    if (found.empty()) return;
    if (found.size() != 2)
      refuse(number,
             "an edge is two neurons, the one that is read and the one that reads it; "
             "there are " +
                 std::to_string(found.size()) + " words");
    const Edge edge{neuron(found[0], number), neuron(found[1], number), number};
    if (kinds_[edge.from] == Kind::output)
      refuse(number, "the output " + found[0] + " cannot be read");
    if (kinds_[edge.to] == Kind::input) refuse(number, "the input " + found[1] + " cannot read");
    const auto [known, fresh] = lines_.emplace(std::make_pair(edge.from, edge.to), number);
    if (!fresh)
      refuse(number, "the edge from " + found[0] + " to " + found[1] + " is on line " +
                         std::to_string(known->second) + " already");
    edges_.push_back(edge);
  }

  std::size_t neuron(const std::string& name, std::int64_t line) {
    const auto [at, fresh] = numbers_.emplace(name, names_.size());
    if (!fresh) return at->second;
    // the number of an input x3 or an output f3
    std::int64_t order = 0;
    const auto read = std::from_chars(name.data() + 1, name.data() + name.size(), order);
    const bool counted = (name[0] == 'x' || name[0] == 'f') && name.size() > 1 &&
                         read.ec == std::errc() && read.ptr == name.data() + name.size();
    names_.push_back(name);
    kinds_.push_back(!counted ? Kind::hidden : name[0] == 'x' ? Kind::input : Kind::output);
    order_.push_back(order);
    first_lines_.push_back(line);
    if (counted && order < 1) refuse(line, name + " is no neuron: numbers begin with 1");
    return at->second;
  }

  void check_ends(std::int64_t inputs, std::int64_t outputs) const {
    std::vector<bool> there(static_cast<std::size_t>(outputs), false);
    for (std::size_t v = 0; v < names_.size(); ++v) {
      if (kinds_[v] == Kind::hidden) continue;
      const bool input = kinds_[v] == Kind::input;
      const std::int64_t most = input ? inputs : outputs;
      if (order_[v] > most)
        refuse(first_lines_[v],
               names_[v] +
                   (input ? " is past the last feature, x" : " is past the last output, f") +
                   std::to_string(most));
      if (!input) there[static_cast<std::size_t>(order_[v] - 1)] = true;
    }
    for (std::size_t l = 0; l < there.size(); ++l)
      if (!there[l])
        throw Error(ONAGER_INVALID, "edges: " + path_ + ": the output f" + std::to_string(l + 1) +
                                        " reads no neuron");
  }

  /// The longest path from the inputs to each hidden neuron; 0 for the others.
  std::vector<std::int64_t> levels_of_hidden() const {
    std::vector<std::int64_t> waits(names_.size(), 0), level(names_.size(), 0);
    std::vector<std::vector<std::size_t>> readers(names_.size());
    for (const Edge& e : edges_) {
      readers[e.from].push_back(e.to);
      ++waits[e.to];
    }
    std::vector<std::size_t> ready;
    for (std::size_t v = 0; v < names_.size(); ++v) {
      if (kinds_[v] == Kind::hidden && waits[v] == 0)
        refuse(first_lines_[v], names_[v] + " reads no neuron and is no input");
      if (kinds_[v] == Kind::hidden && readers[v].empty())
        refuse(first_lines_[v], "no neuron reads " + names_[v]);
      if (waits[v] == 0) ready.push_back(v);
    }
    while (!ready.empty()) {
      const std::size_t u = ready.back();
      ready.pop_back();
      for (const std::size_t v : readers[u]) {
        level[v] = std::max(level[v], level[u] + 1);
        if (--waits[v] == 0) ready.push_back(v);
      }
    }
    for (const Edge& e : edges_)
      if (waits[e.from] > 0 && waits[e.to] > 0)
        refuse(e.line, "the edge from " + names_[e.from] + " to " + names_[e.to] +
                           " lies on or leads from a cycle");
    for (std::size_t v = 0; v < names_.size(); ++v)
      if (kinds_[v] != Kind::hidden) level[v] = 0;
    return level;
  }

  std::string path_;
  std::map<std::string, std::size_t> numbers_;
  std::vector<std::string> names_;
  std::vector<Kind> kinds_;
  std::vector<std::int64_t> order_, first_lines_;  // 3 of x3; where the name stands first
  std::vector<Edge> edges_;
  std::map<std::pair<std::size_t, std::size_t>, std::int64_t> lines_;
};

}  // namespace onager::plugins::network
