// SPDX-License-Identifier: MIT
#include "base/threads.hpp"
#include "catch.hpp"
#include "plugin/instance.hpp"
#include "plugin_support.hpp"

#include <onager/kernel.hpp>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <vector>

using namespace plugin_test;

namespace {

const onager_host* last_host = nullptr;

/// A component that leaves its host table to the test.
struct Borrower {
  Borrower(const onager::Config&, const onager::Host& host) { last_host = host.raw(); }
  template <class T>
  onager::Radial<T> operator()(T) const {
    return {T(1), T(0)};
  }
};

const Registry& registry() {
  static const onager::Plugin plugin{onager::About{"org.test.services", "1.0.0", "MIT"},
                                     onager::radial_kernel<Borrower>("borrower", "A kernel")};
  static const Registry made = [] {
    Registry r;
    r.add(plugin.descriptor(), "test");
    return r;
  }();
  return made;
}

/// A live component and its services.
struct Fixture {
  Environment environment;
  std::unique_ptr<Instance> instance;
  const onager_host* host = nullptr;

  explicit Fixture(std::uint64_t seed = 7, const std::string& path = "kernel",
                   ThreadPool* threads = nullptr) {
    environment.seed = seed;
    environment.threads = threads;
    auto plan = default_plan(registry(), "kernel", "borrower");
    plan.path = path;
    instance = std::make_unique<Instance>(plan, environment);
    host = last_host;
  }
  template <class Table>
  const Table& service(const char* id) const {
    return *static_cast<const Table*>(host->service(host, id));
  }
  std::vector<double> uniform(std::uint64_t stream, std::uint64_t offset, std::int64_t count) {
    std::vector<double> out(static_cast<std::size_t>(count));
    service<onager_random>(ONAGER_RANDOM).uniform(host, stream, offset, count, out.data());
    return out;
  }
};

onager_array array(std::vector<double>& data, std::int64_t rows, std::int64_t cols,
                   std::int64_t stride) {
  return {sizeof(onager_array), ONAGER_FLOAT64, data.data(), rows, cols, stride, 1};
}

/// The reason of the host's last refusal on this thread.
std::string reason() { return take_error_reason(); }

}  // namespace

TEST_CASE("the host table names its version and answers an unknown service by none") {
  const Fixture f;
  CHECK(f.host->struct_size == sizeof(onager_host));
  CHECK(f.host->abi_major == ONAGER_ABI_MAJOR);
  CHECK(f.host->service(f.host, "onager.teleport/1") == nullptr);
}

TEST_CASE("memory from the host is aligned to 64 bytes, and there is none past what exists") {
  const Fixture f;
  for (const std::uint64_t size : {0u, 1u, 64u, 1000u}) {
    void* memory = f.host->allocate(f.host, size);
    REQUIRE(memory != nullptr);
    CHECK(reinterpret_cast<std::uintptr_t>(memory) % 64 == 0);
    f.host->release(f.host, memory);
  }
  CHECK(f.host->allocate(f.host, ~std::uint64_t{0}) == nullptr);
}

TEST_CASE("random numbers depend on the seed and the place in the pipeline, not on the order") {
  const auto whole = Fixture(7, "kernel").uniform(1, 0, 10);
  Fixture again(7, "kernel");
  const auto tail = again.uniform(1, 6, 4), head = again.uniform(1, 0, 6);
  CHECK(std::vector<double>(whole.begin(), whole.begin() + 6) == head);
  CHECK(std::vector<double>(whole.begin() + 6, whole.end()) == tail);
  CHECK(Fixture(8, "kernel").uniform(1, 0, 10) != whole);
  CHECK(Fixture(7, "feature_map[0]").uniform(1, 0, 10) != whole);
  CHECK(Fixture(7, "kernel").uniform(2, 0, 10) != whole);
}

TEST_CASE("a parallel task runs once for each index, also when started inside a task") {
  ThreadPool pool(2);
  const Fixture f(7, "kernel", &pool);
  struct Call {
    const onager_host* host;
    const onager_parallel* parallel;
    std::atomic<int> outer{0}, inner{0};
  } call{f.host, &f.service<onager_parallel>(ONAGER_PARALLEL)};
  const auto status = call.parallel->run(
      f.host, 50,
      [](void* argument, std::int64_t, std::int32_t) -> onager_status {
        auto& c = *static_cast<Call*>(argument);
        ++c.outer;
        return c.parallel->run(
            c.host, 3,
            [](void* again, std::int64_t, std::int32_t) -> onager_status {
              ++static_cast<Call*>(again)->inner;
              return ONAGER_OK;
            },
            argument);
      },
      &call);
  CHECK(status == ONAGER_OK);
  CHECK(call.outer == 50);
  CHECK(call.inner == 150);
  CHECK(call.parallel->threads(f.host) == 2);
}

TEST_CASE("a failing task's status and reason reach the caller from any thread") {
  ThreadPool pool(2);
  const Fixture f(7, "kernel", &pool);
  const auto& parallel = f.service<onager_parallel>(ONAGER_PARALLEL);
  const auto status = parallel.run(
      f.host, 20,
      [](void* argument, std::int64_t, std::int32_t) -> onager_status {
        const auto* host = static_cast<const onager_host*>(argument);
        host->set_error(host, "row 4 is empty");
        return ONAGER_NUMERICAL;
      },
      const_cast<onager_host*>(f.host));
  CHECK(status == ONAGER_NUMERICAL);
  CHECK(reason() == "row 4 is empty");
}

TEST_CASE("an exception out of a task is a failure with its text") {
  ThreadPool pool(2);
  const Fixture f(7, "kernel", &pool);
  const auto status = f.service<onager_parallel>(ONAGER_PARALLEL)
                          .run(
                              f.host, 2,
                              [](void*, std::int64_t, std::int32_t) -> onager_status {
                                throw std::runtime_error("out of paper");
                              },
                              nullptr);
  CHECK(status == ONAGER_INTERNAL);
  CHECK(reason() == "a parallel task threw an exception: out of paper");
}

TEST_CASE("gemm multiplies views with gaps between rows, and leaves the gaps alone") {
  const Fixture f;
  std::vector<double> a = {1, 2, -9, 3, 4, -9}, b = {5, 6, 7, 8}, c = {1, 1, -9, 1, 1, -9};
  const auto va = array(a, 2, 2, 3), vb = array(b, 2, 2, 2);
  auto vc = array(c, 2, 2, 3);
  const auto& linalg = f.service<onager_linalg>(ONAGER_LINALG);
  REQUIRE(linalg.gemm(f.host, 2.0, &va, 0, &vb, 1, 1.0, &vc) == ONAGER_OK);
  // 2 [1 2; 3 4] [5 7; 6 8] + 1
  CHECK(c == std::vector<double>{35, 47, -9, 79, 107, -9});
}

TEST_CASE("arrays that do not fit a call of linalg are refused with the reason") {
  const Fixture f;
  std::vector<double> a(6), b(6), c(6);
  const auto& linalg = f.service<onager_linalg>(ONAGER_LINALG);
  auto va = array(a, 2, 3, 3), vb = array(b, 2, 3, 3), vc = array(c, 2, 3, 3);
  CHECK(linalg.gemm(f.host, 1, &va, 0, &vb, 0, 0, &vc) == ONAGER_INVALID);
  CHECK(reason() == "onager.linalg: b is 2 x 3, and 3 x 3 is needed");
  vb = {sizeof(onager_array), ONAGER_FLOAT64, b.data(), 3, 2, 1, 3};
  CHECK(linalg.gemm(f.host, 1, &va, 0, &vb, 0, 0, &vc) == ONAGER_INVALID);
  CHECK(reason() == "onager.linalg: b has col_stride 3, and 1 is needed");
  vb = array(b, 3, 2, 2);
  vb.dtype = ONAGER_FLOAT32;
  CHECK(linalg.gemm(f.host, 1, &va, 0, &vb, 0, 0, &vc) == ONAGER_INVALID);
  CHECK(reason() == "onager.linalg: b has another dtype than the first array of the call");
  CHECK(linalg.gemm(f.host, 1, nullptr, 0, &vb, 0, 0, &vc) == ONAGER_INVALID);
  CHECK(reason() == "onager.linalg: a is no onager_array");
}

TEST_CASE("cholesky factors the lower part, keeps the part above, and its solve inverts") {
  const Fixture f;
  const auto& linalg = f.service<onager_linalg>(ONAGER_LINALG);
  std::vector<double> a = {4, -77, 2, 5};  // [4 2; 2 5] = L L', L = [2 0; 1 2]
  auto va = array(a, 2, 2, 2);
  std::int64_t failed_at = -1;
  REQUIRE(linalg.cholesky(f.host, &va, &failed_at) == ONAGER_OK);
  CHECK(failed_at == 0);
  CHECK(a == std::vector<double>{2, -77, 1, 2});
  std::vector<double> b = {10, 16};  // [4 2; 2 5] (1.125, 2.75)
  auto vb = array(b, 2, 1, 1);
  REQUIRE(linalg.cholesky_solve(f.host, &va, &vb) == ONAGER_OK);
  CHECK(b[0] == Approx(1.125));
  CHECK(b[1] == Approx(2.75));
}

TEST_CASE("cholesky of a matrix that is not positive definite names the failing minor") {
  const Fixture f;
  std::vector<double> a = {1, 0, 0, 0, -2, 0, 0, 0, 1};
  auto va = array(a, 3, 3, 3);
  std::int64_t failed_at = 0;
  const auto& linalg = f.service<onager_linalg>(ONAGER_LINALG);
  CHECK(linalg.cholesky(f.host, &va, &failed_at) == ONAGER_NUMERICAL);
  CHECK(failed_at == 2);
  CHECK_THAT(reason(), ContainsSubstring("3 x 3 matrix is not positive definite") &&
                           ContainsSubstring("order 2"));
}

TEST_CASE(
    "symmetric_eigen gives ascending values and eigenvectors as columns, in both precisions") {
  const Fixture f;
  const auto& linalg = f.service<onager_linalg>(ONAGER_LINALG);
  std::vector<double> a = {2, 99, 1, 2}, values(2);  // [2 1; 1 2], the upper part is not read
  auto va = array(a, 2, 2, 2), vv = array(values, 2, 1, 1);
  REQUIRE(linalg.symmetric_eigen(f.host, &va, &vv) == ONAGER_OK);
  CHECK(values[0] == Approx(1));
  CHECK(values[1] == Approx(3));
  CHECK(a[0] == Approx(-a[2]));  // first column: (1, -1) / sqrt 2
  CHECK(a[1] == Approx(a[3]));   // second column: (1, 1) / sqrt 2
  CHECK(std::abs(a[0]) == Approx(std::sqrt(0.5)));

  float single[] = {2, 99, 1, 2}, single_values[2];
  onager_array sa{sizeof sa, ONAGER_FLOAT32, single, 2, 2, 2, 1};
  onager_array sv{sizeof sv, ONAGER_FLOAT32, single_values, 2, 1, 1, 1};
  REQUIRE(linalg.symmetric_eigen(f.host, &sa, &sv) == ONAGER_OK);
  CHECK(single_values[1] == Approx(3));
  CHECK(single[1] == Approx(single[3]));
}

TEST_CASE("results go to the run under a checked name") {
  Fixture f;
  const auto& emit = f.service<onager_emit>(ONAGER_EMIT);
  CHECK(emit.scalar(f.host, "rank", 3.0) == ONAGER_UNSUPPORTED);
  std::vector<std::string> names;
  f.environment.emit.scalar = [&](const std::string& name, double value) {
    names.push_back(name + "=" + std::to_string(static_cast<int>(value)));
  };
  f.environment.emit.array = [&](const std::string& name, const onager_array& value) {
    names.push_back(name + " " + std::to_string(value.rows));
  };
  std::vector<double> data(4);
  auto matrix = array(data, 2, 2, 2);
  CHECK(emit.scalar(f.host, "rank_1.5", 3.0) == ONAGER_OK);
  CHECK(emit.array(f.host, "matrix", &matrix) == ONAGER_OK);
  CHECK(names == std::vector<std::string>{"rank_1.5=3", "matrix 2"});
  for (const char* bad : {"", "Rank", "../rank", ".rank", "a b", static_cast<const char*>(nullptr)})
    CHECK(emit.scalar(f.host, bad, 1.0) == ONAGER_INVALID);
  matrix.data = nullptr;
  CHECK(emit.array(f.host, "matrix", &matrix) == ONAGER_INVALID);
  CHECK(names.size() == 2);
}

TEST_CASE("a failing run's function is a status with its reason") {
  Fixture f;
  f.environment.emit.scalar = [](const std::string&, double) {
    throw Error(Category::system, "the disk is full");
  };
  CHECK(f.service<onager_emit>(ONAGER_EMIT).scalar(f.host, "rank", 1.0) == ONAGER_IO);
  CHECK(reason() == "the disk is full");
}

TEST_CASE("messages of a component name it") {
  Fixture f;
  std::string logged;
  f.environment.log = [&](int, const std::string& text) { logged = text; };
  f.host->log(f.host, ONAGER_LOG_INFO, "12 terms");
  CHECK(logged == "kernel 'borrower': 12 terms");
}
