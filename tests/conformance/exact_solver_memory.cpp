// SPDX-License-Identifier: MIT
//
// The memory that exact solvers say they take is what they take from the host at their peak.
#include "../catch.hpp"
#include "solver.hpp"

using namespace onager;
using test::Solver;
using test::System;

namespace {

struct Count {
  std::uint64_t now = 0, peak = 0;
  std::map<void*, std::uint64_t> sizes;
} count;

decltype(onager_host::allocate) host_allocate = nullptr;
decltype(onager_host::release) host_release = nullptr;

/// Sends the memory that an instance asks for through `count`.
void watch(const Solver& solver) {
  count = {};
  onager_host& table = *solver.host_table;
  host_allocate = table.allocate;
  host_release = table.release;
  table.allocate = [](const onager_host* host, std::uint64_t bytes) {
    void* memory = host_allocate(host, bytes);
    count.sizes[memory] = bytes;
    count.peak = std::max(count.peak, count.now += bytes);
    return memory;
  };
  table.release = [](const onager_host* host, void* memory) {
    count.now -= count.sizes[memory];
    host_release(host, memory);
  };
}

template <class T>
std::uint64_t said(const Solver& solver, std::int64_t n, std::int64_t c, std::uint64_t allowed) {
  REQUIRE(solver.table->memory != nullptr);
  return solver.table->memory(solver.instance->get(), host::dtype_of<T>(), n, c, allowed);
}

}  // namespace

TEMPLATE_TEST_CASE("an exact solver takes the memory that it says", "", double, float) {
  using T = TestType;
  struct Case {
    std::string use, lines;
    arma::uword n, c;
  };
  // the peak is with the sums of a norm, the samples of the residual, a block of rows or the
  // vectors
  const auto c =
      GENERATE(Case{"cholesky", "ridge = 0.1", 256, 2}, Case{"cholesky", "ridge = 0.1", 40, 2000},
               Case{"cholesky", "ridge = 0.1\nrefine = true", 256, 2},
               Case{"cholesky", "ridge = 0.1\nrefine = true", 300, 70});
  CAPTURE(c.use, c.lines, c.n, c.c);
  const System<T> system("use = 'laplace'\nbandwidth = 2.0", test::normal_numbers(5, c.n, 91));
  const Solver solver(c.use, c.lines);
  watch(solver);
  system.solve(solver, test::normal_numbers(c.c, c.n, 92));
  const auto n = static_cast<std::int64_t>(c.n), outputs = static_cast<std::int64_t>(c.c);
  // where refinement may fall back on a factor in float64, that is the most that it may take
  const bool falls_back = c.lines.find("refine") != std::string::npos && sizeof(T) == 8;
  const auto most = said<T>(solver, n, outputs, falls_back ? 0 : UINT64_MAX);
  CHECK(count.peak == most);
  CHECK(count.now == 0);
}

TEST_CASE("refinement needs half the memory, and says so where a float64 factor does not fit") {
  const Solver refined("cholesky", "refine = true"), direct("cholesky", "");
  const std::int64_t n = 20000;
  const auto whole = said<double>(direct, n, 1, 0);
  CHECK(static_cast<double>(said<double>(refined, n, 1, whole - 1)) <
        0.55 * static_cast<double>(whole));
  CHECK(said<double>(refined, n, 1, whole) == whole);
  CHECK(said<float>(refined, n, 1, whole) == said<float>(direct, n, 1, 0));
}

TEMPLATE_TEST_CASE("ridge_path takes the memory that it says, the eigensolver's beside its own", "",
                   double, float) {
  const auto outputs = GENERATE(as<arma::uword>(), 1, 700);
  const arma::uword n = 300;
  const System<TestType> system("use = 'laplace'\nbandwidth = 2.0", test::normal_numbers(5, n, 93));
  const Solver solver("ridge_path", "");
  watch(solver);
  system.solve(solver, test::normal_numbers(outputs, n, 94));
  const auto most = said<TestType>(solver, n, static_cast<std::int64_t>(outputs), 0);
  // LAPACK's syevd: 1 + 6 n + 2 n² numbers and 3 + 5 n integers
  const std::uint64_t eigensolver =
      (n * n + n + 1 + 7 * n + 2 * n * n) * sizeof(TestType) + (3 + 5 * n) * sizeof(int);
  CHECK(most == std::max(eigensolver, count.peak));
}

TEST_CASE("what an exact solution lacks memory for is refused with the ways out") {
  System<double> system("use = 'laplace'", test::normal_numbers(5, 200, 95));
  system.memory = 1000;
  const arma::mat y = test::normal_numbers(1, 200, 96);
  const auto message = [&](const std::string& id, const std::string& lines) {
    try {
      system.solve(Solver(id, lines), y);
    } catch (const host::Error& error) {
      CHECK(error.category() == host::Category::system);
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string plain = message("cholesky", "");
  for (const char* way : {"fewer training samples", "float32", "refine = true", "cg", "eigenpro"})
    CHECK_THAT(plain, ContainsSubstring(way));
  CHECK(message("cholesky", "refine = true").find("refine = true") == std::string::npos);
  CHECK_THAT(message("ridge_path", ""), ContainsSubstring("cholesky"));
}
