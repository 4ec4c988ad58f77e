// SPDX-License-Identifier: MIT
#include "conformance/fate_text.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstring>

namespace onager::host::conformance {

namespace {

/// "evaluate, in the check 'memory'"
std::string place(const Witness& witness, const std::string& when) {
  if (witness.call[0] == '\0') return when;
  return fmt::format("{}, {}", witness.call, when);
}

/// The last line of what the child printed, where a library says why it gave up.
std::string last_words(const ChildEnd& end) {
  std::string text = end.printed;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const auto line = text.substr(text.rfind('\n') + 1);
  return line.empty() ? "" : fmt::format("; it printed: {}", line);
}

std::pair<std::string, std::string> stray_access(const Witness& w, const std::string& where) {
  const char* verb = w.wrote ? "wrote" : "read";
  const char* rule = w.is_input && w.wrote ? "memory.inputs"
                     : w.wrote             ? "memory.outputs"
                                           : "memory.reads";
  std::string spot;
  switch (w.spot) {
    case Spot::past: spot = fmt::format("{} bytes past the end of {}", w.bytes, w.array); break;
    case Spot::before: spot = fmt::format("{} bytes in front of {}", w.bytes, w.array); break;
    default: spot = fmt::format("to {}, {} bytes from its begin", w.array, w.bytes);
  }
  return {rule, fmt::format("{} {} ({})", verb, spot, where)};
}

}  // namespace

std::pair<std::string, std::string> described(const ChildEnd& end, const std::string& when,
                                              double seconds) {
  const Witness& w = end.witness;
  const std::string where = place(w, when);
  if (w.fate == Fate::out_of_time)
    return {"calls.time", fmt::format("not back after {:g} s: {}", seconds, where)};
  if (end.killed)
    return {"calls.time",
            fmt::format("not back after {:g} s, and deaf to signals: {}", seconds, where)};
  if (w.fate == Fate::signal && w.spot != Spot::elsewhere) return stray_access(w, where);
  if (w.fate == Fate::signal && w.misaligned)
    return {"memory.alignment",
            fmt::format("used an instruction that wants aligned memory on memory that is not: {}",
                        where)};
  if (w.fate == Fate::signal || end.signal != 0) {
    const int signal = w.fate == Fate::signal ? w.signal : end.signal;
    return {"calls.return", fmt::format("ended by SIG{} ({}): {}{}", ::sigabbrev_np(signal),
                                        ::sigdescr_np(signal), where, last_words(end))};
  }
  return {"calls.return", fmt::format("ended the process by exit(): {}{}", where, last_words(end))};
}

}  // namespace onager::host::conformance
