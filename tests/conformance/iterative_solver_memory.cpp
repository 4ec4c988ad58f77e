// SPDX-License-Identifier: MIT
//
// What iterative solvers say that they hold against what they take from the host, and what they do
// with more or less memory.
#include "solver_problem.hpp"

using namespace onager;
using test::column_error;
using test::Problem;
using test::Solved;

namespace {

const std::uint64_t plenty = std::uint64_t{1} << 30;

std::string all_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

}  // namespace

TEMPLATE_TEST_CASE("a solver holds what it says, from no kernel kept to all of it", "", double,
                   float) {
  struct Case {
    std::string table;
    double least;       // bytes with which it works in float64
    double lapack = 0;  // numbers that LAPACK takes for it, which is not asked of the host
  };
  const double eigensolver = 2 * 900.0 * 900.0;
  const auto c = GENERATE_REF(
      Case{"use = \"cg\"\npreconditioner = \"none\"\nmax_iterations = 2", 10e6},
      Case{"use = \"cg\"\nrank = 300\nmax_iterations = 2", 20e6},
      Case{"use = \"cg\"\nrank = 1200\nmax_iterations = 2", 90e6},
      Case{"use = \"cg\"\nrank = 200\nmax_iterations = 2\nvalidation = 0.3", 20e6},
      Case{"use = \"cg\"\nrank = 100\nmax_iterations = 2\npreconditioner = \"partial_cholesky\"",
           20e6},
      Case{"use = \"nystrom\"\ncenters = 300\nmax_iterations = 2", 10e6},
      Case{"use = \"nystrom\"\ncenters = 1200\nmax_iterations = 2", 50e6},
      Case{"use = \"nystrom\"\ncenters = 200\nmax_iterations = 2\nvalidation = 0.3", 10e6},
      Case{"use = \"eigenpro\"\nsubsample = 900\nbatch = 50\nepochs = 2", 30e6, eigensolver},
      Case{"use = \"eigenpro\"\nsubsample = 900\nepochs = 2\nvalidation = 0.3", 30e6, eigensolver});
  static Problem<TestType> problem(2600);
  const double size = sizeof(TestType) / 8.0;
  for (const double allowed : {c.least * size, 1.4 * c.least * size, 1e9}) {
    CAPTURE(c.table, allowed);
    const Solved solved = problem.solve(c.table, 0, static_cast<std::uint64_t>(allowed));
    CHECK(solved.measured <= problem.claimed);
    CHECK(solved.measured >= 0.95 * problem.claimed - c.lapack * sizeof(TestType));
    CHECK(problem.claimed <= allowed);
  }
}

TEST_CASE("a solver that cannot do with what is allowed says how much it needs, and refuses") {
  const std::string use = GENERATE("cg", "nystrom", "eigenpro");
  Problem<double> problem(1500);
  const std::string table = "use = \"" + use + "\"\n";
  CHECK_THROWS_WITH(problem.solve(table, 0, 1000000), ContainsSubstring("GB are allowed"));
  const double needed = problem.claimed;
  CHECK(needed > 1000000);
  // with exactly that it works
  problem.solve(table + "time_limit = 1e-9", 0, static_cast<std::uint64_t>(needed) + 8);
}

TEMPLATE_TEST_CASE("cg gives the same solution with the kernel kept, kept in part and not kept", "",
                   double, float) {
  const std::string validation = GENERATE("", "validation = 0.2\n");
  static Problem<TestType> problem(2600, 2);
  const std::string table =
      "use = \"cg\"\nridge = 0.1\nrank = 50\nmax_iterations = 8\n" + validation;
  const double size = sizeof(TestType) / 8.0;
  const Solved kept = problem.solve(table, 3, plenty),
               part = problem.solve(table, 3, static_cast<std::uint64_t>(42e6 * size)),
               none = problem.solve(table, 3, static_cast<std::uint64_t>(14e6 * size));
  CHECK(kept.emitted.at("kernel_kept") == 1);
  CHECK(part.emitted.at("kernel_kept") > 0);
  CHECK(part.emitted.at("kernel_kept") < 1);
  CHECK(none.emitted.at("kernel_kept") == 0);
  CHECK_THAT(all_of(kept.information), ContainsSubstring("kept in memory"));
  CHECK_THAT(all_of(part.information), ContainsSubstring("% of the kernel matrix"));
  CHECK_THAT(all_of(none.information), ContainsSubstring("computed at every product"));
  CHECK(arma::approx_equal(kept.alpha, part.alpha, "absdiff", 0));
  CHECK(arma::approx_equal(kept.alpha, none.alpha, "absdiff", 0));
}

TEST_CASE("nystrom gives the same solution with its rows kept, kept in part and not kept") {
  Problem<double> problem(5000, 2);
  const std::string table = "use = \"nystrom\"\nridge = 0.1\ncenters = 60\ntolerance = 1e-10";
  const Solved kept = problem.solve(table, 3, plenty), part = problem.solve(table, 3, 4500000),
               none = problem.solve(table, 3, 1800000);
  CHECK(kept.emitted.at("kernel_kept") == 1);
  CHECK(part.emitted.at("kernel_kept") == Approx(2048.0 / 5000));
  CHECK(none.emitted.at("kernel_kept") == 0);
  CHECK(arma::approx_equal(kept.alpha, part.alpha, "absdiff", 0));
  CHECK(arma::approx_equal(kept.alpha, none.alpha, "absdiff", 0));
}
