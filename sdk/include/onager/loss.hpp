// SPDX-License-Identifier: MIT
//
// Losses. A class L offers, for T = float and double,
//
//   double evaluate(std::int64_t samples, Matrix<const T> f, Matrix<const T> y, Matrix<T>*
//   gradient)
//       const       the loss of these samples as part of all `samples`, with the loss's own
//                   constant, and dl/df where gradient is not NULL
//   curvature(std::int64_t samples, Matrix<const T> f, Matrix<const T> y, Matrix<const T> t,
//             Matrix<T> out) const          row i of out: (d²l/df²)(f_i, y_i) t_i
#pragma once

#include <onager/plugin.hpp>

namespace onager {

namespace detail {

template <class L>
struct LossCalls {
  static onager_status evaluate(const void* p, std::int64_t samples, const onager_array* f,
                                const onager_array* y, double* value, onager_array* gradient) {
    return Instance<L>::call(p, [&](const L& loss) {
      with_dtype(*f, [&](auto zero) {
        using T = decltype(zero);
        Matrix<T> out;
        if (gradient) out = Matrix<T>(*gradient);
        *value = loss.evaluate(samples, Matrix<const T>(*f), Matrix<const T>(*y),
                               gradient ? &out : nullptr);
      });
    });
  }
  static onager_status curvature(const void* p, std::int64_t samples, const onager_array* f,
                                 const onager_array* y, const onager_array* t, onager_array* out) {
    return Instance<L>::call(p, [&](const L& loss) {
      with_dtype(*f, [&](auto zero) {
        using T = decltype(zero);
        loss.curvature(samples, Matrix<const T>(*f), Matrix<const T>(*y), Matrix<const T>(*t),
                       Matrix<T>(*out));
      });
    });
  }
  static std::vector<Interface> list() {
    static const onager_loss table{sizeof table, 0, evaluate, curvature};
    return {{ONAGER_LOSS, &table}};
  }
};

}  // namespace detail

template <class L>
Component loss(const char* id, const char* summary, std::vector<Parameter> parameters = {}) {
  return Component::of<L>("loss", id, summary, std::move(parameters),
                          detail::Functions<L, detail::LossCalls<L>>::table());
}

}  // namespace onager
