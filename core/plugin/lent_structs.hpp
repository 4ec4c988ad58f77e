// SPDX-License-Identifier: MIT
//
// The structs of functions that the host lends to a component for a call (an operator, an
// objective, a view of the run ..), for a component in another process.
#pragma once

#include "plugin/remote_functions.hpp"

namespace onager::host {

/// A struct of the other process that can be called here: its facts, and stubs for functions.
template <class Table>
class Borrowed;

/// Puts the facts of a struct and its number.
void put_lent(Channel& channel, const onager_operator& lent);
void put_lent(Channel& channel, const onager_objective& lent);
void put_lent(Channel& channel, const onager_learning& lent);
void put_lent(Channel& channel, const onager_network& lent);
void put_lent(Channel& channel, const onager_view& lent);

template <>
class Borrowed<onager_operator> {
 public:
  explicit Borrowed(Channel& channel);
  const onager_operator* get();

 private:
  onager_operator table_{};
  LentContext context_;
};

template <>
class Borrowed<onager_objective> {
 public:
  explicit Borrowed(Channel& channel);
  const onager_objective* get();

 private:
  onager_objective table_{};
  LentContext context_;
};

template <>
class Borrowed<onager_learning> {
 public:
  explicit Borrowed(Channel& channel);
  const onager_learning* get();

 private:
  onager_learning table_{};
  LentContext context_;
};

template <>
class Borrowed<onager_network> {
 public:
  explicit Borrowed(Channel& channel);
  const onager_network* get();

 private:
  onager_network table_{};
  LentContext context_;
  std::optional<Borrowed<onager_objective>> objective_;
  std::optional<onager_step> last_;
  std::vector<std::int64_t> samples_;
};

template <>
class Borrowed<onager_view> {
 public:
  explicit Borrowed(Channel& channel);
  const onager_view* get();

 private:
  onager_view table_{};
  LentContext context_;
  std::optional<Borrowed<onager_network>> network_;
};

/// The manner of such an argument.
template <class Table>
struct Lent {
  struct Sent {
    Sent(Channel& channel, const Table* lent) { put_lent(channel, *lent); }
    void finish(Channel&) {}
  };
  struct Taken {
    explicit Taken(Channel& channel) : borrowed(channel) {}
    const Table* arg() { return borrowed.get(); }
    void reply(Channel&) {}
    Borrowed<Table> borrowed;
  };
};

}  // namespace onager::host
