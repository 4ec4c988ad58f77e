// SPDX-License-Identifier: MIT
//
// The process of a plugin: this program, started anew with memory that it shares with the host.
#include "base/interrupt.hpp"
#include "base/threads.hpp"
#include "plugin/host_context.hpp"
#include "plugin/isolated_process.hpp"
#include "plugin/isolated_region.hpp"
#include "plugin/plan_message.hpp"
#include "plugin/registry.hpp"
#include "plugin/remote_interfaces.hpp"
#include "plugin/shared_memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>

namespace onager::host {

namespace {

class Server {
 public:
  explicit Server(SharedMemory& memory)
      : header_(*reinterpret_cast<RegionHeader*>(memory.data())),
        layout_(header_.channels, header_.rooms, header_.arena) {
    for (std::uint32_t i = 0; i < layout_.channels; ++i) {
      channels_.emplace_back(layout_.channel(memory.data(), i), Side::plugin);
      channels_.back().server = this;
    }
    report_context_ = {&channels_[report_channel], 0};
    reports_.context = &report_context_;
    set_stubs(FunctionsOf<Reports>{});
  }

  void serve() {
    for (std::uint32_t i = 0; i < layout_.channels; ++i)
      if (i != report_channel) std::thread([this, i] { serve(channels_[i]); }).detach();
    while (!woken(header_.quit))
      if (header_.stop != 0) request_stop();
      else clear_stop_request();
    instances_.clear();
    root_.reset();
  }

  void create(const CreateFacts& facts, const std::string& plan) {
    threads_.emplace(facts.threads);
    environment_.seed = facts.seed;
    environment_.threads = &*threads_;
    listen(facts);
    root_ = std::make_unique<Instance>(from_message(plan, registry_), environment_);
    append(*root_);
  }

  Instance& instance(std::uint64_t number) {
    if (number >= instances_.size())
      throw Error(Category::plugin, "there is no such component in the process");
    return *instances_[number];
  }

  std::uint64_t number_of(const void* instance) const {
    for (std::size_t i = 0; i < instances_.size(); ++i)
      if (instances_[i]->get() == instance) return i;
    return instances_.size();
  }

 private:
  [[noreturn]] void serve(Channel& channel) {
    channel.serve_from_this_thread();
    for (;;) {
      const auto request = channel.next([] {});
      const ThreadPool::AsWorker worker(request.worker, threads_ ? &*threads_ : nullptr);
      answer_request(channel, request);
    }
  }

  void append(Instance& one) {
    instances_.push_back(&one);
    for (const auto& child : one.children()) append(*child);
  }

  template <class... Parameters, class... Arguments>
  void report(onager_status (*Reports::*function)(const Reports*, Parameters...),
              Arguments... arguments) {
    const std::lock_guard lock(reporting_);
    if ((reports_.*function)(&reports_, arguments...) != ONAGER_OK)
      throw Error(Category::plugin, take_error_reason());
  }
  template <class... Functions>
  void set_stubs(List<Functions...>) {
    ((reports_.*Functions::member = &Functions::stub), ...);
  }

  void listen(const CreateFacts& facts) {
    if (facts.log)
      environment_.log = [this](int level, const std::string& message) {
        report(&Reports::log, static_cast<std::int32_t>(level), message.c_str());
      };
    if (facts.progress)
      environment_.progress = [this](double fraction, const std::string& what) {
        report(&Reports::progress, fraction, what.c_str());
      };
    if (facts.scalar)
      environment_.emit.scalar = [this](const std::string& name, double value) {
        report(&Reports::scalar, name.c_str(), value);
      };
    if (facts.scalar_at)
      environment_.emit.scalar_at = [this](std::int64_t round, const std::string& name,
                                           double value) {
        report(&Reports::scalar_at, round, name.c_str(), value);
      };
    if (facts.array)
      environment_.emit.array = [this](const std::string& name, const onager_array& value) {
        report(&Reports::array, name.c_str(), &value);
      };
  }

  RegionHeader& header_;
  const RegionPlan layout_;
  std::deque<Channel> channels_;
  LentContext report_context_{};
  Reports reports_{};
  std::mutex reporting_;
  std::optional<ThreadPool> threads_;
  Environment environment_;
  Registry registry_;
  std::unique_ptr<Instance> root_;
  std::vector<Instance*> instances_;  // of the plan, parents first
};

Server& server_of(Channel& channel) {
  if (channel.server == nullptr)
    throw Error(Category::plugin, "its process asked for what only it can do");
  return *static_cast<Server*>(channel.server);
}

template <class Interface, class... Functions>
std::uint64_t offered(const void* found, List<Functions...>) {
  const auto& table = *static_cast<const typename Interface::Table*>(found);
  std::uint64_t out = 0;
  std::size_t i = 0;
  ((out |= static_cast<std::uint64_t>(table.*Functions::member ? 1 : 0) << i++), ...);
  return out;
}

template <class Interface>
void look_for(const std::string& id, const Instance& instance, bool& has, std::uint64_t& out) {
  if (id != Interface::id) return;
  const auto* table = instance.interface<typename Interface::Table>(Interface::id);
  has = table != nullptr;
  if (has) out = offered<Interface>(table, typename Interface::Functions{});
}

template <class... Interfaces>
void look_for_all(const std::string& id, const Instance& instance, bool& has, std::uint64_t& out,
                  List<Interfaces...>) {
  (look_for<Interfaces>(id, instance, has, out), ...);
}

}  // namespace

void CreateRequest::answer(Channel& channel, std::uint64_t) {
  auto& server = server_of(channel);
  const auto facts = channel.get<CreateFacts>();
  const std::string version = channel.get_text();
  channel.count = channel.get<std::int64_t>();
  const auto length = static_cast<std::size_t>(channel.count);
  const std::string plan(InBuffer<char>::Taken(channel).arg(), length);
  std::int32_t category = 0;
  std::string message;
  try {
    if (version != ONAGER_VERSION)
      throw Error(Category::system, "the program was replaced while it runs");
    server.create(facts, plan);
  } catch (const Error& error) {
    category = static_cast<std::int32_t>(error.category());
    message = error.what();
  } catch (const std::exception& error) {
    category = static_cast<std::int32_t>(Category::plugin);
    message = error.what();
  }
  channel.begin_reply();
  channel.put(category);
  channel.put_text(message.c_str());
  channel.reply();
}

void InterfaceRequest::answer(Channel& channel, std::uint64_t component) {
  const std::string id = channel.get_text();
  bool has = false;
  std::uint64_t out = 0;
  look_for_all(id, server_of(channel).instance(component), has, out, remote::Interfaces{});
  channel.begin_reply();
  channel.put<std::uint32_t>(has ? 1 : 0);
  channel.put(out);
  channel.reply();
}

Served served(Channel& channel, std::uint64_t object, const char* interface, std::size_t size) {
  auto& instance = server_of(channel).instance(object);
  const void* table = instance.component().interface(instance.get(), interface);
  if (table == nullptr || *static_cast<const std::uint32_t*>(table) < size)
    throw Error(Category::plugin, fmt::format("it no longer offers {}", interface));
  return {table, instance.get()};
}

void run_served(Channel& channel, std::uint64_t object, const char* interface,
                const std::function<void()>& work) {
  server_of(channel).instance(object).ask(interface, [&] {
    try {
      work();
    } catch (const std::exception& error) {
      keep_error_reason(
          fmt::format("the plugin let an exception out of a C function, which it "
                      "must turn into a status: {}",
                      error.what()));
    } catch (...) {
      keep_error_reason(
          "the plugin let an exception of unknown type out of a C function, which it "
          "must turn into a status");
    }
    return false;
  });
}

namespace remote {

Children::Taken::Taken(Channel& channel) : wanted(channel.get<std::uint32_t>() != 0) {}

void Children::Taken::reply(Channel& channel) {
  for (std::int64_t i = 0; i < channel.count; ++i)
    channel.put(wanted ? server_of(channel).number_of(children[i].instance) : std::uint64_t{0});
}

}  // namespace remote

int serve_isolated(int descriptor) {
  try {
    remote_functions();
    RegionHeader header{};
    if (::pread(descriptor, static_cast<void*>(&header), sizeof header, 0) !=
        static_cast<ssize_t>(sizeof header))
      throw Error(Category::system, "a plugin's process is started by the program itself");
    const RegionPlan layout(header.channels, header.rooms, header.arena);
    SharedMemory memory(descriptor, layout.host_arenas, layout.size);
    Server server(memory);
    server.serve();
    std::fflush(nullptr);
    std::_Exit(0);  // threads wait for calls that will not come
  } catch (const Error& error) {
    fmt::print(stderr, "onager: {}\n", error.what());
    return error.exit_status();
  }
}

}  // namespace onager::host
