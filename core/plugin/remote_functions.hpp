// SPDX-License-Identifier: MIT
//
// A function of the ABI, called in another process: `stub` has the function's own type and is what
// the caller finds in the table; `answer` runs in the other process and calls the real one. Both
// follow from the manners of the arguments.
#pragma once

#include "base/threads.hpp"
#include "plugin/abi_guard.hpp"
#include "plugin/manners.hpp"

#include <tuple>
#include <utility>

namespace onager::host {

struct RemoteComponent;

/// What the context of a struct points to whose functions belong to the other process.
struct LentContext {
  Channel* channel;
  std::uint64_t object;
};

/// The way from a stub to the other process, for one call.
class Link {
 public:
  /// By the first argument of an interface's function: a component of an isolated plugin.
  static Link of(const void* instance);
  /// By that of a function which the caller lent: its context is a LentContext.
  template <class Table>
  static Link of(const Table* lent);
  static Link of(const LentContext* context) {
    return {*context->channel, context->object, nullptr};
  }

  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link();

  Channel& channel() { return *channel_; }
  void call(std::uint32_t function);
  /// What a caller gets when the call did not come back: in the host an Error that names the
  /// component; in the plugin's process a reason for the status.
  void refuse(const Error& error, const char* interface) const;

 private:
  Link(Channel& channel, std::uint64_t object, RemoteComponent* component)
      : channel_(&channel), object_(object), component_(component) {}

  Channel* channel_;
  std::uint64_t object_;
  RemoteComponent* component_;  // whose process the channel goes back to; nullptr: a caller's
};

/// Where a component of a plugin's process is found, by that process.
struct Served {
  const void* table = nullptr;
  void* instance = nullptr;
};
/// The component behind a request, with the table of an interface. Throws Error.
Served served(Channel& channel, std::uint64_t object, const char* interface, std::size_t size);
/// Runs a function of the component with the care that is taken of any. An exception that comes out
/// of it becomes the reason.
void run_served(Channel& channel, std::uint64_t object, const char* interface,
                const std::function<void()>& work);

using AnswerFunction = void (*)(Channel&, std::uint64_t object);
/// Every function that can be called, by its number; the same on both sides.
const std::vector<AnswerFunction>& remote_functions();
/// Throws Error where there is no such function.
void answer_request(Channel& channel, const Channel::Request& request);

/// For results that are no status: what stands for failure.
template <class R>
constexpr R failure() {
  if constexpr (std::is_same_v<R, onager_status>) return ONAGER_INTERNAL;
  else if constexpr (std::is_same_v<R, const char*>) return nullptr;
  else return static_cast<R>(-1);
}

template <class R>
void put_result(Channel& channel, R result) {
  if constexpr (std::is_same_v<R, const char*>) channel.put_text(result);
  else channel.put(result);
  if constexpr (std::is_same_v<R, std::int64_t>) channel.count = result;
}
template <class R>
R get_result(Channel& channel) {
  if constexpr (std::is_same_v<R, const char*>) {
    bool given = false;
    const std::string text = channel.get_text(&given);
    return given ? kept_text(text) : nullptr;
  } else {
    const R result = channel.get<R>();
    if constexpr (std::is_same_v<R, std::int64_t>) channel.count = result;
    return result;
  }
}

/// The reply of a call: result and reason, then, unless it failed, what it wrote.
template <class R, class Finish>
R finish_call(Channel& channel, Finish&& finish) {
  const R result = get_result<R>(channel);
  const std::string reason = channel.get_text();
  if (!reason.empty()) keep_error_reason(reason);
  if constexpr (std::is_same_v<R, onager_status>)
    if (result != ONAGER_OK) return result;
  finish();
  return result;
}

template <class R, class Reply>
void reply_call(Channel& channel, R result, Reply&& reply) {
  channel.begin_reply();
  put_result(channel, result);
  bool failed = false;
  if constexpr (std::is_same_v<R, onager_status>) failed = result != ONAGER_OK;
  channel.put_text(take_error_reason().c_str());
  if (!failed) reply();
  channel.reply();
}

template <class Interface, auto Member, class Type, class... Manners>
struct RemoteFunctionOf;

/// `Interface` names the table: its `id`, or nothing for the functions of a lent struct.
template <class Interface, auto Member, class Table, class R, class First, class... Arguments,
          class... Manners>
struct RemoteFunctionOf<Interface, Member, R (*Table::*)(First, Arguments...), Manners...> {
  static constexpr auto member = Member;
  static constexpr bool keeps_views = (false || ... || lends_views<Manners>);
  static inline std::uint32_t number = 0;

  static R stub(First first, Arguments... arguments) {
    Link link = Link::of(first);
    try {
      Channel& channel = link.channel();
      const auto marks = channel.begin();
      std::tuple<typename Manners::Sent...> sent{typename Manners::Sent(channel, arguments)...};
      link.call(number);
      const R result = finish_call<R>(
          channel, [&] { std::apply([&](auto&... one) { (one.finish(channel), ...); }, sent); });
      channel.release(marks, keeps_views);
      return result;
    } catch (const Error& error) {
      link.refuse(error, Interface::id);
      return failure<R>();
    }
  }

  static void answer(Channel& channel, std::uint64_t object) {
    std::tuple<typename Manners::Taken...> taken{typename Manners::Taken(channel)...};
    R result = failure<R>();
    take_error_reason();
    const auto guarded = abi_guard([&] {
      std::apply([&](auto&... one) { result = real(channel, object, one.arg()...); }, taken);
    });
    if constexpr (std::is_same_v<R, onager_status>)
      if (guarded != ONAGER_OK) result = guarded;
    reply_call(channel, result,
               [&] { std::apply([&](auto&... one) { (one.reply(channel), ...); }, taken); });
  }

 private:
  static R real(Channel& channel, std::uint64_t object, Arguments... arguments) {
    R result = failure<R>();
    if constexpr (Interface::id == nullptr) {
      const auto* lent = channel.lent<Table>(object);
      result = (lent->*Member)(lent, arguments...);
    } else {
      const Served it = served(channel, object, Interface::id, sizeof(Table));
      const auto* table = static_cast<const Table*>(it.table);
      run_served(channel, object, Interface::id,
                 [&] { result = (table->*Member)(static_cast<First>(it.instance), arguments...); });
    }
    return result;
  }
};

/// A function of an interface.
template <class Interface, auto Member, class... Manners>
struct Function : RemoteFunctionOf<Interface, Member, decltype(Member), Manners...> {};

struct LentStruct {
  static constexpr const char* id = nullptr;
};
/// A function of a struct that the caller lends for a call; its first argument is the struct.
template <auto Member, class... Manners>
struct LentFunction : RemoteFunctionOf<LentStruct, Member, decltype(Member), Manners...> {};

template <class Table>
Link Link::of(const Table* lent) {
  const auto* context = static_cast<const LentContext*>(lent->context);
  return {*context->channel, context->object, nullptr};
}

}  // namespace onager::host
