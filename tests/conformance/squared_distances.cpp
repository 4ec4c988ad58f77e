// SPDX-License-Identifier: MIT
//
// The squared distances that kernels get, seen by one that gives them back.
#include "../catch.hpp"
#include "examples.hpp"

#include "linalg/kernel_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace onager;

namespace {

template <class T>
onager_status give_back(const void*, std::int64_t count, const T* r2, T* k, T*) {
  if (k) std::copy(r2, r2 + count, k);
  return ONAGER_OK;
}

const void* interface_of_mirror(void*, const char* id) {
  static const onager_radial_kernel table{sizeof table, 0, give_back<double>, give_back<float>};
  return std::strcmp(id, ONAGER_KERNEL_RADIAL) == 0 ? &table : nullptr;
}

}  // namespace

TEMPLATE_TEST_CASE("squared distances keep their digits however near the samples are", "", double,
                   float) {
  using T = TestType;
  const double promised = sizeof(T) == sizeof(double) ? 1e-9 : 3e-4;
  onager_component mirror{};
  mirror.struct_size = sizeof mirror;
  mirror.kind = "kernel";
  mirror.id = "mirror";
  mirror.interface = interface_of_mirror;
  const host::KernelExpression expression(
      {sizeof(onager_child), 0, &mirror, nullptr},
      [](const std::function<onager_status()>& work) { REQUIRE(work() == ONAGER_OK); });
  host::ThreadPool threads(1);
  const host::KernelMatrix matrix(expression, threads);

  for (const arma::uword d : {1u, 5u, 100u, 784u})
    for (const double offset : {0.0, 1.0, 100.0}) {
      const arma::mat centres = test::normal_numbers(d, 20, 91) + offset;
      for (double distance = 10; distance > 1e-7; distance /= 3) {
        CAPTURE(d, offset, distance);
        const auto narrow = [](const arma::mat& m) { return arma::conv_to<arma::Mat<T>>::from(m); };
        const arma::Mat<T> x = narrow(centres),
                           z = narrow(centres + distance * test::normal_numbers(d, 20, 92));
        const auto xs = host::kernel_samples<T>(x, {}), zs = host::kernel_samples<T>(z, {});
        arma::Mat<T> k(20, 20);
        matrix.fill(xs, zs, k.memptr(), 20);
        double worst = 0;
        for (arma::uword i = 0; i < 20; ++i)
          for (arma::uword j = 0; j < 20; ++j) {
            double exact = 0;
            for (arma::uword f = 0; f < d; ++f)
              exact += std::pow(static_cast<double>(x(f, i)) - static_cast<double>(z(f, j)), 2);
            const double error = std::abs(static_cast<double>(k(j, i)) - exact);
            worst = std::max(worst, exact > 0 ? error / exact : error);
          }
        CHECK(worst <= promised);
      }
    }
}
