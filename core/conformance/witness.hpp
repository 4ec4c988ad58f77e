// SPDX-License-Identifier: MIT
//
// How a child process that a plugin ends tells its parent why.
#pragma once

#include <cstdint>

namespace onager::host::conformance {

class GuardedArray;

/// How a child ended that did not come to its end.
enum class Fate : std::int32_t { none, signal, out_of_time };

/// Where an access that ended the child lies.
enum class Spot : std::int32_t { elsewhere, before, inside, past };

/// What is known of a child's last moments, in memory that parent and child share.
struct Witness {
  char call[160];  // the call into the plugin that is going on, "" for none
  Fate fate;
  std::int32_t signal;
  std::int32_t misaligned;  // 1: the CPU refused the address of an aligned load or store
  std::int32_t wrote;       // 1: the access was a write
  Spot spot;
  std::int64_t bytes;     // from the array's nearest end
  char array[48];         // the argument that spot is about
  std::int32_t is_input;  // 1: it is one that the plugin may only read
};

/// Memory for a witness that a fork shares. Throws Error(system).
class SharedWitness {
 public:
  SharedWitness();
  ~SharedWitness();
  SharedWitness(const SharedWitness&) = delete;
  SharedWitness& operator=(const SharedWitness&) = delete;
  Witness& get() const { return *witness_; }

 private:
  Witness* witness_;
};

/// In the child: from now on a crash, an abort or an alarm is written to the witness, the arrays of
/// the call are saved in `folder` (which lives to the end), and the process ends.
void bear_witness(Witness& witness, const char* folder);

/// The arrays that live now; a handler of signals looks them up and saves them. At most 64.
void register_array(const GuardedArray* array) noexcept;
void forget_array(const GuardedArray* array) noexcept;

}  // namespace onager::host::conformance
