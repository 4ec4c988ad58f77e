// SPDX-License-Identifier: MIT
//
// Learning rates as users write them, in stages, absolute or relative to the critical one.
#pragma once

#include "in_short.hpp"

#include <onager/plugin.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

namespace onager::plugins {

/// A text that is read from left to right. Errors name the parameter and the column, from 1.
class RateText {
 public:
  /// what: the parameter's name for messages
  RateText(std::string what, const std::string& text) : what_(std::move(what)), text_(text) {}

  void skip_spaces() { at_ = std::min(text_.find_first_not_of(' ', at_), text_.size()); }
  bool done() const { return at_ == text_.size(); }
  /// Takes this character if it comes next.
  bool take(char wanted) {
    if (done() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  bool take(std::string_view wanted) {
    if (word() != wanted) return false;
    at_ += wanted.size();
    return true;
  }
  /// The digits that come next as a finite number above 0; `expected` says what else may stand
  /// here.
  template <class Number>
  Number number(const char* expected) {
    Number value{};
    const char* const first = text_.data() + at_;
    const bool digits = !done() && (is_digit(*first) || *first == '.');
    const auto end = std::from_chars(first, text_.data() + text_.size(), value);
    if (!digits || end.ec != std::errc() || !(value > 0)) fail_here(expected);
    at_ = static_cast<std::size_t>(end.ptr - text_.data());
    return value;
  }

  std::size_t at() const { return at_; }
  [[noreturn]] void fail(std::size_t at, const std::string& reason) const {
    throw Error(ONAGER_INVALID,
                what_ + ", column " + std::to_string(at + 1) + " of \"" + text_ + "\": " + reason);
  }
  [[noreturn]] void fail_here(const std::string& expected) const {
    const std::string found(word());
    fail(at_, "expected " + expected + (found.empty() ? "" : ", found '" + found + "'"));
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  /// Up to the next space or sign; a sign alone where it comes next.
  std::string_view word() const {
    const std::string_view rest = std::string_view(text_).substr(at_);
    const std::size_t end = rest.find_first_of(" */:");
    return rest.substr(0, end == 0 ? 1 : end);
  }

  std::string what_, text_;
  std::size_t at_ = 0;
};

/// rate = factor { ("*" | "/") factor },   factor = number above 0 | "lambda"
///
/// from left to right, with lambda at most once and divided by: "0.1", "2.5/lambda",
/// "0.9 * 2 / lambda". lambda is the largest eigenvalue of the Gauss-Newton matrix of the training
/// loss, so that gradient descent is critical at "2/lambda" whatever the loss's constant.
class Rate {
 public:
  static Rate parse(RateText& text) {
    Rate rate;
    rate.read_factor(text, '*');
    for (text.skip_spaces(); !text.done(); text.skip_spaces()) {
      if (text.take('*')) rate.read_factor(text, '*');
      else if (text.take('/')) rate.read_factor(text, '/');
      else text.fail_here("*, / or the end");
    }
    if (!(rate.factor_ > 0) || !std::isfinite(rate.factor_))
      text.fail(0, "a learning rate is finite and above 0");
    return rate;
  }
  bool relative() const { return relative_; }
  double at(double lambda) const { return relative_ ? factor_ / lambda : factor_; }

 private:
  void read_factor(RateText& text, char sign) {
    text.skip_spaces();
    const std::size_t begin = text.at();
    if (text.take("lambda")) {
      if (sign == '*' || relative_)
        text.fail(begin, "lambda stands once and divides, as in 2/lambda");
      relative_ = true;
      return;
    }
    const double number = text.number<double>("a number above 0 or lambda");
    factor_ = sign == '*' ? factor_ * number : factor_ / number;
  }

  double factor_ = 1;
  bool relative_ = false;
};

/// The stages of a run: learning_rate from step 0 on, then what `schedule` lists, each entry
/// "STEP: RATE" from that step on (steps count from 0).
class LearningRate {
 public:
  explicit LearningRate(const Config& c)
      : LearningRate(c.expression("learning_rate"), c.texts("schedule")) {}
  LearningRate(const std::string& rate, const std::vector<std::string>& schedule) {
    RateText text("learning_rate", rate);
    stages_.push_back({0, Rate::parse(text)});
    for (std::size_t i = 0; i < schedule.size(); ++i) {
      RateText entry("schedule, entry " + std::to_string(i + 1), schedule[i]);
      stages_.push_back(read_stage(entry));
    }
  }

  /// The rate of a step. lambda() gives the curvature at the parameters before it; it is asked for
  /// in the first step of a stage whose rate is relative, and kept for the others.
  template <class Lambda>
  double at(std::int64_t step, Lambda&& lambda) {
    const Stage& stage = stage_of(step);
    if (!stage.rate.relative()) return stage.rate.at(1);
    if (kept_.values.size() != 2 || kept_(0, 0) != static_cast<double>(stage.first)) {
      const double now = lambda();
      if (now <= 0)
        throw Error(ONAGER_NUMERICAL,
                    "the loss has no curvature before step " + std::to_string(step) +
                        " (lambda = " + in_short(now) +
                        "), so that no learning rate is critical; give it as a number");
      kept_ = Table(1, 2);
      kept_(0, 0) = static_cast<double>(stage.first);
      kept_(0, 1) = now;
    }
    return stage.rate.at(kept_(0, 1));
  }

  /// What `at` keeps from one step to the next.
  NamedTable state() {
    return {"lambda", "First step of the stage, and the curvature that its rate is relative to",
            &kept_};
  }

 private:
  struct Stage {
    std::int64_t first;
    Rate rate;
  };

  Stage read_stage(RateText& text) const {
    text.skip_spaces();
    const std::size_t begin = text.at();
    const auto first = text.number<std::int64_t>("the step from which on, as in \"100: 0.5\"");
    if (first <= stages_.back().first)
      text.fail(begin, "step " + std::to_string(first) + " does not come after step " +
                           std::to_string(stages_.back().first) + " of the entry before");
    text.skip_spaces();
    if (!text.take(':')) text.fail_here("':' after the step");
    return {first, Rate::parse(text)};
  }
  const Stage& stage_of(std::int64_t step) const {
    return *std::prev(std::upper_bound(
        stages_.begin(), stages_.end(), step,
        [](std::int64_t wanted, const Stage& stage) { return wanted < stage.first; }));
  }

  std::vector<Stage> stages_;
  Table kept_;
};

}  // namespace onager::plugins
