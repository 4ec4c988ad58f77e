// SPDX-License-Identifier: MIT
//
// Plans made by hand, temporary folders and child processes, for the tests of plugins.
#pragma once

#include "scratch.hpp"

#include "base/error.hpp"
#include "config/parameters.hpp"
#include "config/plan.hpp"
#include "plugin/registry.hpp"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace plugin_test {

using namespace onager::host;

/// A component with all its defaults.
inline ComponentPlan default_plan(const Registry& registry, const std::string& kind,
                                  const std::string& id) {
  const auto* entry = registry.find(kind, id);
  if (entry == nullptr) throw std::runtime_error("no " + kind + " " + id);
  ComponentPlan plan;
  plan.plugin = entry->plugin;
  plan.component = entry->component;
  plan.use = id;
  plan.path = kind;
  plan.where = {"lab.toml", 3, 1, "use = '" + id + "'"};
  for (const auto* p : parameters_of(*entry->component))
    plan.values.push_back(default_value(*p, "/"));
  return plan;
}

inline ParameterValue& value(ComponentPlan& plan, const std::string& name) {
  for (auto& v : plan.values)
    if (v.parameter->name == name) return v;
  throw std::runtime_error("no value " + name);
}

/// The message of the Error that the work throws, with its exit status in front: "3: ...".
template <class Work>
std::string error_of(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return std::to_string(error.exit_status()) + ": " + error.what();
  }
  return "no error";
}

using Folder = onager::test::Scratch;

struct ChildEnd {
  int exit_status;  // -1 when a signal ended it
  int signal;
  std::string error_output;
};

/// Runs work in a child process, which then ends with status 0, and waits for it.
template <class Work>
ChildEnd in_child(Work&& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child process");
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    try {
      work();
    } catch (const std::exception&) {
      _exit(99);
    }
    _exit(0);
  }
  close(ends[1]);
  ChildEnd end{-1, 0, ""};
  char buffer[4096];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof buffer)) > 0;)
    end.error_output.append(buffer, static_cast<std::size_t>(got));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) end.exit_status = WEXITSTATUS(status);
  else end.signal = WTERMSIG(status);
  return end;
}

}  // namespace plugin_test
