// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/remote_functions.hpp"

namespace onager::host {

/// onager_model::vjp: between its forward and its backward pass it calls back, so that the caller
/// can make v from f.
struct VjpCall {
  onager_cotangent cotangent;
  void* argument;
  Out::Sent* f;
  const onager_array* v;
  ArenaPlace v_place;
};

/// The callback, as a function of the other process.
struct RemoteCotangent {
  static inline std::uint32_t number = 0;
  static onager_status stub(void* argument);
  static void answer(Channel& channel, std::uint64_t object);
};

onager_status send_vjp(Link& link, std::uint32_t function, const onager_array* w,
                       const onager_array* x, onager_array* f, onager_cotangent cotangent,
                       void* argument, const onager_array* v, onager_array* w_out,
                       onager_array* x_out);
void answer_vjp(Channel& channel, std::uint64_t object, const char* interface);

template <class Interface>
struct RemoteVjp {
  static constexpr auto member = &onager_model::vjp;
  static inline std::uint32_t number = 0;

  static onager_status stub(const void* instance, const onager_array* w, const onager_array* x,
                            onager_array* f, onager_cotangent cotangent, void* argument,
                            const onager_array* v, onager_array* w_out, onager_array* x_out) {
    Link link = Link::of(instance);
    try {
      return send_vjp(link, number, w, x, f, cotangent, argument, v, w_out, x_out);
    } catch (const Error& error) {
      link.refuse(error, Interface::id);
      return ONAGER_INTERNAL;
    }
  }
  static void answer(Channel& channel, std::uint64_t object) {
    answer_vjp(channel, object, Interface::id);
  }
};

}  // namespace onager::host
