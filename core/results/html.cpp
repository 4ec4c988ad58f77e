// SPDX-License-Identifier: MIT
#include "results/html.hpp"

#include "results/theme.hpp"

#include <fmt/format.h>

namespace onager::host {

namespace {

constexpr const char* style = R"(
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 32px 28px 56px; max-width: 1144px; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial,
  "DejaVu Sans", sans-serif; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 2px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 40px 0 12px; padding-bottom: 4px;
  border-bottom: 1px solid var(--line); }
h3 { font-size: 15px; margin: 24px 0 8px; }
p { margin: 8px 0; max-width: 78ch; }
.under { color: var(--soft); margin-top: 0; }
.result { font-size: 18px; margin: 18px 0 8px; max-width: none; text-wrap: balance; }
.note { border-left: 3px solid var(--warn); padding: 6px 12px; background: var(--panel);
  margin: 10px 0; max-width: 90ch; overflow-wrap: anywhere; white-space: pre-line; }
table { border-collapse: collapse; margin: 10px 0; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
th, td { text-align: left; padding: 5px 22px 5px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th { font-weight: 600; color: var(--soft); font-size: 13px; vertical-align: bottom; }
table.numbers td:not(:first-child), table.numbers th:not(:first-child) { text-align: right;
  padding: 5px 0 5px 22px; }
table.numbers td { white-space: nowrap; }
table.facts td:first-child { color: var(--soft); white-space: nowrap; }
td { overflow-wrap: anywhere; }
mark { background: var(--mark); color: inherit; }
code, pre { font: 13px/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono",
  monospace; }
pre { background: var(--panel); padding: 12px 14px; margin: 10px 0; border-radius: 4px;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.two, .three { display: grid; gap: 8px 24px; align-items: start; }
.two { grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); }
.three { grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); }
figure { margin: 12px 0 8px; min-width: 0; break-inside: avoid; }
figcaption { color: var(--soft); font-size: 13px; max-width: 78ch; margin-top: 2px; }
.slide { display: flex; align-items: center; gap: 4px 16px; }
.slide[hidden] { display: none; }
.slide label { display: flex; align-items: center; gap: 10px; flex: 0 1 420px; }
.slide input { flex: 1 1 auto; min-width: 0; accent-color: var(--s0); }
.shot p { color: var(--soft); font-size: 13px; margin: 2px 0 0; }
.slide output { font-weight: 600; }
figure.beside { display: flex; flex-wrap: wrap; gap: 8px 24px; }
figure.beside svg { flex: 0 1 auto; }
figure.beside figcaption { flex: 1 1 260px; padding-top: 16px; max-width: 52ch; }
figcaption b { color: var(--ink); }
svg { display: block; max-width: 100%; height: auto; color: var(--ink); }
@media print { body { max-width: none; padding: 0; font-size: 11pt; }
  h2 { break-after: avoid; } figure.beside { flex-wrap: nowrap; }
  figure.beside svg { width: 58%; } pre { font-size: 9pt; }
  .two { grid-template-columns: 1fr 1fr; } .three { grid-template-columns: 1fr 1fr 1fr; } }
)";

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string html_page(const std::string& title, const std::string& body) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
      "<title>{}</title>\n<style>\n{}{}{}</style>\n</head>\n<body>\n{}</body>\n</html>\n",
      escaped(title), theme_style(), style, drawing_style(), body);
}

std::string html_table(const std::vector<std::vector<std::string>>& rows, Cells cells) {
  std::string out = fmt::format("<div class=\"scroll\"><table class=\"{}\">\n",
                                cells == Cells::numbers ? "numbers" : "facts");
  const char* tag = "th";
  for (const auto& row : rows) {
    if (!row.empty()) out += "<tr>";
    for (const auto& one : row) out += fmt::format("<{0}>{1}</{0}>", tag, one);
    if (!row.empty()) out += "</tr>\n";
    tag = "td";
  }
  return out + "</table></div>\n";
}

std::string html_figure(const std::string& content, const std::string& caption, Caption where) {
  return fmt::format("<figure{}>{}{}</figure>\n",
                     where == Caption::beside ? " class=\"beside\"" : "", content,
                     caption.empty() ? "" : "<figcaption>" + caption + "</figcaption>");
}

}  // namespace onager::host
