// SPDX-License-Identifier: MIT
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "cli/print_json.hpp"
#include "conformance/rules.hpp"
#include "conformance/suite.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <memory>

namespace onager::host::cli {

namespace {

using conformance::Finding;
using conformance::SuiteReport;
using conformance::SuiteRequest;
using Json = nlohmann::ordered_json;

struct TestOptions {
  SuiteRequest request;
  bool json = false;
};

std::vector<std::string> names_of(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> out;
  for (const auto& file : files) out.push_back(file.string());
  return out;
}

Json to_json(const SuiteReport& report, const SuiteRequest& request) {
  Json components = Json::array(), findings = Json::array();
  for (const auto& c : report.components)
    components.push_back({{"component", c.name},
                          {"parameter_sets", c.parameter_sets},
                          {"checks", c.checks},
                          {"left_out", c.left_out}});
  for (const auto& f : report.findings) {
    const auto& rule = conformance::rule_of(f.rule);
    findings.push_back({{"rule", f.rule},
                        {"demand", rule.demand},
                        {"component", f.component},
                        {"parameters", f.parameters},
                        {"what", f.what},
                        {"inputs", names_of(f.inputs)},
                        {"remedy", rule.remedy}});
  }
  return {{"file", request.file.string()},
          {"plugin", report.plugin},
          {"abi", report.abi},
          {"seed", request.seed},
          {"passed", report.findings.empty()},
          {"components", components},
          {"notes", report.notes},
          {"findings", findings}};
}

void print(const Finding& finding) {
  const auto& rule = conformance::rule_of(finding.rule);
  fmt::print("\nbroken   {}: {}\n", finding.rule, rule.demand);
  if (!finding.component.empty())
    fmt::print("by       {}{}\n", finding.component,
               finding.parameters.empty() ? "" : " with " + finding.parameters);
  fmt::print("seen     {}\n", finding.what);
  if (!finding.inputs.empty()) fmt::print("inputs   {}\n", joined(names_of(finding.inputs), ", "));
  fmt::print("to mend  {}\n", rule.remedy);
}

void print(const SuiteReport& report, const SuiteRequest& request) {
  fmt::print("{} ({}), seed {}\n", report.plugin.empty() ? "not loaded" : report.plugin,
             request.file.string(), request.seed);
  for (const auto& c : report.components)
    fmt::print("{}: {} checks over {} set{} of parameters{}\n", c.name, c.checks, c.parameter_sets,
               c.parameter_sets == 1 ? "" : "s",
               c.left_out == 0 ? "" : fmt::format(", {} left out after a failure", c.left_out));
  for (const auto& note : report.notes) fmt::print("note: {}\n", note);
  for (const auto& finding : report.findings) print(finding);
  const auto broken = report.findings.size();
  if (broken == 0) fmt::print("passed\n");
  else fmt::print("\nfailed: {} rule{} broken\n", broken, broken == 1 ? "" : "s");
}

int test_plugin(const TestOptions& options) {
  const auto report = conformance::run_suite(options.request);
  if (options.json) print_json(to_json(report, options.request));
  else print(report, options.request);
  return report.findings.empty() ? 0 : static_cast<int>(Category::plugin);
}

}  // namespace

void add_plugin_test(CLI::App& plugin, CommandLine& line) {
  auto options = std::make_shared<TestOptions>();
  CLI::App* command = plugin.add_subcommand(
      "test", "Hold a plugin against the rules of the ABI; exit status 3 when one is broken");
  command->add_option("FILE", options->request.file, "Plugin library")
      ->required()
      ->check(CLI::ExistingFile);
  command
      ->add_option(
          "--examples", options->request.examples,
          "TOML file with parameters to try, in tables as in a pipeline file; needed where "
          "a component has parameters without a default")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  command->add_option("--seed", options->request.seed, "Of the random inputs")
      ->capture_default_str();
  command->add_option("--time-limit", options->request.seconds, "Seconds that a check may take")
      ->capture_default_str()
      ->check(CLI::Range(0.1, 86400.0));
  command
      ->add_option("--save", options->request.save_folder,
                   "Folder for the inputs that broke a rule; default FILE-findings here")
      ->type_name("DIR");
  command->add_flag("--json", options->json, "Print JSON");
  command->callback([options, &line] {
    line.needs_plugins = false;
    line.verb = [options, &line](const Registry&) {
      auto& request = options->request;
      if (request.save_folder.empty())
        request.save_folder = request.file.stem().string() + "-findings";
      if (!request.examples.empty()) request.places = plugin_places(line.plugin_path);
      return test_plugin(*options);
    };
  });
}

}  // namespace onager::host::cli
