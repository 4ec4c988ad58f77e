// SPDX-License-Identifier: MIT
//
// A run whose components live in processes of their own gives the same bytes.
#include "../catch.hpp"
#include "../run_results.hpp"

using namespace onager;
using test::Finished;
using test::Scratch;

namespace {

/// Block, radial and dot kernels under a composite; feature maps that fit, learn and are linear;
/// samples drawn anew; facts and state.
const char* const kernels = R"(seed = 1
[dataset]
use = "sparse_polynomial"
terms = ["x1", "x2 x3"]
dimension = 10
train_samples = 200
test_samples = 50
[[feature_map]]
use = "standardize"
[[feature_map]]
use = "agop"
diagonal = true
[kernel]
use = "sum"
terms = [
  { use = "laplace", bandwidth = 2 },
  { use = "arc_cosine" },
  { use = "product", terms = [{ use = "product_laplace", bandwidth = 3 }, { use = "gaussian", bandwidth = 3 }] },
]
[optimizer]
use = "cg"
[loop]
rounds = 3
fresh_samples = true
[[diagnostic]]
use = "support_recovery"
[[diagnostic]]
use = "feature_alignment"
[[diagnostic]]
use = "snapshots"
)";

/// A model that wraps another, its tangents and tangent kernel, a loss, steps with state, and
/// diagnostics that ask for all a view of a network has.
const char* const networks = R"(seed = 1
[dataset]
use = "sparse_polynomial"
terms = ["x1", "x2 x3"]
dimension = 10
train_samples = 100
test_samples = 50
[model]
use = "quadratic_model"
of = { use = "fully_connected", width = 32 }
[loss]
use = "mse"
[optimizer]
use = "momentum"
learning_rate = "0.5/lambda"
batch_size = 50
epochs = 6
[loop]
every = 2
[[diagnostic]]
use = "tangent_kernel"
every = 4
[[diagnostic]]
use = "catapult"
[[diagnostic]]
use = "hessian_norm"
every = 6
[[diagnostic]]
use = "agop_alignment"
[[diagnostic]]
use = "loss_curvature"
every = 6
[[diagnostic]]
use = "pl_star"
every = 6
)";

/// That a pipeline gives the same with components isolated as without, and says the same.
void check_same(const std::string& text, const std::string& options, const std::string& isolation) {
  const Scratch scratch;
  scratch.file("p.toml", text);
  const auto command = "run p.toml --quiet " + options;
  const Finished here = test::onager(command + " --out here", scratch.path());
  const Finished isolated =
      test::onager(command + " --out isolated --set " + isolation, scratch.path());
  CAPTURE(here.err, isolated.err, options, text);
  REQUIRE(here.status == 0);
  REQUIRE(isolated.status == 0);
  CHECK(isolated.err == here.err);  // their warnings too
  CHECK(test::numbers_of(scratch.path() / "isolated") == test::numbers_of(scratch.path() / "here"));
}

}  // namespace

TEST_CASE("isolated components give the same bytes as those in the program") {
  const std::string text = GENERATE(std::string(kernels), std::string(networks));
  const std::string precision = GENERATE(std::string("float64"), std::string("float32"));
  check_same(text, "--threads 2 --set precision=" + precision, "isolation=process");
}

TEST_CASE(
    "a kernel alone in its process, whose values lie in shared memory, gives the same bytes") {
  const std::string kernel =
      GENERATE(std::string("kernel={use=\"gaussian\"}"), std::string("kernel={use=\"arc_cosine\"}"),
               std::string("kernel={use=\"sum\",terms=[{use=\"gaussian\"},"
                           "{use=\"arc_cosine\"}]}"));
  const std::string precision = GENERATE(std::string("float64"), std::string("float32"));
  // more samples than a tile has rows and columns, and no multiple of either
  check_same(kernels,
             "--threads 3 --set dataset.train_samples=700 --set '" + kernel +
                 "' --set precision=" + precision,
             "kernel.isolation=process");
}

TEST_CASE("a run that was begun without isolation goes on with it") {
  const Scratch scratch;
  scratch.file("p.toml", kernels);
  REQUIRE(test::onager("run p.toml --quiet --out run", scratch.path()).status == 0);
  const Finished again =
      test::onager("run p.toml --quiet --out run --resume --set isolation=process", scratch.path());
  CAPTURE(again.err);
  CHECK(again.status == 0);
  CHECK_THAT(again.out, ContainsSubstring("finished already"));
}
