// SPDX-License-Identifier: MIT
//
// Kernels. A kernel author writes one scalar function with its derivative; the host makes the whole
// machine of it: matrices by tiles, threads, both precisions, gradients, the AGOP.
//
//   radial_kernel<K>     K::operator()(T r2)           -> Radial<T>{k, dk/d(r²)}
//   dot_kernel<K>        K::operator()(T s, T a, T b)  -> Dot<T>{k, dk/ds, dk/da}
//                        with s = <x, z>, a = |x|², b = |z|², symmetric in a and b
//                        or, for a recursion whose loop over the pairs should be the inner one,
//                        K::evaluate(DotRun<T>), marked ONAGER_INLINE
//   composite_kernel<K>  K::operator()(const T* values, std::int64_t m, T* slopes) -> T
//                        and K::children() -> const std::vector<onager_child>&
//   block_kernel<K>      K::block(Matrix<const T> x, z, Matrix<T> out) and, where there is one,
//                        K::gradient(Matrix<const T> x, z, weights, Matrix<T> out)
//
// T is float and double, so operator() is a template. Use onager::math for exp, log, sqrt and pow:
// the loops over operator() then run as SIMD code.
#pragma once

#include <onager/math.hpp>
#include <onager/plugin.hpp>
#include <onager/simd.hpp>

namespace onager {

template <class T>
struct Radial {
  T value, slope;
};

template <class T>
struct Dot {
  T value, slope_s, slope_a;
};

/// A run of pairs: s, a and b of each. k is null where no value is wanted, both slopes are null
/// where no derivative is. Runs do not overlap.
template <class T>
struct DotRun {
  std::int64_t count;
  const T *s, *a, *b;
  T *k, *slope_s, *slope_a;
};

namespace detail {

template <class K, class = void>
struct TakesRuns : std::false_type {};
template <class K>
struct TakesRuns<K, std::void_t<decltype(std::declval<const K&>().evaluate(DotRun<double>{}))>>
    : std::true_type {};

template <class K, class T>
ONAGER_INLINE void radial_body(const K& kernel, std::int64_t n, const T* __restrict r2,
                               T* __restrict k, T* __restrict slope) {
  if (slope == nullptr) {
    for (std::int64_t i = 0; i < n; ++i) k[i] = kernel(r2[i]).value;
  } else if (k == nullptr) {
    for (std::int64_t i = 0; i < n; ++i) slope[i] = kernel(r2[i]).slope;
  } else {
    for (std::int64_t i = 0; i < n; ++i) {
      const Radial<T> at = kernel(r2[i]);
      k[i] = at.value;
      slope[i] = at.slope;
    }
  }
}
template <class K, class T>
ONAGER_INLINE void dot_body(const K& kernel, std::int64_t n, const T* __restrict s,
                            const T* __restrict a, const T* __restrict b, T* __restrict k,
                            T* __restrict slope_s, T* __restrict slope_a) {
  if (slope_s == nullptr) {
    for (std::int64_t i = 0; i < n; ++i) k[i] = kernel(s[i], a[i], b[i]).value;
  } else if (k == nullptr) {
    for (std::int64_t i = 0; i < n; ++i) {
      const Dot<T> at = kernel(s[i], a[i], b[i]);
      slope_s[i] = at.slope_s;
      slope_a[i] = at.slope_a;
    }
  } else {
    for (std::int64_t i = 0; i < n; ++i) {
      const Dot<T> at = kernel(s[i], a[i], b[i]);
      k[i] = at.value;
      slope_s[i] = at.slope_s;
      slope_a[i] = at.slope_a;
    }
  }
}
template <class K>
struct RadialCalls {
  template <class T>
  static onager_status evaluate(const void* p, std::int64_t n, const T* r2, T* k, T* slope) {
    const K& kernel = Instance<K>::of(p).object;
    widest([&]() ONAGER_INLINE_LAMBDA { radial_body(kernel, n, r2, k, slope); });
    return ONAGER_OK;
  }
  static std::vector<Interface> list() {
    static const onager_radial_kernel table{sizeof table, 0, evaluate<double>, evaluate<float>};
    std::vector<Interface> out{{ONAGER_KERNEL_RADIAL, &table}};
    append_common<K>(out);
    return out;
  }
};

template <class K>
struct DotCalls {
  template <class T>
  static onager_status evaluate(const void* p, std::int64_t n, const T* s, const T* a, const T* b,
                                T* k, T* slope_s, T* slope_a) {
    const K& kernel = Instance<K>::of(p).object;
    widest([&]() ONAGER_INLINE_LAMBDA {
      if constexpr (TakesRuns<K>::value)
        kernel.evaluate(DotRun<T>{n, s, a, b, k, slope_s, slope_a});
      else dot_body(kernel, n, s, a, b, k, slope_s, slope_a);
    });
    return ONAGER_OK;
  }
  static std::vector<Interface> list() {
    static const onager_dot_kernel table{sizeof table, 0, evaluate<double>, evaluate<float>};
    std::vector<Interface> out{{ONAGER_KERNEL_DOT, &table}};
    append_common<K>(out);
    return out;
  }
};

template <class K>
struct CompositeCalls {
  static std::int64_t children(const void* p, const onager_child** out) {
    const auto& list = Instance<K>::of(p).object.children();
    if (out) *out = list.data();
    return static_cast<std::int64_t>(list.size());
  }
  template <class T>
  static onager_status combine(const void* p, std::int64_t n, const T* const* values, T* k,
                               T* const* slopes) {
    return Instance<K>::call(p, [&](const K& kernel) {
      const std::int64_t m = children(p, nullptr);
      std::vector<T> at(static_cast<std::size_t>(m)), slope(static_cast<std::size_t>(m));
      for (std::int64_t i = 0; i < n; ++i) {
        for (std::int64_t j = 0; j < m; ++j) at[static_cast<std::size_t>(j)] = values[j][i];
        const T value = kernel(at.data(), m, slope.data());
        if (k) k[i] = value;
        for (std::int64_t j = 0; slopes && j < m; ++j)
          slopes[j][i] = slope[static_cast<std::size_t>(j)];
      }
    });
  }
  static std::vector<Interface> list() {
    static const onager_composite_kernel table{sizeof table, 0, children, combine<double>,
                                               combine<float>};
    std::vector<Interface> out{{ONAGER_KERNEL_COMPOSITE, &table}};
    append_common<K>(out);
    return out;
  }
};

template <class K, class = void>
struct HasGradient : std::false_type {};
template <class K>
struct HasGradient<K, std::void_t<decltype(std::declval<const K&>().gradient(
                          Matrix<const double>{}, Matrix<const double>{}, Matrix<const double>{},
                          Matrix<double>{}))>> : std::true_type {};

template <class K>
struct BlockCalls {
  static onager_status block(const void* p, const onager_array* x, const onager_array* z,
                             onager_array* out) {
    return Instance<K>::call(p, [&](const K& kernel) {
      with_dtype(*x, [&](auto zero) {
        using T = decltype(zero);
        kernel.block(Matrix<const T>(*x), Matrix<const T>(*z), Matrix<T>(*out));
      });
    });
  }
  static onager_status gradient(const void* p, const onager_array* x, const onager_array* z,
                                const onager_array* weights, onager_array* out) {
    return Instance<K>::call(p, [&](const K& kernel) {
      with_dtype(*x, [&](auto zero) {
        using T = decltype(zero);
        if constexpr (HasGradient<K>::value)
          kernel.gradient(Matrix<const T>(*x), Matrix<const T>(*z), Matrix<const T>(*weights),
                          Matrix<T>(*out));
      });
    });
  }
  static std::vector<Interface> list() {
    static const onager_block_kernel table{sizeof table, 0, block,
                                           HasGradient<K>::value ? gradient : nullptr};
    std::vector<Interface> out{{ONAGER_KERNEL_BLOCK, &table}};
    append_common<K>(out);
    return out;
  }
};

}  // namespace detail

template <class K>
Component radial_kernel(const char* id, const char* summary,
                        std::vector<Parameter> parameters = {}) {
  return Component::of<K>("kernel", id, summary, std::move(parameters),
                          detail::Functions<K, detail::RadialCalls<K>>::table());
}
template <class K>
Component dot_kernel(const char* id, const char* summary, std::vector<Parameter> parameters = {}) {
  return Component::of<K>("kernel", id, summary, std::move(parameters),
                          detail::Functions<K, detail::DotCalls<K>>::table());
}
template <class K>
Component composite_kernel(const char* id, const char* summary,
                           std::vector<Parameter> parameters = {}) {
  return Component::of<K>("kernel", id, summary, std::move(parameters),
                          detail::Functions<K, detail::CompositeCalls<K>>::table());
}
template <class K>
Component block_kernel(const char* id, const char* summary,
                       std::vector<Parameter> parameters = {}) {
  return Component::of<K>("kernel", id, summary, std::move(parameters),
                          detail::Functions<K, detail::BlockCalls<K>>::table());
}

}  // namespace onager
