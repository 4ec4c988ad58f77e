// SPDX-License-Identifier: MIT
#include "plugin/isolated_process.hpp"

#include "base/interrupt.hpp"
#include "base/process.hpp"
#include "plugin/host_context.hpp"
#include "plugin/isolated_region.hpp"
#include "plugin/plan_message.hpp"
#include "plugin/remote_component.hpp"
#include "plugin/shared_memory.hpp"
#include "plugin/shared_rooms.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace onager::host {

namespace {

using Clock = std::chrono::steady_clock;

/// Beside those of the pool, for calls from calls; as many rooms.
constexpr int spare_channels = 4;
/// Part of the machine's memory that an arena keeps between calls: what is given back to the system
/// has to be cleared by it before it is used again, which costs as much as to fill it.
constexpr std::uint64_t kept_part = 8;
constexpr auto time_to_quit = std::chrono::seconds(5);

std::uint64_t physical_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// Room for the largest array that the machine can hold, while all arenas fit the address space.
RegionPlan region_for(int threads) {
  const auto channels = static_cast<std::uint32_t>(1 + threads + spare_channels);
  const auto rooms = static_cast<std::uint32_t>(threads + spare_channels);
  constexpr std::uint64_t address_space = std::uint64_t{32} << 40;
  return {channels, rooms, std::min(physical_memory(), address_space / (2 * (channels + rooms)))};
}

std::string how_it_ended(const ProcessEnd& end) {
  if (end.signal == 0) return fmt::format("its process ended itself with status {}", end.status);
  const char* meaning =
      end.signal == SIGKILL ? "killed, perhaps for want of memory" : ::strsignal(end.signal);
  return fmt::format("its process ended by signal {} ({})", end.signal, meaning);
}

/// What the components report goes to the run.
onager_status log(const Reports* reports, std::int32_t level, const char* message) {
  const auto& environment = *static_cast<const Environment*>(reports->context);
  return abi_guard([&] {
    const std::lock_guard lock(report_mutex());
    environment.log(level, message ? message : "");
  });
}
onager_status progress(const Reports* reports, double fraction, const char* what) {
  const auto& environment = *static_cast<const Environment*>(reports->context);
  return abi_guard([&] { environment.progress(fraction, what ? what : ""); });
}
template <class... Arguments>
onager_status emit(const std::function<void(Arguments...)>& function, Arguments... arguments) {
  return abi_guard([&] {
    const std::lock_guard lock(report_mutex());
    function(arguments...);
  });
}
onager_status scalar(const Reports* reports, const char* name, double value) {
  const auto& environment = *static_cast<const Environment*>(reports->context);
  return emit<const std::string&, double>(environment.emit.scalar, name ? name : "", value);
}
onager_status scalar_at(const Reports* reports, std::int64_t round, const char* name,
                        double value) {
  const auto& environment = *static_cast<const Environment*>(reports->context);
  return emit<std::int64_t, const std::string&, double>(environment.emit.scalar_at, round,
                                                        name ? name : "", value);
}
onager_status array(const Reports* reports, const char* name, const onager_array* value) {
  const auto& environment = *static_cast<const Environment*>(reports->context);
  return emit<const std::string&, const onager_array&>(environment.emit.array, name ? name : "",
                                                       *value);
}

/// Not used: remote components are created and destroyed with their process.
onager_status refuse_create(const onager_host*, const onager_config*, void**) {
  return ONAGER_UNSUPPORTED;
}
void ignore_destroy(void*) {}

}  // namespace

struct IsolatedProcess::State {
  State(const ComponentPlan& source, Environment& shared)
      : plan(source),
        environment(shared),
        layout(region_for(shared.threads ? shared.threads->threads() : 1)),
        memory(layout.size),
        rooms(memory.data(), room_arenas()),
        reports{&shared, log, progress, scalar, scalar_at, array} {}

  // ---- starting and ending

  void start() {
    remote_functions();
    auto* header = new (memory.data()) RegionHeader;
    header->arena = layout.arena;
    header->channels = layout.channels;
    header->rooms = layout.rooms;
    header->stop = 0;
    ::sem_init(&header->quit, 1, 0);
    for (std::uint32_t i = 0; i < layout.channels; ++i) {
      const auto parts = layout.channel(memory.data(), i);
      Channel::prepare(*parts.header);
      channels.emplace_back(parts, Side::host);
      channels.back().rooms = &rooms;
      if (i != report_channel) free.push_back(&channels.back());
    }
    channels[report_channel].lend(&reports);
    process.emplace(Process::start(
        {own_program().string(), isolated_argument, std::to_string(memory.descriptor())},
        memory.descriptor()));
    listener = std::thread([this] { listen(); });
  }

  void stop() {
    if (process && !over()) {
      ::sem_post(&header().quit);
      const auto begin = Clock::now();
      while (!over() && Clock::now() - begin < time_to_quit)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      kill();
    }
    closing = true;
    if (listener.joinable()) listener.join();
  }

  void kill() {
    const std::lock_guard lock(mutex);
    if (end || !process) return;
    process->kill();
    end = process->wait();
  }

  /// Whether the process has ended.
  bool over() {
    const std::lock_guard lock(mutex);
    if (!end && process) end = process->ended();
    return end.has_value();
  }

  // ---- listening

  struct Closed {};

  void listen() {
    auto& channel = channels[report_channel];
    const auto look = [this] {
      header().stop = stop_requested() ? 1 : 0;
      if (closing || over()) throw Closed{};
    };
    try {
      for (;;) {
        const auto request = channel.next(look);
        last_sign = Clock::now().time_since_epoch().count();
        answer_request(channel, request);
      }
    } catch (const Closed&) {
    } catch (const Error&) {
      kill();  // what it sends makes no sense
    }
  }

  // ---- calling

  Channel& acquire() {
    std::unique_lock lock(mutex);
    returned.wait(lock, [&] { return !free.empty(); });
    Channel* out = free.back();
    free.pop_back();
    return *out;
  }

  void give_back(Channel& channel) {
    for (const auto side : {Side::host, Side::plugin}) {
      const auto used = channel.most_used(side);
      if (used <= kept_memory) continue;
      memory.forget(
          static_cast<std::size_t>(channel.arena(side).base - memory.data()) + kept_memory,
          whole_pages(used - kept_memory));
    }
    {
      const std::lock_guard lock(mutex);
      free.push_back(&channel);
    }
    returned.notify_one();
  }

  /// Confines the thread that serves a channel to the processor of its caller, who waits for it:
  /// what they hand each other is then in that processor's cache. Only for calls of the pool's
  /// threads, which are many and short; in others the process may start threads, which would be
  /// confined too.
  void seat_server(Channel& channel, const Channel::Request& request) {
    const int wanted = request.worker >= 0 ? ::sched_getcpu() : -1;
    if (wanted == channel.processor || !process->has_thread(channel.server_thread())) return;
    cpu_set_t set = all_processors;
    if (wanted >= 0) {
      CPU_ZERO(&set);
      CPU_SET(static_cast<std::size_t>(wanted), &set);
    }
    if (::sched_setaffinity(channel.server_thread(), sizeof set, &set) == 0)
      channel.processor = wanted;
  }

  void call(Channel& channel, const Channel::Request& request) {
    if (seats_servers) seat_server(channel, request);
    last_sign = Clock::now().time_since_epoch().count();
    const auto patience = [&] {
      if (over()) throw Error(Category::plugin, how_it_ended(*end));
      const auto limit = plan.isolation.call_limit;
      const auto quiet = Clock::duration(Clock::now().time_since_epoch().count() - last_sign);
      if (limit > 0 && std::chrono::duration<double>(quiet).count() > limit) {
        kill();
        throw Error(Category::plugin,
                    fmt::format("it did not come back and gave no sign for {:g} s, which is its "
                                "call_limit, and its process was ended",
                                limit));
      }
    };
    channel.call(
        request,
        [this](Channel& from, const Channel::Request& nested) {
          last_sign = Clock::now().time_since_epoch().count();
          answer_request(from, nested);
          last_sign = Clock::now().time_since_epoch().count();
        },
        patience);
    last_sign = Clock::now().time_since_epoch().count();
  }

  void create(IsolatedProcess* owner) {
    append(owner, plan);
    const std::string text = to_message(plan);
    const auto listens = [](const auto& function) { return function ? 1u : 0u; };
    const CreateFacts facts{environment.seed,
                            environment.threads ? environment.threads->threads() : 1,
                            listens(environment.log),
                            listens(environment.progress),
                            listens(environment.emit.scalar),
                            listens(environment.emit.scalar_at),
                            listens(environment.emit.array)};
    Link link = Link::of(static_cast<const void*>(&components.front()));
    Channel& channel = link.channel();
    std::int32_t category = 0;
    std::string message;
    try {
      const auto marks = channel.begin();
      channel.put(facts);
      channel.put_text(ONAGER_VERSION);
      channel.count = static_cast<std::int64_t>(text.size());
      channel.put(channel.count);
      InBuffer<char>::Sent(channel, text.data());
      call(channel, {CreateRequest::number, 0, ThreadPool::current_worker()});
      category = channel.get<std::int32_t>();
      message = channel.get_text();
      channel.release(marks, false);
    } catch (const Error& error) {
      link.refuse(error, "create");
    }
    if (category != 0) throw Error(static_cast<Category>(category), message);
  }

  void append(IsolatedProcess* owner, const ComponentPlan& one) {
    auto& to = components.emplace_back();
    to.process = owner;
    to.number = components.size() - 1;
    to.name =
        fmt::format("{} '{}' ({})", one.component->kind, one.component->id, one.plugin->name());
    to.component = *one.component;
    to.component.struct_size = sizeof(onager_component);
    to.component.create = refuse_create;
    to.component.destroy = ignore_destroy;
    to.component.interface = RemoteComponent::interface;
    for (const auto& value : one.values)
      for (const auto& child : value.children) append(owner, child);
  }

  std::vector<SharedRooms::Arenas> room_arenas() {
    std::vector<SharedRooms::Arenas> out(layout.rooms);
    for (std::uint32_t i = 0; i < layout.rooms; ++i)
      for (const auto side : {Side::host, Side::plugin})
        out[i].of[static_cast<std::size_t>(side)] =
            layout.arena_at(memory.data(), side, layout.channels + i);
    return out;
  }

  RegionHeader& header() { return *reinterpret_cast<RegionHeader*>(memory.data()); }

  const ComponentPlan plan;
  Environment& environment;
  const RegionPlan layout;
  SharedMemory memory;
  SharedRooms rooms;
  const Reports reports;
  cpu_set_t all_processors{};  // that this process may use
  const bool seats_servers =   // not where there are more than a set can hold
      ::sched_getaffinity(0, sizeof all_processors, &all_processors) == 0;
  const std::uint64_t kept_memory = whole_pages(physical_memory() / kept_part);
  std::deque<Channel> channels;
  std::deque<RemoteComponent> components;  // of the plan, parents first
  std::optional<Process> process;
  std::thread listener;
  std::atomic<bool> closing{false};
  std::atomic<Clock::rep> last_sign{0};

  std::mutex mutex;  // of what follows
  std::condition_variable returned;
  std::vector<Channel*> free;
  std::optional<ProcessEnd> end;
};

IsolatedProcess::IsolatedProcess(const ComponentPlan& plan, Environment& environment)
    : state_(std::make_unique<State>(plan, environment)) {
  try {
    state_->start();
    state_->create(this);
  } catch (...) {
    state_->stop();
    throw;
  }
}

IsolatedProcess::~IsolatedProcess() { state_->stop(); }

const onager_component& IsolatedProcess::component() const {
  return state_->components.front().component;
}

void* IsolatedProcess::instance() const { return &state_->components.front(); }

Channel& IsolatedProcess::acquire() { return state_->acquire(); }
void IsolatedProcess::give_back(Channel& channel) { state_->give_back(channel); }
void IsolatedProcess::call(Channel& channel, const Channel::Request& request) {
  state_->call(channel, request);
}
std::unique_ptr<CallRoom> IsolatedProcess::room() { return state_->rooms.take(); }
void IsolatedProcess::kill() { state_->kill(); }

RemoteComponent* IsolatedProcess::child(std::uint64_t number) const {
  if (number >= state_->components.size())
    throw Error(Category::plugin, "it named a child that it does not have");
  return &state_->components[number];
}

}  // namespace onager::host
