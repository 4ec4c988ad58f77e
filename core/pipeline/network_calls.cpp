// SPDX-License-Identifier: MIT
#include "pipeline/network_calls.hpp"

#include "linalg/arrays.hpp"
#include "plugin/abi_guard.hpp"

namespace onager::host {

namespace {

template <class T>
struct Calls {
  static const NetworkContext<T>& context(const onager_network* n) {
    return *static_cast<const NetworkContext<T>*>(n->context);
  }
  static const ModelFunctions& functions(const onager_network* n) {
    return context(n).network->functions();
  }
  /// The parameters given, or the present ones.
  static onager_array at(const onager_network* n, const onager_array* w) {
    return w ? *w : as_array(*context(n).w);
  }

  static onager_status part(const onager_network* n, std::int64_t index, onager_model_part* out) {
    const Instance& model = context(n).network->model();
    const auto* table = functions(n).model();
    if (!table->part) return ONAGER_NOT_FOUND;
    return model.ask("part", [&] { return table->part(model.get(), index, out); });
  }
  static onager_status forward(const onager_network* n, const onager_array* w,
                               const onager_array* x, onager_array* out) {
    return abi_guard([&] { functions(n).forward(at(n, w), *x, *out); });
  }
  static onager_status vjp(const onager_network* n, const onager_array* w, const onager_array* x,
                           const onager_array* v, onager_array* w_out, onager_array* x_out) {
    return abi_guard([&] {
      arma::Mat<T> f(static_cast<arma::uword>(v->cols), static_cast<arma::uword>(v->rows));
      auto f_view = as_array(f);
      functions(n).vjp(at(n, w), *x, f_view, nullptr, nullptr, *v, w_out, x_out);
    });
  }
  static onager_status jvp(const onager_network* n, const onager_array* w, const onager_array* x,
                           const onager_array* u, const onager_array* s, onager_array* out) {
    return abi_guard([&] { functions(n).jvp(at(n, w), *x, u, s, *out); });
  }
  static onager_status hvp(const onager_network* n, const onager_array* w, const onager_array* x,
                           const onager_array* v, const onager_array* u, const onager_array* s,
                           onager_array* w_out, onager_array* x_out) {
    return abi_guard([&] { functions(n).hvp(at(n, w), *x, *v, u, s, w_out, x_out); });
  }
  static onager_status tangent_kernel(const onager_network* n, const onager_array* w,
                                      const onager_array* x, const onager_array* z,
                                      onager_array* out) {
    return abi_guard([&] { functions(n).tangent_kernel(at(n, w), *x, z, *out); });
  }
};

}  // namespace

template <class T>
onager_network network_table(const NetworkContext<T>& context, std::int64_t samples,
                             const onager_objective& objective) {
  const Network<T>& network = *context.network;
  return {sizeof(onager_network), dtype_of<T>(),     const_cast<NetworkContext<T>*>(&context),
          network.parameters(),   samples,           network.features(),
          network.outputs(),      &objective,        nullptr,
          Calls<T>::part,         Calls<T>::forward, Calls<T>::vjp,
          Calls<T>::jvp,          Calls<T>::hvp,     Calls<T>::tangent_kernel};
}

template onager_network network_table(const NetworkContext<float>&, std::int64_t,
                                      const onager_objective&);
template onager_network network_table(const NetworkContext<double>&, std::int64_t,
                                      const onager_objective&);

}  // namespace onager::host
