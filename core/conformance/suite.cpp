// SPDX-License-Identifier: MIT
#include "conformance/suite.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/interrupt.hpp"
#include "conformance/checks.hpp"
#include "conformance/fate_text.hpp"
#include "conformance/library_checks.hpp"
#include "conformance/parameter_sets.hpp"
#include "conformance/process_state.hpp"
#include "conformance/specimen.hpp"
#include "conformance/stand_ins.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace onager::host::conformance {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// A folder of this process's own for arrays on their way to the user.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "onager-conformance-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw Error(Category::system,
                  fmt::format("cannot make a folder in {}", fs::temp_directory_path().string()));
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

  /// The arrays that lie there, without their folder.
  std::vector<std::string> arrays() const {
    std::vector<std::string> out;
    for (const auto& entry : fs::directory_iterator(path_))
      if (entry.path().extension() == ".npy") out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  fs::path path_;
};

/// Collects findings: each rule once a component, its inputs moved to where the user finds them.
class Findings {
 public:
  Findings(const fs::path& folder, const Scratch& scratch, std::vector<Finding>& out)
      : folder_(folder), scratch_(scratch), out_(out) {}

  void add(Finding finding, const std::vector<std::string>& files) {
    const bool known = std::any_of(out_.begin(), out_.end(), [&](const Finding& f) {
      return f.rule == finding.rule && f.component == finding.component;
    });
    if (!known) {
      for (const auto& file : files) finding.inputs.push_back(keep(finding, file));
      out_.push_back(std::move(finding));
    }
    // and no others: the child may have reported again meanwhile
    for (const auto& file : files) fs::remove(scratch_.path() / file);
  }

 private:
  /// `file`: in the scratch folder, maybe in a folder of its rule.
  fs::path keep(const Finding& finding, const std::string& file) const {
    make_folder(folder_);
    std::string name = finding.component.empty() ? "plugin" : finding.component;
    std::replace(name.begin(), name.end(), ' ', '-');
    name.erase(std::remove(name.begin(), name.end(), '\''), name.end());
    const fs::path to =
        folder_ / fmt::format("{}-{}-{}", name, finding.rule, fs::path(file).filename().string());
    // by content: the folders may lie on different disks
    write_file(to, read_file(scratch_.path() / file));
    return to;
  }

  const fs::path folder_;
  const Scratch& scratch_;
  std::vector<Finding>& out_;
};

class Suite {
 public:
  explicit Suite(const SuiteRequest& request)
      : request_(request), findings_(request.save_folder, scratch_, report_.findings) {}

  SuiteReport run() {
    try_library();
    const bool loads =
        std::none_of(report_.findings.begin(), report_.findings.end(), [](const Finding& f) {
          return f.rule == "plugin.loads" || f.rule.rfind("calls.", 0) == 0;
        });
    if (loads) try_components();
    return std::move(report_);
  }

 private:
  void try_library() {
    const auto end = run_in_child(
        scratch_.path(), request_.seconds,
        [&](const ChildLink& link) { check_library(request_.file, link); },
        [&](const std::string& line) {
          const Json message = Json::parse(line);
          findings_.add({message["rule"], "", "", message["what"], {}}, {});
        });
    if (end.finished) return;
    const auto [rule, what] = described(end, "while the library was loaded", request_.seconds);
    findings_.add({rule, "", "", what, {}}, {});
  }

  void try_components() {
    Registry registry;
    registry.add(stand_ins(), "conformance");
    registry.add(request_.file, "FILE");
    const LoadedPlugin& plugin = *plugin_of(registry);
    report_.plugin = plugin.name();
    report_.abi = fmt::format("{}.{}", plugin.descriptor->abi_major, plugin.descriptor->abi_minor);
    if (!request_.examples.empty())
      for (const auto& place : request_.places) add_place(registry, place);
    std::vector<ComponentEntry> own;
    for (const auto& entry : registry.all())
      if (entry.plugin == &plugin) own.push_back(entry);
    for (const auto& entry : own) try_component(entry, registry);
  }

  const LoadedPlugin* plugin_of(const Registry& registry) const {
    for (const auto& entry : registry.all())
      if (!entry.plugin->file.empty()) return entry.plugin;
    throw Error(Category::plugin, fmt::format("{}: has no components", request_.file.string()));
  }

  /// Components of other plugins, for examples that hold them. One that does not load is no fault
  /// of the plugin that is tried.
  static void add_place(Registry& registry, const PluginPlace& place) {
    std::vector<fs::path> files;
    std::error_code error;
    if (!fs::is_directory(place.path, error)) files.push_back(place.path);
    else
      for (const auto& file : fs::directory_iterator(place.path, error))
        if (file.path().extension() == ".so") files.push_back(file.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      try {
        registry.add(file, place.origin);
      } catch (const Error&) {
      }
    }
  }

  void try_component(const ComponentEntry& entry, const Registry& registry) {
    TriedComponent tried;
    tried.name = fmt::format("{} '{}'", entry.kind(), entry.id());
    auto sets = made_up_parameters(entry, registry);
    const std::size_t made_up = sets.size();
    if (!request_.examples.empty())
      for (auto& set : parameters_of_file(request_.examples, entry, registry))
        sets.push_back(std::move(set));
    const auto usable = usable_sets(sets, made_up, tried.name);
    tried.parameter_sets = usable.size();
    for (std::size_t i = 0; i < usable.size(); ++i) {
      if (!try_parameters(*usable[i], other_than(usable, i), i == 0, tried)) break;
    }
    report_.components.push_back(tried);
  }

  /// Parameters for a second instance, of which no fault is known by their being at the end of a
  /// range.
  static const ComponentPlan& other_than(const std::vector<const ComponentPlan*>& sets,
                                         std::size_t index) {
    for (std::size_t k = 1; k < sets.size(); ++k) {
      const ComponentPlan& other = *sets[(index + k) % sets.size()];
      if (end_of_a_range(other).empty()) return other;
    }
    return *sets[index];
  }

  /// Those that create() takes. Combinations that were made up may be refused with a reason; what
  /// the user gave may not, and one has to be left.
  std::vector<const ComponentPlan*> usable_sets(const std::vector<ComponentPlan>& sets,
                                                std::size_t made_up, const std::string& name) {
    std::vector<const ComponentPlan*> out;
    std::string reason = "a parameter that has no default is needed";
    for (std::size_t i = 0; i < sets.size(); ++i) {
      bool refused = false;
      std::string why;
      const auto work = [&](const ChildLink& link) {
        Trial trial(sets[i], request_.seed, scratch_.path(), link);
        try {
          const Specimen specimen(trial);
        } catch (const Refused& r) {
          link.send(
              Json{{"refused", r.reason}}.dump(-1, ' ', false, Json::error_handler_t::replace));
        } catch (const CheckEnds&) {
        }
      };
      run_in_child(scratch_.path(), request_.seconds, work, [&](const std::string& line) {
        const Json message = Json::parse(line);
        refused = refused || message.contains("refused");
        why = message.value("refused", why);
      });
      // what else may be wrong with it is seen by the checks
      if (!refused) {
        out.push_back(&sets[i]);
        continue;
      }
      if (i == 0 || i >= made_up) reason = why;
      if (i >= made_up)
        findings_.add(
            {"component.creates",
             name,
             parameters_text(sets[i]),
             fmt::format("create refuses parameters of {}: {}", request_.examples.string(), why),
             {}},
            {});
    }
    if (out.empty())
      findings_.add({"component.creates",
                     name,
                     "",
                     fmt::format("no parameters to try it with: {}", reason),
                     {}},
                    {});
    return out;
  }

  /// False when a call did not come back: no use to wait for it again.
  bool try_parameters(const ComponentPlan& plan, const ComponentPlan& other, bool first_set,
                      TriedComponent& tried) {
    const std::vector<Check> checks = checks_of(plan.component->kind, other);
    std::set<std::string> failed;
    std::size_t next = 0;
    while (next < checks.size()) {
      throw_if_stopped();
      std::size_t current = next;
      bool found = false;
      const auto begin = next, stop = end_of_process(checks, begin);
      const auto end = run_in_child(
          scratch_.path(), request_.seconds,
          [&](const ChildLink& link) {
            run_checks(checks, begin, stop, failed, first_set, plan, link);
          },
          [&](const std::string& line) {
            const Json message = Json::parse(line);
            if (message.contains("begin")) {
              current = message["begin"];
              ++tried.checks;
            } else if (message.contains("note")) {
              add_note(tried.name, message["note"]);
            } else if (message.contains("left_out")) {
              ++tried.left_out;
              failed.insert(checks[message["left_out"].get<std::size_t>()].name);
            } else {
              found = true;
              failed.insert(checks[current].name);
              findings_.add({message["rule"],
                             tried.name,
                             parameters_text(plan),
                             message["what"].get<std::string>() + range_note(plan),
                             {}},
                            message["files"]);
            }
          });
      next = end.finished && !found ? stop : current + 1;
      if (end.finished) continue;
      failed.insert(checks[current].name);
      const auto [rule, what] =
          described(end, fmt::format("in the check '{}'", checks[current].name), request_.seconds);
      findings_.add({rule, tried.name, parameters_text(plan), what + range_note(plan), {}},
                    scratch_.arrays());
      if (rule == "calls.time") return false;
    }
    return true;
  }

  /// What may be wrong besides: the range of the one parameter that is not the default.
  static std::string range_note(const ComponentPlan& plan) {
    const auto end = end_of_a_range(plan);
    return end.empty() ? "" : fmt::format("; the range in the table allows {}", end);
  }

  void add_note(const std::string& component, const std::string& text) {
    const std::string note = fmt::format("{}: {}", component, text);
    if (std::find(report_.notes.begin(), report_.notes.end(), note) == report_.notes.end())
      report_.notes.push_back(note);
  }

  /// The checks from `begin` on, up to this one, may be made in one process.
  static std::size_t end_of_process(const std::vector<Check>& checks, std::size_t begin) {
    const auto next = std::find_if(checks.begin() + static_cast<std::ptrdiff_t>(begin) + 1,
                                   checks.end(), [](const Check& c) { return c.unused_process; });
    return static_cast<std::size_t>(next - checks.begin());
  }

  /// In the child: checks from `begin` up to `stop`, to the first that finds something. What comes
  /// after it gets a process that the plugin has done nothing to.
  void run_checks(const std::vector<Check>& checks, std::size_t begin, std::size_t stop,
                  std::set<std::string> failed, bool first_set, const ComponentPlan& plan,
                  const ChildLink& link) const {
    const ProcessState before = process_state();
    for (std::size_t i = begin; i < stop; ++i) {
      const Check& check = checks[i];
      if (!check.every_set && !first_set) continue;
      const bool futile = std::any_of(check.needs.begin(), check.needs.end(),
                                      [&](const auto& name) { return failed.count(name) != 0; });
      link.send(Json{{futile ? "left_out" : "begin", i}}.dump());
      if (futile) {
        failed.insert(check.name);
        continue;
      }
      link.restart_clock();
      Trial trial(plan, request_.seed, scratch_.path(), link);
      try {
        check.run(trial);
      } catch (const CheckEnds&) {
      } catch (const Refused& refused) {
        trial.report("component.creates",
                     fmt::format("create took these parameters, and refused them later: {}",
                                 refused.reason));
      }
      const ProcessState after = process_state();
      if (const auto what = changed(before, after); !what.empty())
        trial.report("state.process",
                     fmt::format("the calls of the check '{}' changed {}", check.name, what));
      if (const int left = threads_left(before); left > 0)
        trial.report("state.threads",
                     fmt::format("{} threads are left after the check '{}'", left, check.name));
      if (trial.anything_reported()) return;
    }
  }

  const SuiteRequest& request_;
  const Scratch scratch_;
  SuiteReport report_;
  Findings findings_;
};

}  // namespace

SuiteReport run_suite(const SuiteRequest& request) { return Suite(request).run(); }

}  // namespace onager::host::conformance
