// SPDX-License-Identifier: MIT
#include "conformance/witness.hpp"

#include "base/error.hpp"
#include "conformance/guarded_array.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace onager::host::conformance {

namespace {

constexpr std::size_t stack_size = 64 * 1024;

std::array<const GuardedArray*, 64> live_arrays;
Witness* witness = nullptr;
const char* saving_folder = nullptr;

template <std::size_t N>
void copy_text(char (&to)[N], const char* from) {
  const std::size_t length = std::min(std::strlen(from), N - 1);
  std::memcpy(to, from, length);
  to[length] = '\0';
}

/// What the CPU says of a memory access that failed.
struct Access {
  bool wrote = false, misaligned = false;
};

Access access_of(int signal, const siginfo_t& info, const void* context) {
  Access access;
  if (signal != SIGSEGV && signal != SIGBUS) return access;
#if defined(__x86_64__)
  const auto& registers = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
  constexpr greg_t page_fault = 14, general_protection = 13, by_write = 2;
  access.wrote = registers[REG_TRAPNO] == page_fault && (registers[REG_ERR] & by_write) != 0;
  access.misaligned = registers[REG_TRAPNO] == general_protection && info.si_addr == nullptr;
#else
  (void)context;
  access.misaligned = info.si_code == BUS_ADRALN && signal == SIGBUS;
#endif
  return access;
}

void note_spot(std::uintptr_t address) {
  for (const GuardedArray* array : live_arrays) {
    if (array == nullptr || !array->guards(address)) continue;
    witness->spot = array->spot_of(address, witness->bytes);
    witness->is_input = array->role() == Role::input;
    copy_text(witness->array, array->name());
    return;
  }
}

extern "C" void note_fate(int signal, siginfo_t* info, void* context) {
  if (signal == SIGALRM) {
    witness->fate = Fate::out_of_time;
  } else {
    witness->fate = Fate::signal;
    witness->signal = signal;
    const Access access = access_of(signal, *info, context);
    witness->wrote = access.wrote;
    witness->misaligned = access.misaligned;
    if (signal == SIGSEGV || signal == SIGBUS)
      note_spot(reinterpret_cast<std::uintptr_t>(info->si_addr));
  }
  for (const GuardedArray* array : live_arrays)
    if (array != nullptr && array->role() == Role::input) array->save(saving_folder);
  ::_exit(0);
}

}  // namespace

SharedWitness::SharedWitness() {
  void* memory =
      ::mmap(nullptr, sizeof(Witness), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw Error(Category::system, "there is no memory to share");
  witness_ = static_cast<Witness*>(memory);
}

SharedWitness::~SharedWitness() { ::munmap(witness_, sizeof(Witness)); }

void bear_witness(Witness& shared, const char* folder) {
  witness = &shared;
  saving_folder = folder;
  static std::array<char, stack_size> stack;
  stack_t alternative{};
  alternative.ss_sp = stack.data();
  alternative.ss_size = stack.size();
  ::sigaltstack(&alternative, nullptr);
  struct sigaction action {};
  action.sa_sigaction = note_fate;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ::sigfillset(&action.sa_mask);
  for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGALRM})
    ::sigaction(signal, &action, nullptr);
}

void register_array(const GuardedArray* array) noexcept {
  const auto free = std::find(live_arrays.begin(), live_arrays.end(), nullptr);
  if (free != live_arrays.end()) *free = array;
}

void forget_array(const GuardedArray* array) noexcept {
  const auto known = std::find(live_arrays.begin(), live_arrays.end(), array);
  if (known != live_arrays.end()) *known = nullptr;
}

}  // namespace onager::host::conformance
