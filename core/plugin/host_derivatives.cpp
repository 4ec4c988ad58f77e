// SPDX-License-Identifier: MIT
//
// "onager.derivatives/1": a nested model's derivatives, its own or by differences.
#include "linalg/model_functions.hpp"
#include "plugin/abi_guard.hpp"
#include "plugin/host_context.hpp"

#include <fmt/format.h>

namespace onager::host {

namespace {

struct ModelFailed {
  onager_status status;
};

/// work(functions) of the child. What the child answers is passed on, its reason is set already.
template <class Work>
onager_status with_model(const onager_host* host, const onager_child* child, bool exact,
                         Work&& work) {
  onager_status answer = ONAGER_OK;
  const onager_status guarded = abi_guard([&] {
    const ModelFunctions functions(*child,
                                   [](const char*, const std::function<onager_status()>& call) {
                                     if (const onager_status status = call(); status != ONAGER_OK)
                                       throw ModelFailed{status};
                                   });
    if (!functions.model())
      throw Error(Category::plugin,
                  fmt::format("'{}' does not offer {}", child->component->id, ONAGER_MODEL));
    const auto& context = HostContext::of(host);
    if (exact && !functions.exact_tangent() && !context.differences_reported.exchange(true))
      context.log(ONAGER_LOG_WARNING,
                  fmt::format("model '{}' does not offer {}: its directional derivatives and "
                              "Hessian products are differences",
                              child->component->id, ONAGER_MODEL_TANGENT));
    try {
      work(functions);
    } catch (const ModelFailed& failed) {
      answer = failed.status;
    }
  });
  return guarded == ONAGER_OK ? answer : guarded;
}

onager_status jvp(const onager_host* host, const onager_child* model, const onager_array* w,
                  const onager_array* x, const onager_array* u, const onager_array* s,
                  onager_array* out) {
  return with_model(host, model, true, [&](const ModelFunctions& f) { f.jvp(*w, *x, u, s, *out); });
}

onager_status hvp(const onager_host* host, const onager_child* model, const onager_array* w,
                  const onager_array* x, const onager_array* v, const onager_array* u,
                  const onager_array* s, onager_array* w_out, onager_array* x_out) {
  return with_model(host, model, true,
                    [&](const ModelFunctions& f) { f.hvp(*w, *x, *v, u, s, w_out, x_out); });
}

onager_status second(const onager_host* host, const onager_child* model, const onager_array* w,
                     const onager_array* x, const onager_array* u, const onager_array* s,
                     onager_array* out) {
  return with_model(host, model, true,
                    [&](const ModelFunctions& f) { f.second(*w, *x, u, s, *out); });
}

onager_status tangent_kernel(const onager_host* host, const onager_child* model,
                             const onager_array* w, const onager_array* x, const onager_array* z,
                             onager_array* out) {
  return with_model(host, model, false,
                    [&](const ModelFunctions& f) { f.tangent_kernel(*w, *x, z, *out); });
}

constexpr onager_derivatives service{
    sizeof(onager_derivatives), 0, jvp, hvp, second, tangent_kernel};

}  // namespace

const onager_derivatives* derivatives_service() { return &service; }

}  // namespace onager::host
