// SPDX-License-Identifier: MIT
//
// What a user's mistakes and a machine's failures look like: each run ends with the right exit
// status and a message that names the place, and loses nothing.
#include "../catch.hpp"
#include "../support.hpp"

#include <zlib.h>

#include <cstring>

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

const char* const small_pipeline = R"([dataset]
use = "modular_arithmetic"
modulus = 7

[[feature_map]]
use = "agop"

[kernel]
use = "gaussian"
bandwidth = 2.5

[optimizer]
use = "cholesky"
ridge = 1e-6

[loop]
rounds = 3
)";

std::string csv_pipeline(const std::string& more = "") {
  return "[dataset]\nuse = \"csv\"\npath = \"data.csv\"\n" + more +
         "[kernel]\nuse = \"gaussian\"\n[optimizer]\nuse = \"cholesky\"\nridge = 1e-3\n";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Finished run_file(const Scratch& scratch, const std::string& toml, const std::string& more = "") {
  scratch.file("p.toml", toml);
  return test::onager("run p.toml --out run " + more, scratch.path());
}

}  // namespace

TEST_CASE("a missing pipeline file is a system error that names it") {
  const Finished f = test::onager("run nowhere.toml");
  CHECK(f.status == 5);
  CHECK_THAT(f.err, ContainsSubstring("nowhere.toml") && ContainsSubstring("No such file"));
}

TEST_CASE("bad TOML is reported with line, column and caret") {
  const Scratch scratch;
  const Finished f = run_file(scratch, "seed = 1\nkernel = [\n");
  CHECK(f.status == 2);
  CHECK_THAT(f.err, ContainsSubstring("p.toml:") && ContainsSubstring("^"));
  CHECK_FALSE(test::fs::exists(scratch.path() / "run"));
}

TEST_CASE("unknown key, wrong type, range and component are reported at once, with suggestions") {
  const Scratch scratch;
  std::string toml = replaced(small_pipeline, "bandwidth = 2.5", "bandwith = 2.5");
  toml = replaced(toml, "ridge = 1e-6", "ridge = \"much\"");
  toml = replaced(toml, "modulus = 7", "modulus = 1");
  toml = replaced(toml, "\"agop\"", "\"agup\"");
  const Finished f = run_file(scratch, toml);
  CHECK(f.status == 2);
  CHECK_THAT(f.err, ContainsSubstring("p.toml:3:11: modulus = 1 is outside its range"));
  CHECK_THAT(f.err, ContainsSubstring("p.toml:6:7:") && ContainsSubstring("'agop'"));
  CHECK_THAT(f.err, ContainsSubstring("p.toml:10:1:") && ContainsSubstring("'bandwidth'"));
  CHECK_THAT(f.err, ContainsSubstring("p.toml:14:9:") && ContainsSubstring("ridge"));
  CHECK_FALSE(test::fs::exists(scratch.path() / "run"));
}

TEST_CASE("a train fraction of 0 or 1 is outside its range") {
  const Scratch scratch;
  for (const char* fraction : {"0", "1", "0.0", "1.0"}) {
    const Finished f =
        run_file(scratch, small_pipeline, std::string("--set dataset.train_fraction=") + fraction);
    CHECK(f.status == 2);
    CHECK_THAT(f.err, ContainsSubstring("train_fraction") && ContainsSubstring("range"));
  }
}

TEST_CASE("a ragged CSV row is reported with file and line") {
  const Scratch scratch;
  scratch.file("data.csv", "a,b,y\n1,2,3\n4,5\n6,7,8\n");
  const Finished f = run_file(scratch, csv_pipeline());
  CHECK(f.status == 5);
  CHECK_THAT(f.err, ContainsSubstring("data.csv:3"));
}

TEST_CASE("text and NaN in a CSV cell are reported with line and column") {
  const Scratch scratch;
  for (const char* cell : {"five", "nan", ""}) {
    scratch.file("data.csv", std::string("a,b,y\n1,2,3\n4,") + cell + ",6\n7,8,9\n");
    const Finished f = run_file(scratch, csv_pipeline());
    CAPTURE(cell, f.err);
    CHECK(f.status == 5);
    CHECK_THAT(f.err, ContainsSubstring("data.csv:3") && ContainsSubstring("b"));
  }
}

TEST_CASE("an empty data file and one with a header only are refused") {
  const Scratch scratch;
  for (const char* content : {"", "a,b,y\n"}) {
    scratch.file("data.csv", content);
    const Finished f = run_file(scratch, csv_pipeline());
    CHECK(f.status == 5);
    CHECK_THAT(f.err, ContainsSubstring("data.csv"));
  }
}

TEST_CASE("a missing data file is named") {
  const Scratch scratch;
  const Finished f = run_file(scratch, csv_pipeline());
  CHECK(f.status == 5);
  CHECK_THAT(f.err, ContainsSubstring("data.csv") && ContainsSubstring("No such file"));
}

TEST_CASE("a truncated gzip file is refused") {
  const Scratch scratch;
  const auto write_idx = [&](const std::string& name, std::vector<unsigned char> content) {
    const std::string file = (scratch.path() / name).string();
    gzFile out = gzopen(file.c_str(), "wb");
    REQUIRE(out != nullptr);
    gzwrite(out, content.data(), static_cast<unsigned>(content.size()));
    gzclose(out);
  };
  std::vector<unsigned char> images{0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 8, 0, 0, 0, 8};
  std::vector<unsigned char> labels{0, 0, 8, 1, 0, 0, 0, 40};
  for (unsigned i = 0; i < 40 * 64; ++i)
    images.push_back(static_cast<unsigned char>((i * 2654435761u) >> 13));
  for (unsigned i = 0; i < 40; ++i) labels.push_back(static_cast<unsigned char>(i % 2));
  write_idx("images.gz", images);
  write_idx("labels.gz", labels);
  const std::string toml =
      "[dataset]\nuse = \"idx\"\ntrain_images = \"images.gz\"\ntrain_labels = \"labels.gz\"\n"
      "[kernel]\nuse = \"gaussian\"\n[optimizer]\nuse = \"cholesky\"\nridge = 1e-3\n";
  CHECK(run_file(scratch, toml).status == 0);

  test::fs::remove_all(scratch.path() / "run");
  test::fs::resize_file(scratch.path() / "images.gz",
                        test::fs::file_size(scratch.path() / "images.gz") / 2);
  const Finished f = run_file(scratch, toml);
  CHECK(f.status == 5);
  CHECK_THAT(f.err, ContainsSubstring("images.gz") && ContainsSubstring("truncated"));
}

TEST_CASE("a plugin path that is a text file is a plugin error that says so") {
  const Scratch scratch;
  scratch.file("notes.so", "not a library\n");
  const Finished f = test::onager("--plugin-path notes.so list", scratch.path());
  CHECK(f.status == 3);
  CHECK_THAT(f.err, ContainsSubstring("notes.so") && ContainsSubstring("text"));
}

TEST_CASE("an out folder that cannot be made is a system error") {
  const Scratch scratch;
  scratch.file("occupied", "a file\n");
  scratch.file("p.toml", small_pipeline);
  const Finished under_file = test::onager("run p.toml --out occupied/run", scratch.path());
  CHECK(under_file.status == 5);
  CHECK_THAT(under_file.err, ContainsSubstring("occupied/run"));
  const Finished in_proc = test::onager("run p.toml --out /proc/onager", scratch.path());
  CHECK(in_proc.status == 5);
  CHECK_THAT(in_proc.err, ContainsSubstring("/proc/onager"));
  CHECK(test::read(scratch.path() / "occupied") == "a file\n");
}

TEST_CASE("a folder that holds a run is not overwritten") {
  const Scratch scratch;
  REQUIRE(run_file(scratch, small_pipeline).status == 0);
  const std::string before = test::read(scratch.path() / "run/metrics.csv");
  const Finished f = run_file(scratch, small_pipeline, "--set seed=9");
  CHECK(f.status == 5);
  CHECK_THAT(f.err, ContainsSubstring("holds a run already"));
  CHECK(test::read(scratch.path() / "run/metrics.csv") == before);
}

TEST_CASE("a full disk ends the run with an error and leaves whole files") {
  const Scratch scratch;
  const auto disk = scratch.path() / "disk";
  test::fs::create_directory(disk);
  const std::string mount = "mount -t tmpfs -o size=24k tmpfs '" + disk.string() + "'";
  if (test::shell(mount).status != 0) {
    WARN("not run: mounting a small tmpfs needs privileges that this account does not have");
    return;
  }
  scratch.file("p.toml", replaced(small_pipeline, "modulus = 7", "modulus = 23"));
  const Finished f = test::onager("run p.toml --out disk/run", scratch.path());
  CHECK(f.status == 5);
  CHECK_THAT(f.err, ContainsSubstring("No space left on device"));
  for (const auto& entry : test::fs::recursive_directory_iterator(disk))
    CHECK(entry.path().extension() != ".part");
  CHECK(test::read(disk / "run/config.toml").find("modular_arithmetic") != std::string::npos);
  test::shell("umount '" + disk.string() + "'");
}

TEST_CASE("an unknown verb or option is a usage error") {
  CHECK(test::onager("fly").status == 2);
  CHECK(test::onager("run").status == 2);
  CHECK(test::onager("run x.toml --speed").status == 2);
  CHECK(test::onager("--help").status == 0);
}
