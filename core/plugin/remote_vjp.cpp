// SPDX-License-Identifier: MIT
#include "plugin/remote_vjp.hpp"

namespace onager::host {

onager_status RemoteCotangent::stub(void* argument) {
  const auto& context = *static_cast<const LentContext*>(argument);
  Channel& channel = *context.channel;
  Link link = Link::of(&context);
  try {
    const auto marks = channel.begin();
    link.call(number);
    const auto answer = finish_call<onager_status>(channel, [] {});
    channel.release(marks, false);
    return answer;
  } catch (const Error& error) {
    link.refuse(error, nullptr);
    return ONAGER_INTERNAL;
  }
}

void RemoteCotangent::answer(Channel& channel, std::uint64_t object) {
  const auto& call = *channel.lent<VjpCall>(object);
  call.f->finish(channel);
  take_error_reason();
  onager_status status = ONAGER_INTERNAL;
  if (const auto guarded = abi_guard([&] { status = call.cotangent(call.argument); }))
    status = guarded;
  if (status == ONAGER_OK && call.v) copy_out(*call.v, channel.at(channel.own(), call.v_place));
  reply_call(channel, status, [] {});
}

onager_status send_vjp(Link& link, std::uint32_t function, const onager_array* w,
                       const onager_array* x, onager_array* f, onager_cotangent cotangent,
                       void* argument, const onager_array* v, onager_array* w_out,
                       onager_array* x_out) {
  Channel& channel = link.channel();
  const auto marks = channel.begin();
  In::Sent sent_w(channel, w), sent_x(channel, x);
  Out::Sent sent_f(channel, f);
  In::Sent sent_v(channel, v);
  Out::Sent sent_w_out(channel, w_out), sent_x_out(channel, x_out);
  const VjpCall call{cotangent, argument, &sent_f, v, sent_v.place};
  channel.put<std::uint32_t>(cotangent ? 1 : 0);
  channel.put(channel.lend(&call));
  link.call(function);
  const auto status = finish_call<onager_status>(channel, [&] {
    for (auto* one : {&sent_f, &sent_w_out, &sent_x_out}) one->finish(channel);
  });
  channel.release(marks, false);
  return status;
}

void answer_vjp(Channel& channel, std::uint64_t object, const char* interface) {
  In::Taken w(channel), x(channel);
  Out::Taken f(channel);
  In::Taken v(channel);
  Out::Taken w_out(channel), x_out(channel);
  const bool asks = channel.get<std::uint32_t>() != 0;
  LentContext context{&channel, channel.get<std::uint64_t>()};
  onager_status status = ONAGER_INTERNAL;
  take_error_reason();
  const auto guarded = abi_guard([&] {
    const Served it = served(channel, object, interface, sizeof(onager_model));
    const auto* table = static_cast<const onager_model*>(it.table);
    run_served(channel, object, interface, [&] {
      status =
          table->vjp(it.instance, w.arg(), x.arg(), f.arg(), asks ? RemoteCotangent::stub : nullptr,
                     &context, v.arg(), w_out.arg(), x_out.arg());
    });
  });
  if (guarded != ONAGER_OK) status = guarded;
  reply_call(channel, status, [] {});
}

}  // namespace onager::host
