// SPDX-License-Identifier: MIT
//
// "onager.spectrum/1": eigenvalues of an operator that a component multiplies with.
#include "base/error.hpp"
#include "linalg/lanczos.hpp"
#include "plugin/abi_guard.hpp"
#include "plugin/host_context.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace onager::host {

namespace {

struct ProductFailed {
  onager_status status;
};

SpectrumEnd end_of(std::int32_t which) {
  switch (which) {
    case ONAGER_LARGEST: return SpectrumEnd::largest;
    case ONAGER_SMALLEST: return SpectrumEnd::smallest;
    case ONAGER_MAGNITUDE: return SpectrumEnd::magnitude;
    default:
      throw Error(Category::config, fmt::format("onager.spectrum: which is {}; it is one of "
                                                "ONAGER_LARGEST, ONAGER_SMALLEST and "
                                                "ONAGER_MAGNITUDE",
                                                which));
  }
}

void check(std::int64_t size, std::int64_t count, double tolerance, const double* values,
           const onager_array* vectors) {
  if (size < 1 || count < 1 || count > size || !values)
    throw Error(
        Category::config,
        fmt::format("onager.spectrum: {} eigenvalues of an operator of size {}", count, size));
  if (!(tolerance >= 0))
    throw Error(Category::config, fmt::format("onager.spectrum: a tolerance of {}", tolerance));
  if (vectors &&
      (vectors->dtype != ONAGER_FLOAT64 || vectors->rows != size || vectors->cols != count))
    throw Error(Category::config,
                fmt::format("onager.spectrum: the array of vectors is not {} x {} of float64", size,
                            count));
}

onager_status extreme(const onager_host* host, std::int64_t size, onager_product product,
                      void* argument, std::int32_t which, std::int64_t count, double tolerance,
                      std::int64_t most_products, double* values, onager_array* vectors,
                      std::int64_t* products) {
  onager_status answer = ONAGER_OK;
  const onager_status guarded = abi_guard([&] {
    check(size, count, tolerance, values, vectors);
    const SymmetricProduct multiply = [&](const double* v, double* out) {
      if (host->cancelled(host)) throw ProductFailed{ONAGER_CANCELLED};
      const onager_status status = product(argument, v, out);
      if (status != ONAGER_OK) throw ProductFailed{status};
    };
    Eigenpairs found;
    try {
      found = extreme_eigenpairs(
          size, multiply, {end_of(which), count, tolerance, most_products, vectors != nullptr});
    } catch (const ProductFailed& failed) {
      answer = failed.status;
      return;
    }
    if (products) *products = found.products;
    if (!found.converged)
      throw Error(Category::numerical,
                  fmt::format("onager.spectrum: {} eigenvalues of an operator of size {} did not "
                              "reach a tolerance of {} within {} products",
                              count, size, tolerance, found.products));
    std::copy(found.values.begin(), found.values.end(), values);
    if (!vectors) return;
    auto* to = static_cast<double*>(vectors->data);
    for (std::int64_t i = 0; i < size; ++i)
      for (std::int64_t j = 0; j < count; ++j)
        to[i * vectors->row_stride + j * vectors->col_stride] =
            found.vectors(static_cast<arma::uword>(i), static_cast<arma::uword>(j));
  });
  return guarded == ONAGER_OK ? answer : guarded;
}

constexpr onager_spectrum service{sizeof(onager_spectrum), 0, extreme};

}  // namespace

const onager_spectrum* spectrum_service() { return &service; }

}  // namespace onager::host
