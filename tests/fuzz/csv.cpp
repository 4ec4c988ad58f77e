// SPDX-License-Identifier: MIT
//
// The first byte chooses the format, the others are the file.
#include "../../plugins/datasets/csv/csv_table.hpp"

#include <cstdint>
#include <cstdlib>
#include <sstream>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace onager::plugins;
  if (size == 0) return 0;
  const std::uint8_t choice = bytes[0];
  CsvFormat format;
  format.separator = ",;\t "[choice & 3];
  format.header = static_cast<CsvHeader>((choice >> 2 & 3) % 3);
  format.target = choice & 16 ? "-1" : choice & 32 ? "y" : "";
  const std::string text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  CsvTable table;
  try {
    for (int twice = 0; twice < 2; ++twice) {
      std::istringstream in(text);
      append_csv(in, "input", format, table);
    }
  } catch (const onager::Error&) {
    return 0;
  }
  if (table.features.size() != table.targets.size() * (table.columns - 1)) std::abort();
  return 0;
}
