// SPDX-License-Identifier: MIT
#include "results/report.hpp"

#include "base/text.hpp"
#include "results/figure_svg.hpp"
#include "results/html.hpp"
#include "results/readable.hpp"
#include "results/report_arrays.hpp"
#include "results/report_curves.hpp"
#include "results/report_text.hpp"
#include "results/run_figures.hpp"
#include "results/run_record.hpp"

#include <fmt/format.h>

namespace onager::host {

namespace {

std::string note(const std::string& html) { return "<div class=\"note\">" + html + "</div>\n"; }

std::string state_notes(const RunRecord& run) {
  std::string out;
  const std::string status = run.status();
  if (status == "failed") out += note("<b>The run failed.</b> " + escaped(run.summary->message));
  if (status == "interrupted")
    out += note("<b>The run was interrupted.</b> " + escaped(run.summary->message));
  if (status == "unfinished")
    out += note("<b>The run has no summary.json:</b> it is still going on, or was killed.");
  if (status != "finished" && run.has_checkpoint)
    out += note(
        "A checkpoint is there: <code>onager run config.toml --out FOLDER --resume</code> "
        "continues it.");
  if (run.summary)
    for (const auto& warning : run.summary->warnings) out += note(escaped(warning));
  return out;
}

std::string data_words(const Summary& summary) {
  std::string out = fmt::format("{} training samples, ", summary.train_samples);
  out += summary.test_samples > 0 ? fmt::format("{} test samples", summary.test_samples)
                                  : "no test samples";
  return out + fmt::format(", {} features, {} output{}", summary.features, summary.outputs,
                           summary.outputs == 1 ? "" : "s");
}

std::string plugins_section(const RunRecord& run) {
  std::vector<std::vector<std::string>> rows = {{"plugin", "version", "ABI", "file", "SHA-256"}};
  for (int i = 0;; ++i) {
    const auto field = [&](const char* name) {
      return escaped(value_of(run.lock, fmt::format("plugin[{}].{}", i, name)));
    };
    if (field("id").empty()) break;
    rows.push_back({field("id"), field("version"), field("abi"), field("file"),
                    "<code>" + field("sha256") + "</code>"});
  }
  return rows.size() == 1 ? "" : "<h2>Plugins</h2>\n" + html_table(rows, Cells::facts);
}

std::string machine_section(const Summary& summary) {
  const Machine& machine = summary.machine;
  std::vector<std::vector<std::string>> rows = {{}};
  const auto add = [&](const char* what, const std::string& value) {
    if (!value.empty()) rows.push_back({what, escaped(value)});
  };
  add("Processor", machine.cpu);
  add("Threads", machine.threads > 0 ? std::to_string(machine.threads) : "");
  add("BLAS", machine.blas);
  add("System", machine.system);
  add("Host", machine.host);
  add("Onager", machine.onager_version + ", ABI " + machine.abi_version);
  add("Compiler", machine.compiler);
  add("Seed", std::to_string(summary.seed));
  add("Precision", summary.precision);
  if (summary.peak_memory > 0)
    add("Peak memory", bytes(static_cast<double>(summary.peak_memory)) +
                           (summary.planned_memory > 0
                                ? ", planned " + bytes(static_cast<double>(summary.planned_memory))
                                : ""));
  return "<h2>Machine</h2>\n" + html_table(rows, Cells::facts);
}

std::string time_section(const Summary& summary) {
  if (summary.seconds.empty()) return "";
  std::vector<std::vector<std::string>> rows = {{"phase", "time", "share"}};
  const double total = summary.total_seconds;
  double rest = total;
  const auto add = [&](const std::string& phase, double seconds) {
    rows.push_back({escaped(phase), duration(seconds), total > 0 ? percent(seconds / total) : ""});
  };
  for (const auto& [phase, seconds] : summary.seconds) {
    add(phase, seconds);
    rest -= seconds;
  }
  if (rest > 0.005 * total) add("other", rest);
  rows.push_back({"total", duration(total), ""});
  return "<h2>Time</h2>\n" + html_table(rows, Cells::numbers);
}

}  // namespace

std::string report_html(const std::filesystem::path& run_folder) {
  const RunRecord run = read_run(run_folder);
  const std::string title = run_title(run);
  std::string under = escaped(pipeline_words(run));
  if (title != run.name) under += (under.empty() ? "" : " · ") + escaped(run.name);

  std::string body = fmt::format("<h1>{}</h1>\n<p class=\"under\">{}</p>\n", escaped(title), under);
  body += "<p class=\"result\">" + escaped(result_sentence(run)) + "</p>\n";
  if (run.summary) body += "<p class=\"under\">" + data_words(*run.summary) + ".</p>\n";
  body += state_notes(run);
  if (run.summary) body += verdicts_html(run.summary->expectations);
  if (!run.metrics.empty()) body += metrics_table(run);
  body += figure_sections(run_figures(figures_of(run), run.metrics));
  const std::string curves = metrics_curves(run);
  if (!curves.empty()) body += fmt::format("<h2>Over the {}s</h2>\n{}", run.metrics.unit(), curves);
  body += array_sections(run);
  if (!run.config.empty())
    body += "<h2>Configuration</h2>\n<pre>" + escaped(run.config) + "</pre>\n";
  body += plugins_section(run);
  if (run.summary) {
    body += "<div class=\"two\">\n<section>" + machine_section(*run.summary) + "</section>\n";
    body += "<section>" + time_section(*run.summary) + "</section>\n</div>\n";
  }
  return html_page(title + " · Onager", body);
}

}  // namespace onager::host
