// SPDX-License-Identifier: MIT
#include "../catch.hpp"

#include "../../plugins/datasets/csv/csv_table.hpp"

#include <sstream>

using onager::Error;
using onager::plugins::append_csv;
using onager::plugins::CsvFormat;
using onager::plugins::CsvHeader;
using onager::plugins::CsvReader;
using onager::plugins::CsvTable;

namespace {

using Cells = std::vector<std::string>;

std::vector<Cells> records(const std::string& text, char separator = ',') {
  std::istringstream in(text);
  CsvReader reader(in, "data.csv", separator);
  std::vector<Cells> out;
  Cells cells;
  while (reader.next(cells)) out.push_back(cells);
  return out;
}

CsvTable table(const std::string& text, const CsvFormat& format = {}) {
  std::istringstream in(text);
  CsvTable t;
  append_csv(in, "data.csv", format, t);
  return t;
}

}  // namespace

TEST_CASE("csv records end at LF, CRLF and the end of the file") {
  const std::vector<Cells> expected{{"a", "b"}, {"1", "2"}};
  CHECK(records("a,b\n1,2\n") == expected);
  CHECK(records("a,b\r\n1,2\r\n") == expected);
  CHECK(records("a,b\n1,2") == expected);
  CHECK(records("a,b\r\n1,2\r") == expected);
  CHECK(records("\xEF\xBB\xBF"
                "a,b\n1,2\n") == expected);
  CHECK(records("a;b\n1;2\n", ';') == expected);
}

TEST_CASE("csv blank lines are passed over and empty cells kept") {
  CHECK(records("\n\na,b\n\r\n1,\n\n") == std::vector<Cells>{{"a", "b"}, {"1", ""}});
  CHECK(records("").empty());
}

TEST_CASE("a carriage return inside a csv cell belongs to the cell") {
  CHECK(records("a\rb,c\n") == std::vector<Cells>{{"a\rb", "c"}});
}

TEST_CASE("quoted csv cells hold separators, quotes and line ends") {
  CHECK(records("\"a,b\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",x\n") ==
        std::vector<Cells>{{"a,b", "say \"hi\""}, {"two\nlines", "x"}});
}

TEST_CASE("a csv quote that is never closed is reported at the line it began") {
  CHECK_THROWS_WITH(records("a,b\n1,\"2\n3,4\n"),
                    ContainsSubstring("data.csv:2:") && ContainsSubstring("no closing quote"));
}

TEST_CASE("text after a closing csv quote is refused") {
  CHECK_THROWS_WITH(records("\"a\"b,c\n"), ContainsSubstring("data.csv:1:"));
}

TEST_CASE("line numbers of csv errors count line ends inside quotes") {
  CHECK_THROWS_WITH(table("name,y\n1,\"a\nb\"\nx,c\n"), ContainsSubstring("data.csv:4: column 1"));
}

TEST_CASE("a csv header is found, the last column is the target") {
  const auto t = table("width,height,area\n1,2,2\n3,-4.5e1,12\n");
  CHECK(t.names == Cells{"width", "height", "area"});
  CHECK(t.features == std::vector<double>{1, 2, 3, -45});
  CHECK(t.targets == Cells{"2", "12"});
}

TEST_CASE("a csv file without header whose target is text loses no record") {
  const auto t = table("5.1,3.5,setosa\n6.2,2.9,virginica\n");
  CHECK(t.names.empty());
  CHECK(t.targets == Cells{"setosa", "virginica"});
}

TEST_CASE("the csv target is found by name, by number and from the end") {
  const std::string text = "a,b,c\n1,2,3\n";
  CsvFormat format;
  for (const auto* target : {"b", "2", "-2"}) {
    format.target = target;
    CHECK(table(text, format).targets == Cells{"2"});
    CHECK(table(text, format).features == std::vector<double>{1, 3});
  }
}

TEST_CASE("a csv target that is no column is reported with the columns") {
  CsvFormat format;
  format.target = "d";
  CHECK_THROWS_WITH(table("a,b,c\n1,2,3\n", format),
                    ContainsSubstring("'d'") && ContainsSubstring("a, b, c"));
  for (const auto* target : {"0", "4", "-4"}) {
    format.target = target;
    CHECK_THROWS_WITH(table("a,b,c\n1,2,3\n", format), ContainsSubstring("1 to 3"));
  }
}

TEST_CASE("a csv record with another number of cells is reported with its line") {
  CHECK_THROWS_WITH(table("a,b\n1,2\n1,2,3\n"),
                    ContainsSubstring("data.csv:3: this record has 3 cells where 2"));
  CHECK_THROWS_WITH(table("1,2\n1\n"), ContainsSubstring("data.csv:2: this record has 1 cells"));
}

TEST_CASE("missing csv values are refused with line, column number and name") {
  for (const auto* cell : {"", "NA", "nan", "NaN", "?", "null"})
    CHECK_THROWS_WITH(
        table("a,b,y\n1,2,3\n1," + std::string(cell) + ",3\n"),
        ContainsSubstring("data.csv:3: column 2 ('b')") && ContainsSubstring("missing value"));
  CHECK_THROWS_WITH(table("a,y\n1,\n"), ContainsSubstring("data.csv:2: column 2 ('y') is empty"));
}

TEST_CASE("a missing value in the first record of a csv file is not taken for a header") {
  CHECK_THROWS_WITH(table("1,NA,3\n1,2,3\n"), ContainsSubstring("data.csv:1: column 2"));
}

TEST_CASE("infinite csv numbers and those beyond float64 are refused") {
  for (const auto* cell : {"inf", "-Infinity", "1e999"})
    CHECK_THROWS_WITH(
        table("a,y\n" + std::string(cell) + ",3\n"),
        ContainsSubstring("data.csv:2: column 1 ('a')") && ContainsSubstring("not a finite"));
}

TEST_CASE("csv text among features is refused") {
  CHECK_THROWS_WITH(table("a,y\n1,2\nred,2\n"),
                    ContainsSubstring("data.csv:3: column 1 ('a') is 'red'"));
  CsvFormat format;
  format.header = CsvHeader::absent;
  CHECK_THROWS_WITH(table("a,y\n1,2\n", format), ContainsSubstring("header = \"yes\""));
}

TEST_CASE("numeric column names need the csv header to be announced") {
  CsvFormat format;
  format.header = CsvHeader::present;
  CHECK(table("2001,2002\n1,2\n", format).targets == Cells{"2"});
}

TEST_CASE("csv numbers may have spaces around them and a plus sign") {
  CHECK(table("a,y\n +1.5 ,2\n").features == std::vector<double>{1.5});
  CHECK_THROWS_AS(table("a,y\n+-1.5,2\n"), Error);
}

TEST_CASE("csv files without samples are refused") {
  CHECK_THROWS_WITH(table(""), ContainsSubstring("data.csv: the file is empty"));
  CHECK_THROWS_WITH(table("a,b\n"), ContainsSubstring("no sample"));
  CHECK_THROWS_WITH(table("a\n1\n"), ContainsSubstring("one column"));
}

TEST_CASE("a second csv file must have the same columns") {
  auto t = table("a,b,y\n1,2,3\n");
  std::istringstream good("a,b,y\n4,5,6\n"), renamed("a,c,y\n4,5,6\n"), wide("a,b,c,y\n4,5,6,7\n");
  append_csv(good, "test.csv", {}, t);
  CHECK(t.features == std::vector<double>{1, 2, 4, 5});
  CHECK_THROWS_WITH(append_csv(renamed, "test.csv", {}, t),
                    ContainsSubstring("test.csv:1: column 2 is named 'c'"));
  CHECK_THROWS_WITH(append_csv(wide, "test.csv", {}, t), ContainsSubstring("4 cells where 3"));
}
