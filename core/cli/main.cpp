// SPDX-License-Identifier: MIT
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "cli/repeatable.hpp"
#include "cli/terminal.hpp"
#include "cli/usage.hpp"
#include "cli/verbs.hpp"
#include "linalg/blas.hpp"
#include "package/signed_only.hpp"
#include "pipeline/lock.hpp"
#include "plugin/crash.hpp"
#include "plugin/instance.hpp"
#include "plugin/isolated_process.hpp"
#include "plugin/registry.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <stdlib.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

namespace {

using namespace onager::host;

std::string version() {
  return fmt::format("onager {} (plugin ABI {}.{})\n{}", ONAGER_VERSION, ONAGER_ABI_MAJOR,
                     ONAGER_ABI_MINOR, blas::library_name());
}

using cli::CommandLine;
using cli::repeatable;

void add_overrides(CLI::App* command, std::vector<std::string>& overrides) {
  repeatable(
      command->add_option("--set", overrides,
                          "Change a value of the file, such as kernel.bandwidth=3, "
                          "feature_map[0].power=0.5 or 'memory_limit=4 GiB'; may be repeated"))
      ->type_name("KEY=VALUE");
}

void add_run(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<cli::RunOptions>();
  CLI::App* run = app.add_subcommand("run", "Run a pipeline file into a run folder");
  run->add_option(
         "FILE", options->file,
         "Pipeline file (TOML), or a run folder, whose config.toml is run with the plugins "
         "of its lock.toml")
      ->required();
  add_overrides(run, options->overrides);
  run->add_option("--out", options->out, "Run folder; default runs/NAME-NNN, the next free number")
      ->type_name("DIR");
  run->add_flag("--resume", options->resume,
                "Continue a stopped run: that of --out, else the latest of FILE under runs/");
  run->add_option("--threads", options->threads, "Threads to use; default all this process may use")
      ->check(CLI::Range(1, 1024));
  run->add_flag("--locked", options->locked,
                "Refuse plugins other than those of the lock.toml beside FILE");
  run->add_flag("--expect", options->expect,
                "Exit with status 1 when an [[expect]] of FILE is missed");
  run->add_flag("--quiet", options->quiet, "Print only warnings and the run folder");
  run->callback([options, &line] {
    line.lock_file = cli::lock_file_of(*options);
    line.verb = [options](const Registry& registry) { return cli::run(registry, *options); };
  });
}

void add_sweep(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<cli::SweepOptions>();
  CLI::App* sweep = app.add_subcommand(
      "sweep", "Run every point of a pipeline file's [sweep] table, or what is missing of them");
  sweep->add_option("FILE", options->file, "Pipeline file (TOML) with a [sweep]")->required();
  add_overrides(sweep, options->overrides);
  sweep->add_option("--out", options->out, "Folder of the sweep; default runs/NAME-sweep")
      ->type_name("DIR");
  sweep->add_option("--jobs", options->jobs, "Points to run at a time; default 1")
      ->check(CLI::Range(1, 1024));
  sweep
      ->add_option("--threads", options->threads,
                   "Threads of all points that run at a time, shared equally; default all this "
                   "process may use")
      ->check(CLI::Range(1, 1024));
  sweep->add_flag("--expect", options->expect,
                  "Exit with status 1 when an [[expect]] of FILE is missed");
  sweep
      ->add_option("--emit", options->emit,
                   "Run nothing: write an array job over the points that are missing, a point a "
                   "task, each with --threads processors (default 1), at most --jobs at a time")
      ->type_name("SCHEDULER")
      ->check(CLI::IsMember({"slurm"}));
  sweep->add_flag("--quiet", options->quiet, "Print only warnings and what came of it");
  sweep->add_flag("--json", options->json, "Print the table and the fits as JSON");
  sweep->callback([options, &line] {
    line.verb = [options, &line](const Registry& registry) {
      options->plugin_path = line.plugin_path;
      options->require_signed = line.require_signed;
      return cli::sweep(registry, *options);
    };
  });
}

void add_check(CLI::App& app, CommandLine& line) {
  struct Options {
    std::string file;
    std::vector<std::string> overrides;
    bool json = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App* check = app.add_subcommand(
      "check", "Validate a pipeline file, print it with all defaults and the memory a run takes");
  check->add_option("FILE", options->file, "Pipeline file (TOML)")->required();
  add_overrides(check, options->overrides);
  check->add_flag("--json", options->json, "Print JSON");
  check->callback([options, &line] {
    line.verb = [options](const Registry& registry) {
      return cli::check(registry, options->file, options->overrides, options->json);
    };
  });
}

void add_list_and_describe(CLI::App& app, CommandLine& line) {
  struct Options {
    std::string name;
    bool json = false, ids = false;
  };
  auto listed = std::make_shared<Options>();
  CLI::App* list = app.add_subcommand("list", "List the components that plugins offer");
  list->add_option("KIND", listed->name, joined(component_kinds(), ", "));
  list->add_flag("--json", listed->json, "Print JSON");
  list->add_flag("--ids", listed->ids, "Print the ids alone, one a line");
  list->callback([listed, &line] {
    line.verb = [listed](const Registry& registry) {
      using cli::ListForm;
      const auto form = listed->ids ? (listed->json ? ListForm::ids_as_json : ListForm::ids)
                                    : (listed->json ? ListForm::json : ListForm::table);
      return cli::list(registry, listed->name, form);
    };
  });
  auto described = std::make_shared<Options>();
  CLI::App* describe =
      app.add_subcommand("describe", "Show a component's parameters, defaults and citation");
  describe->add_option("ID", described->name, "Component id, as onager list prints it")->required();
  describe->add_flag("--json", described->json, "Print JSON");
  describe->callback([described, &line] {
    line.verb = [described](const Registry& registry) {
      return cli::describe(registry, described->name, described->json);
    };
  });
}

void add_schema(CLI::App& app, CommandLine& line) {
  CLI::App* schema = app.add_subcommand(
      "schema", "Print the JSON Schema of pipeline files, with the components that are found");
  schema->callback(
      [&line] { line.verb = [](const Registry& registry) { return cli::schema(registry); }; });
}

void add_compare(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<cli::CompareOptions>();
  CLI::App* compare =
      app.add_subcommand("compare", "Compare runs and sweeps: numbers, settings and figures");
  compare->add_option("DIR", options->folders, "Folders of runs or sweeps")->required();
  compare->add_flag("--json", options->json, "Print JSON");
  compare->add_option("--html", options->html, "Also write a page with tables and figures")
      ->type_name("FILE");
  compare
      ->add_option("--figures", options->figures,
                   "Also write the [[figure]] tables of the folders, drawn over all of them, into "
                   "DIR; where there are none, accuracies and errors over the rounds")
      ->type_name("DIR");
  compare->callback([options, &line] {
    line.needs_plugins = false;
    line.verb = [options](const Registry&) { return cli::compare(*options); };
  });
}

void add_report(CLI::App& app, CommandLine& line) {
  auto folder = std::make_shared<std::string>();
  CLI::App* report = app.add_subcommand(
      "report", "Write report.html and figures of a run again; of a sweep its table too");
  report->add_option("DIR", *folder, "Folder of a run or sweep")->required();
  report->callback([folder, &line] {
    line.needs_plugins = false;
    line.verb = [folder](const Registry&) { return cli::report(*folder); };
  });
}

void add_bench(CLI::App& app, CommandLine& line) {
  auto options = std::make_shared<cli::BenchOptions>();
  CLI::App* bench = app.add_subcommand(
      "bench", "Time a pipeline's stages against what this machine's BLAS and memory allow");
  bench->add_option(
      "FILE", options->file,
      "Pipeline file; default a kernel pipeline with 4,096 samples, 128 features, one "
      "output, for step a network of width 4,096, for tangent_kernel of width 1,024");
  add_overrides(bench, options->overrides);
  repeatable(
      bench->add_option(
          "--only", options->only,
          "round: a round beside its BLAS calls; block: kernel matrices of every kernel, "
          "beside gemm and memory; outer_product: gradients by shape; of a network step: beside "
          "its matrix products; tangent_kernel: beside the Jacobian; default the first "
          "three, of a network the last two; may be repeated"))
      ->type_name("STAGE")
      ->check(CLI::IsMember(cli::bench_stages()));
  bench
      ->add_option("--size", options->size,
                   "Samples of the kernel block; default those of the round, else 4,096")
      ->check(CLI::Range(1, 100000));
  repeatable(
      bench->add_option("--shape", options->shapes,
                        "Outer product to time; default 4096x128x1, 8192x256x1, 2048x122x61 and "
                        "4096x128x10; may be repeated"))
      ->type_name("SAMPLESxFEATURESxOUTPUTS");
  bench->add_option("--threads", options->threads, "Threads to use")->check(CLI::Range(1, 1024));
  bench
      ->add_option("--repeat", options->repeat,
                   "Times to run each stage and part, in turns; the fastest counts")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  bench->add_flag("--json", options->json, "Print JSON");
  bench->callback([options, &line] {
    line.verb = [options](const Registry& registry) { return cli::bench(registry, *options); };
  });
}

Registry load_registry(const CommandLine& line) {
  if (!line.needs_plugins) return {};
  LoadRules rules;
  rules.try_first = true;
  if (!line.lock_file.empty()) rules.pins = read_lock(line.lock_file);
  if (line.require_signed) rules.refusal = only_signed(known_keys());
  return Registry::load(plugin_places(line.plugin_path), rules);
}

int failed(const Error& error) {
  fmt::print(stderr, "onager: {}\n", error.what());
  return error.exit_status();
}

/// Starts the program anew with what BLAS should find in its environment. What the user chose
/// stays.
void take_fast_blas(char** argv) {
  bool changed = false;
  for (const auto& [variable, value] : blas::wanted_environment())
    if (!getenv(variable)) changed = setenv(variable, value.c_str(), 1) == 0 || changed;
  if (changed) execv(own_program().c_str(), argv);  // if it cannot: go on as we are
}

/// The verb; where the user's file is at fault, a library that could not be loaded may be why.
int run_verb(const CommandLine& line, const Registry& registry) {
  try {
    return line.verb(registry);
  } catch (const Error& error) {
    if (error.category() == Category::config)
      for (const auto& problem : registry.problems())
        fmt::print(stderr, "note: a plugin is not used: {}\n", problem.message);
    throw;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]) == isolated_argument)
    return serve_isolated(std::atoi(argv[2]));
  take_fast_blas(argv);
  CLI::App app{
      "Onager: pipelines of kernels, feature maps, datasets and optimizers from plugins.\n"
      "A run writes a folder with metrics.csv, arrays, summary.json and report.html.",
      "onager"};
  app.set_version_flag("--version", version);
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(
      "Exit status: 0 done, 1 an expectation missed (--expect), 2 usage or configuration, 3 "
      "plugin,\n"
      "4 numerical failure, 5 file or system, 130 interrupted.");

  CommandLine line;
  repeatable(
      app.add_option("--plugin-path", line.plugin_path,
                     "Folder or library to look for plugins in, before ONAGER_PLUGIN_PATH, the "
                     "user's plugin folder and the installed one; may be repeated"))
      ->type_name("PATH");
  app.add_flag("--require-signed", line.require_signed,
               "Use no plugins but this program's own and installed ones that a key you know has "
               "signed");
  add_run(app, line);
  add_sweep(app, line);
  add_check(app, line);
  add_list_and_describe(app, line);
  add_schema(app, line);
  add_compare(app, line);
  add_report(app, line);
  add_bench(app, line);
  cli::add_plugin(app, line);
  cli::add_completion(app, line);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream asked_for, ignored;  // the help, the version
    if (app.exit(error, asked_for, ignored) == 0) {
      cli::print_lines(stdout, asked_for.str());
      return 0;
    }
    cli::print_lines(stderr, cli::usage_error(app, error));
    return static_cast<int>(Category::config);
  }
  try {
    catch_interrupts();
    report_plugin_crashes();
    return run_verb(line, load_registry(line));
  } catch (const Error& error) {
    return failed(error);
  } catch (const std::bad_alloc&) {
    return failed(Error(Category::system, "out of memory"));
  } catch (const std::exception& error) {
    return failed(Error(Category::system, error.what()));
  }
}
