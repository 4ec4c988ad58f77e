// SPDX-License-Identifier: MIT
//
// The program as its user sees it: every verb's output, JSON and exit status.
#include "../catch.hpp"
#include "../support.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

const char* const pipeline = R"(seed = 1
[dataset]
use = "modular_arithmetic"
modulus = 11
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

nlohmann::json json_of(const std::string& arguments, const test::fs::path& folder) {
  const Finished f = test::onager(arguments, folder);
  CAPTURE(arguments, f.err);
  REQUIRE(f.status == 0);
  return nlohmann::json::parse(f.out);
}

}  // namespace

TEST_CASE("list shows every component with its plugin, and filters by kind") {
  const Scratch scratch;
  const auto all = json_of("list --json", scratch.path());
  const std::string text = test::onager("list", scratch.path()).out;
  for (const char* id : {"gaussian",
                         "laplace",
                         "generalized_laplace",
                         "matern",
                         "quadratic",
                         "polynomial",
                         "relu_ntk",
                         "arc_cosine",
                         "inner_product",
                         "product_laplace",
                         "sum",
                         "product",
                         "scale",
                         "standardize",
                         "agop",
                         "fixed_matrix",
                         "coordinate_reweighting",
                         "block_circulant",
                         "nystrom_features",
                         "random_fourier",
                         "modular_arithmetic",
                         "sparse_polynomial",
                         "csv",
                         "npy",
                         "idx",
                         "cholesky",
                         "feature_alignment",
                         "circulant_deviation"})
    CHECK_THAT(text, ContainsSubstring(id));
  const std::string kernels = test::onager("list kernel", scratch.path()).out;
  CHECK_THAT(kernels, ContainsSubstring("laplace") && !ContainsSubstring("cholesky"));
  const Finished wrong = test::onager("list kernels", scratch.path());
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("'kernel'"));
}

TEST_CASE("list --ids is the ids alone, also as JSON") {
  const Scratch scratch;
  std::string lines;
  const auto json = json_of("list kernel --ids --json", scratch.path());
  for (const auto& id : json.at("ids")) lines += id.get<std::string>() + "\n";
  CHECK(test::onager("list kernel --ids").out == lines);
  CHECK_THAT(lines, ContainsSubstring("gaussian\n") && !ContainsSubstring(" "));
}

TEST_CASE("check says how many points a sweep has, also as JSON") {
  const Scratch scratch;
  scratch.file("p.toml", std::string(pipeline) + "[sweep]\nseed = [1, 2, 3]\n");
  CHECK(json_of("check p.toml --json", scratch.path()).at("sweep").at("points") == 3);
  CHECK_THAT(test::onager("check p.toml", scratch.path()).err, ContainsSubstring("3 points"));
}

TEST_CASE("describe shows parameters, ranges, interfaces and citation, and knows near names") {
  const Finished f = test::onager("describe gaussian");
  CHECK(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("bandwidth") && ContainsSubstring("(0, inf)") &&
                        ContainsSubstring("onager.kernel.radial/1") &&
                        ContainsSubstring("Schoenberg"));
  const Finished wrong = test::onager("describe gausian");
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("'gaussian'"));
}

TEST_CASE("the TOML that describe prints is valid where nothing is required") {
  for (const char* kernel :
       {"gaussian", "laplace", "generalized_laplace", "matern", "quadratic", "polynomial"}) {
    const std::string text = test::onager(std::string("describe ") + kernel).out;
    const auto at = text.find("[kernel]");
    REQUIRE(at != std::string::npos);
    CAPTURE(kernel);
    CHECK_NOTHROW(test::plan_of("[dataset]\nuse = 'modular_arithmetic'\nmodulus = 5\n" +
                                text.substr(at) + "\n[optimizer]\nuse = 'cholesky'\n"));
  }
}

TEST_CASE("check prints the resolved plan, which is itself a valid file") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const Finished f = test::onager("check p.toml --set kernel.bandwidth=3", scratch.path());
  CHECK(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("bandwidth = 3.0") && ContainsSubstring("train_fraction"));
  scratch.file("q.toml", f.out);
  // the limit in the comments is what the machine has available at the time
  const std::string plan = f.out.substr(0, f.out.find("# memory"));
  CHECK(test::onager("check q.toml", scratch.path()).out.rfind(plan, 0) == 0);
  const auto json = json_of("check p.toml --json", scratch.path());
  CHECK(json.dump().find("org.onager") != std::string::npos);
}

TEST_CASE("a run leaves the folder that is promised, and names it") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const Finished first = test::onager("run p.toml", scratch.path());
  CHECK(first.status == 0);
  CHECK_THAT(first.out, ContainsSubstring("round 0   train accuracy 1.0000") &&
                            ContainsSubstring("runs/p-001/report.html"));
  const auto run = scratch.path() / "runs/p-001";
  for (const char* file : {"config.toml", "lock.toml", "metrics.csv", "summary.json", "report.html",
                           "arrays/feature_matrix.npy"})
    CHECK(test::fs::exists(run / file));
  CHECK_FALSE(test::fs::exists(run / "checkpoint"));
  const std::string metrics = test::read(run / "metrics.csv");
  const std::string header = metrics.substr(0, metrics.find('\n'));
  CHECK(header.find("round,train_mse,test_mse,train_accuracy,test_accuracy,") == 0);
  CHECK(header.substr(header.rfind(',') + 1) == "seconds");
  CHECK(std::count(metrics.begin(), metrics.end(), '\n') == 4);

  const auto summary = nlohmann::json::parse(test::read(run / "summary.json"));
  CHECK(summary.at("status") == "finished");
  CHECK(summary.at("metrics").contains("test_accuracy"));
  CHECK(summary.at("seconds").at("total").get<double>() > 0);
  CHECK(summary.at("peak_memory_bytes").get<double>() > 1e6);
  const auto matrix = host::read_npy(run / "arrays/feature_matrix.npy");
  CHECK(matrix.shape == std::vector<std::int64_t>{22, 22});

  CHECK_THAT(test::onager("run p.toml --quiet", scratch.path()).out,
             ContainsSubstring("runs/p-002") && !ContainsSubstring("round 0"));
}

TEST_CASE("a run under a lock refuses another plugin and says which") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  REQUIRE(test::onager("run p.toml --out a", scratch.path()).status == 0);
  CHECK(test::onager("run a/config.toml --locked --out b", scratch.path()).status == 0);
  std::string lock = test::read(scratch.path() / "a/lock.toml");
  const auto at = lock.find("sha256 = \"");
  REQUIRE(at != std::string::npos);
  lock[at + 10] = lock[at + 10] == '0' ? '1' : '0';
  scratch.file("a/lock.toml", lock);
  const Finished f = test::onager("run a/config.toml --locked --out c", scratch.path());
  CHECK(f.status == 3);
  CHECK_THAT(f.err, ContainsSubstring("SHA-256") && ContainsSubstring("org.onager."));
  CHECK_FALSE(test::fs::exists(scratch.path() / "c"));
}

TEST_CASE("compare shows what differs, and report writes the page again") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  REQUIRE(test::onager("run p.toml --out a", scratch.path()).status == 0);
  REQUIRE(test::onager("run p.toml --out b --set kernel.bandwidth=3", scratch.path()).status == 0);
  const Finished f = test::onager("compare a b --html both.html", scratch.path());
  CHECK(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("kernel.bandwidth") && ContainsSubstring("2.5") &&
                        ContainsSubstring("3.0") && !ContainsSubstring("dataset.modulus"));
  CHECK_THAT(test::read(scratch.path() / "both.html"), ContainsSubstring("<svg"));

  const std::string page = test::read(scratch.path() / "a/report.html");
  test::fs::remove(scratch.path() / "a/report.html");
  CHECK(test::onager("report a", scratch.path()).status == 0);
  CHECK(test::read(scratch.path() / "a/report.html") == page);
  CHECK(test::onager("report p.toml", scratch.path()).status == 2);
}

TEST_CASE("bench prints a round beside the sum of its parts") {
  const Scratch scratch;
  const auto json = json_of("bench --only round --set dataset.train_samples=256 --repeat 1 --json",
                            scratch.path());
  CHECK(json.at("samples") == 256);
  CHECK(json.at("features") == 128);
  CHECK(json.at("parts_seconds").get<double>() > 0);
  CHECK(json.at("round_seconds").get<double>() >= json.at("parts_seconds").get<double>() * 0.2);
  CHECK_FALSE(json.contains("blocks"));
  CHECK_THAT(test::onager("bench --only round --set dataset.train_samples=256 --repeat 1").out,
             ContainsSubstring("potrf") && ContainsSubstring("ratio"));
}

TEST_CASE(
    "bench sets a network's step beside its gemms and its tangent kernel beside the Jacobian") {
  const Scratch scratch;
  const std::string small = "--set dataset.train_samples=40 --set dataset.dimension=8 --repeat 1 ";
  const auto step =
      json_of("bench --only step --set model.widths=[16,12] --json " + small, scratch.path())
          .at("step");
  CHECK(step.at("parameters") == 8 * 16 + 16 * 12 + 12);
  CHECK(step.at("parts") == "16 x 8, 12 x 16, 1 x 12");
  CHECK(step.at("ratio").get<double>() * step.at("parts_seconds").get<double>() ==
        Approx(step.at("seconds").get<double>()));
  const auto kernel = json_of(
                          "bench --only tangent_kernel --set model.widths=[16,12] "
                          "--set 'precision=\"float64\"' --json " +
                              small,
                          scratch.path())
                          .at("tangent_kernel");
  CHECK(kernel.at("jacobian_bytes") == 40 * (8 * 16 + 16 * 12 + 12) * 8);
  CHECK(kernel.at("relative_difference").get<double>() < 1e-13);
  const Finished wrong =
      test::onager("bench " ONAGER_SOURCE_DIR "/examples/grokking/addition.toml --only step");
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("--only step") && ContainsSubstring("no [model]"));
}

TEST_CASE("bench sets each kernel's block beside gemm and memory in both precisions") {
  const Scratch scratch;
  const auto json = json_of("bench --only block --size 200 --repeat 1 --json", scratch.path());
  CHECK(json.at("limits").size() == 2);
  for (const auto& limit : json.at("limits"))
    for (const char* rate : {"gemm_gflops", "potrf_gflops", "fill_gb_per_s", "copy_gb_per_s"})
      CHECK(limit.at(rate).get<double>() > 0);
  int laplace = 0;
  for (const auto& block : json.at("blocks")) {
    laplace += block.at("kernel") == "laplace";
    CHECK(block.at("samples") == 200);
    const double limit =
        std::max(block.at("gemm_seconds").get<double>(), block.at("memory_seconds").get<double>());
    CHECK(block.at("ratio").get<double>() * limit == Approx(block.at("seconds").get<double>()));
  }
  CHECK(laplace == 2);  // the pipeline's own kernel, once a precision
  CHECK(json.at("blocks").size() >= 12);
  CHECK_THAT(test::onager("bench --only block --size 200 --repeat 1").out,
             ContainsSubstring("GB/s") && ContainsSubstring("gaussian"));
}

TEST_CASE("an option that may be repeated takes one value each time, and leaves the file") {
  const Scratch scratch;
  scratch.file("p.toml", pipeline);
  const auto json = json_of(
      "--plugin-path . bench --set kernel.bandwidth=3 --only outer_product --shape 50x4x1 --set "
      "optimizer.ridge=1e-3 --repeat 1 --json --only round p.toml",
      scratch.path());
  CHECK(json.at("samples") == 60);  // half of the pairs of the file's 11 x 11
  CHECK(json.at("outer_products").size() == 1);
  CHECK_FALSE(json.contains("blocks"));
  for (const char* last : {"--only round", "--shape 50x4x1", "--set seed=2", "--plugin-path ."}) {
    const Finished f = test::onager(
        fmt::format("bench --only round --repeat 1 --json {} p.toml", last), scratch.path());
    CAPTURE(last, f.err);
    REQUIRE(f.status == 0);
    CHECK(nlohmann::json::parse(f.out).at("samples") == 60);
  }
}

TEST_CASE("bench times outer products of the shapes that are asked for") {
  const Scratch scratch;
  const auto json =
      json_of("bench --only outer_product --shape 200x8x3 --shape 100x4x1 --repeat 1 --json",
              scratch.path());
  REQUIRE(json.at("outer_products").size() == 2);
  const auto& first = json.at("outer_products")[0];
  CHECK(first.at("samples") == 200);
  CHECK(first.at("features") == 8);
  CHECK(first.at("outputs") == 3);
  CHECK(first.at("seconds").get<double>() > 0);
  CHECK(first.at("parts_seconds").get<double>() > 0);
  const Finished wrong = test::onager("bench --only outer_product --shape 200x8");
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("4096x128x1"));
  const Finished unknown = test::onager("bench --only blocks");
  CHECK(unknown.status == 2);
  CHECK_THAT(unknown.err + unknown.out, ContainsSubstring("outer_product"));
}

TEST_CASE("plugin list shows each plugin once, with its file and hash") {
  const auto json = json_of("plugin list --json", test::fs::current_path());
  std::set<std::string> ids;
  for (const auto& plugin : json.at("plugins")) {
    CHECK(ids.insert(plugin.at("id")).second);
    CHECK(plugin.at("sha256").get<std::string>().size() == 64);
    CHECK(test::fs::exists(plugin.at("file").get<std::string>()));
    CHECK_FALSE(plugin.at("components").empty());
  }
  CHECK(ids.count("org.onager.gaussian") == 1);
  CHECK_THAT(test::onager("plugin list").out,
             ContainsSubstring("VERSION") && ContainsSubstring("gaussian.so"));
}

TEST_CASE("a run on named columns ends with the features by their weight") {
  const Scratch scratch;
  std::string table = "still,moves,class\n";
  for (int i = 0; i < 40; ++i)
    table += fmt::format("{},{},{}\n", (7 * i) % 11, i % 8, i % 8 < 4 ? "low" : "high");
  scratch.file("x.csv", table);
  scratch.file("p.toml",
               "[dataset]\nuse = 'csv'\npath = 'x.csv'\n[[feature_map]]\nuse = 'agop'\n[kernel]\n"
               "use = 'gaussian'\nbandwidth = 5\n[optimizer]\nuse = 'cholesky'\nridge = 1e-3\n"
               "[loop]\nrounds = 3\n");
  const Finished f = test::onager("run p.toml --out run", scratch.path());
  CAPTURE(f.out, f.err);
  REQUIRE(f.status == 0);
  CHECK_THAT(f.out, ContainsSubstring("features    moves "));
  CHECK_THAT(test::read(scratch.path() / "run/report.html"),
             ContainsSubstring("<td>moves</td><td>1</td>"));
}

TEST_CASE("every verb has help") {
  for (const char* verb : {"run", "sweep", "check", "list", "describe", "compare", "report",
                           "bench", "plugin", "plugin list"}) {
    const Finished f = test::onager(std::string(verb) + " --help");
    CHECK(f.status == 0);
    CHECK_THAT(f.out, ContainsSubstring("Usage") || ContainsSubstring("usage"));
  }
  CHECK_THAT(test::onager("--version").out,
             ContainsSubstring("plugin ABI 1.0") && ContainsSubstring("OpenBLAS"));
}

TEST_CASE("a wrong command line is answered with the nearest verb or option") {
  const auto answer = [](const std::string& arguments) {
    const Finished f = test::onager(arguments);
    CAPTURE(arguments);
    CHECK(f.status == 2);
    CHECK(f.out.empty());
    return f.err;
  };
  CHECK(answer("swep p.toml") ==
        "onager: onager has no verb 'swep'; did you mean 'sweep'?\n"
        "`onager --help` shows how it is used\n");
  CHECK(answer("plugin verfy x") ==
        "onager: onager plugin has no verb 'verfy'; did you mean 'verify'?\n"
        "`onager plugin --help` shows how it is used\n");
  CHECK(answer("sweep p.toml --job=3") ==
        "onager: onager sweep has no option --job=3; did you mean '--jobs'?\n"
        "`onager sweep --help` shows how it is used\n");
  CHECK_THAT(answer("list kernel gaussian"),
             ContainsSubstring("onager list does not take 'gaussian'"));
  CHECK_THAT(answer(""), ContainsSubstring("onager needs a verb: run, sweep, "));
  CHECK_THAT(answer("run"), ContainsSubstring("onager: FILE is required\n`onager run --help`"));
  CHECK_THAT(answer("frobnicate"), ContainsSubstring("it has run, sweep, "));
}

TEST_CASE("BLAS kernels are those of the processor, or those that the user chose") {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return;
  const std::string program = "'" ONAGER_PROGRAM "' --version";
  const std::string found = test::shell("env -u OPENBLAS_CORETYPE " + program).out;
  CHECK_THAT(found, !ContainsSubstring("(Prescott)"));
  CHECK_THAT(test::shell("OPENBLAS_CORETYPE=Prescott " + program).out,
             ContainsSubstring("(Prescott)"));
}

TEST_CASE("a numerical failure has its own exit status and keeps its folder") {
  const Scratch scratch;
  scratch.file("x.csv", "a,y\n1,0\n1,1\n2,3\n2,5\n4,1\n4,2\n");
  scratch.file("p.toml",
               "[dataset]\nuse = 'csv'\npath = 'x.csv'\ntest_fraction = 0\n[kernel]\nuse = "
               "'gaussian'\n[optimizer]\nuse = 'cholesky'\njitter = false\n");
  const Finished f = test::onager("run p.toml --out run", scratch.path());
  CHECK(f.status == 4);
  CHECK_THAT(f.err, ContainsSubstring("not positive definite") && ContainsSubstring("ridge"));
  CHECK_THAT(test::read(scratch.path() / "run/summary.json"), ContainsSubstring("\"failed\""));
  CHECK(test::fs::exists(scratch.path() / "run/report.html"));
}

TEST_CASE("jitter is said aloud and recorded") {
  const Scratch scratch;
  scratch.file("x.csv", "a,y\n1,0\n1,1\n2,3\n2,5\n4,1\n4,2\n");
  scratch.file("p.toml",
               "[dataset]\nuse = 'csv'\npath = 'x.csv'\ntest_fraction = 0\n[kernel]\nuse = "
               "'gaussian'\n[optimizer]\nuse = 'cholesky'\n");
  const Finished f = test::onager("run p.toml --out run", scratch.path());
  CHECK(f.status == 0);
  CHECK_THAT(f.err, ContainsSubstring("warning") && ContainsSubstring("diagonal"));
  CHECK_THAT(test::read(scratch.path() / "run/metrics.csv"), ContainsSubstring("jitter"));
  CHECK_THAT(test::read(scratch.path() / "run/summary.json"), ContainsSubstring("diagonal"));
}
