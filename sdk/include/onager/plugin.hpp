// SPDX-License-Identifier: MIT
//
// C++17 over onager/abi.h: parameters, configuration, host services, and the trampolines that turn
// a class into a component. Nothing here allocates across the boundary or lets an exception
// through.
//
// A component is a class with a constructor (const Config&) or (const Config&, const Host&) and the
// members its kind asks for (kernel.hpp, feature_map.hpp, dataset.hpp, optimizer.hpp,
// diagnostic.hpp). ONAGER_PLUGIN lists the components of a library.
#pragma once

#include <onager/abi.h>
#include <onager/array.hpp>

#include <cstring>
#include <deque>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <utility>
#include <vector>

namespace onager {

// ---- parameters -------------------------------------------------------------------------------

/// One row of a component's parameter table. Build it with the functions below.
class Parameter {
 public:
  Parameter(onager_parameter_type type, const char* name, const char* doc) {
    row_.struct_size = sizeof row_;
    row_.type = type;
    row_.name = name;
    row_.doc = doc;
    row_.unit = row_.text_default = row_.child_kind = "";
    row_.real_min = -std::numeric_limits<double>::infinity();
    row_.real_max = std::numeric_limits<double>::infinity();
    row_.integer_min = std::numeric_limits<std::int64_t>::min();
    row_.integer_max = std::numeric_limits<std::int64_t>::max();
  }

  Parameter& required() { return row_.flags |= ONAGER_REQUIRED, *this; }
  Parameter& unit(const char* text) { return row_.unit = text, *this; }
  Parameter& at_least(double least) { return set_min(least), *this; }
  Parameter& at_most(double most) { return set_max(most), *this; }
  /// The limit itself is outside. For reals.
  Parameter& above(double least) { return set_min(least), row_.flags |= ONAGER_MIN_OPEN, *this; }
  Parameter& below(double most) { return set_max(most), row_.flags |= ONAGER_MAX_OPEN, *this; }

  onager_parameter row_{};
  std::vector<const char*> choices_;

 private:
  bool whole() const { return row_.type == ONAGER_INTEGER || row_.type == ONAGER_INTEGER_LIST; }
  void set_min(double v) {
    if (whole()) row_.integer_min = static_cast<std::int64_t>(v);
    else row_.real_min = v;
  }
  void set_max(double v) {
    if (whole()) row_.integer_max = static_cast<std::int64_t>(v);
    else row_.real_max = v;
  }
};

inline Parameter flag(const char* name, bool value, const char* doc) {
  Parameter p(ONAGER_BOOLEAN, name, doc);
  p.row_.integer_default = value;
  p.row_.integer_min = 0;
  p.row_.integer_max = 1;
  return p;
}
inline Parameter integer(const char* name, std::int64_t value, const char* doc) {
  Parameter p(ONAGER_INTEGER, name, doc);
  p.row_.integer_default = value;
  return p;
}
inline Parameter real(const char* name, double value, const char* doc) {
  Parameter p(ONAGER_REAL, name, doc);
  p.row_.real_default = value;
  return p;
}
inline Parameter text(const char* name, const char* value, const char* doc) {
  Parameter p(ONAGER_STRING, name, doc);
  p.row_.text_default = value;
  return p;
}
inline Parameter choice(const char* name, std::initializer_list<const char*> choices,
                        const char* value, const char* doc) {
  Parameter p(ONAGER_CHOICE, name, doc);
  p.choices_ = choices;
  p.row_.text_default = value;
  return p;
}
/// A number or an expression in quotes, such as 0.1 or "2.5/lambda"; the component reads the text.
inline Parameter expression(const char* name, const char* value, const char* doc) {
  Parameter p(ONAGER_EXPRESSION, name, doc);
  p.row_.text_default = value;
  return p;
}
/// A file, relative to the pipeline file's folder; "" when the user gave none.
inline Parameter path(const char* name, const char* doc) {
  return Parameter(ONAGER_PATH, name, doc);
}
inline Parameter integers(const char* name, const char* doc) {
  return Parameter(ONAGER_INTEGER_LIST, name, doc);
}
inline Parameter reals(const char* name, const char* doc) {
  return Parameter(ONAGER_REAL_LIST, name, doc);
}
inline Parameter texts(const char* name, const char* doc) {
  return Parameter(ONAGER_STRING_LIST, name, doc);
}
inline Parameter component(const char* name, const char* kind, const char* doc) {
  Parameter p(ONAGER_COMPONENT, name, doc);
  p.row_.child_kind = kind;
  return p.required();
}
inline Parameter component_list(const char* name, const char* kind, const char* doc) {
  Parameter p(ONAGER_COMPONENT_LIST, name, doc);
  p.row_.child_kind = kind;
  return p.required();
}

// ---- configuration ----------------------------------------------------------------------------

/// The validated parameters of one instance, by name. Pointers live until the constructor returns.
class Config {
 public:
  explicit Config(const onager_config& raw) : raw_(&raw) {}

  bool flag(const char* name) const { return find(name, ONAGER_BOOLEAN).integer != 0; }
  std::int64_t integer(const char* name) const { return find(name, ONAGER_INTEGER).integer; }
  double real(const char* name) const { return find(name, ONAGER_REAL).real; }
  std::string text(const char* name) const { return find(name, ONAGER_STRING).text; }
  std::string choice(const char* name) const { return find(name, ONAGER_CHOICE).text; }
  std::string expression(const char* name) const { return find(name, ONAGER_EXPRESSION).text; }
  std::string path(const char* name) const { return find(name, ONAGER_PATH).text; }
  std::vector<std::int64_t> integers(const char* name) const {
    const auto& v = find(name, ONAGER_INTEGER_LIST);
    return {v.integers, v.integers + v.count};
  }
  std::vector<double> reals(const char* name) const {
    const auto& v = find(name, ONAGER_REAL_LIST);
    return {v.reals, v.reals + v.count};
  }
  std::vector<std::string> texts(const char* name) const {
    const auto& v = find(name, ONAGER_STRING_LIST);
    return {v.texts, v.texts + v.count};
  }
  /// Nested components; they outlive the instance that holds them.
  std::vector<onager_child> children(const char* name) const {
    const auto& v = find(name, 0);
    return {v.children, v.children + v.count};
  }
  bool is_default(const char* name) const { return find(name, 0).is_default != 0; }

 private:
  const onager_value& find(const char* name, onager_parameter_type type) const {
    const char* at = reinterpret_cast<const char*>(raw_->values);
    for (std::uint32_t i = 0; i < raw_->count; ++i, at += raw_->value_stride) {
      const auto& value = *reinterpret_cast<const onager_value*>(at);
      if (std::strcmp(value.name, name) == 0 && (type == 0 || value.type == type)) return value;
    }
    throw Error(ONAGER_INTERNAL, std::string("no parameter '") + name +
                                     "' of that type is in the component's table");
  }
  const onager_config* raw_;
};

// ---- host -------------------------------------------------------------------------------------

/// Services of the host for one instance. Copyable; valid as long as the instance.
class Host {
 public:
  explicit Host(const onager_host* raw) : raw_(raw) {}
  const onager_host* raw() const { return raw_; }

  void info(const std::string& text) const { raw_->log(raw_, ONAGER_LOG_INFO, text.c_str()); }
  void warn(const std::string& text) const { raw_->log(raw_, ONAGER_LOG_WARNING, text.c_str()); }
  bool cancelled() const { return raw_->cancelled(raw_) != 0; }
  void stop_if_cancelled() const {
    if (cancelled()) throw Error(ONAGER_CANCELLED, "stopped on request");
  }
  void progress(double fraction, const char* what) const { raw_->progress(raw_, fraction, what); }

  // onager.random/1
  std::vector<double> uniform(std::uint64_t stream, std::uint64_t offset, std::int64_t n) const {
    std::vector<double> out(static_cast<std::size_t>(n));
    random().uniform(raw_, stream, offset, n, out.data());
    return out;
  }
  std::vector<double> normal(std::uint64_t stream, std::uint64_t offset, std::int64_t n) const {
    std::vector<double> out(static_cast<std::size_t>(n));
    random().normal(raw_, stream, offset, n, out.data());
    return out;
  }
  std::vector<std::int64_t> permutation(std::uint64_t stream, std::int64_t n) const {
    std::vector<std::int64_t> out(static_cast<std::size_t>(n));
    random().permutation(raw_, stream, n, out.data());
    return out;
  }
  const onager_random& random() const { return service<onager_random>(ONAGER_RANDOM); }

  // onager.parallel/1: task(index, worker)
  template <class Task>
  void parallel(std::int64_t count, Task&& task) const {
    using Plain = std::remove_reference_t<Task>;
    struct Call {
      Plain* task;
      Host host;
    } call{&task, *this};
    check(service<onager_parallel>(ONAGER_PARALLEL)
              .run(
                  raw_, count,
                  [](void* argument, std::int64_t index, std::int32_t worker) -> onager_status {
                    auto& c = *static_cast<Call*>(argument);
                    return guard(c.host.raw_, [&] { (*c.task)(index, worker); });
                  },
                  &call));
  }

  // onager.linalg/1
  template <class T>
  void gemm(double alpha, Matrix<const T> a, bool transpose_a, Matrix<const T> b, bool transpose_b,
            double beta, Matrix<T> c) const {
    auto va = a.array(), vb = b.array(), vc = c.array();
    check(linalg().gemm(raw_, alpha, &va, transpose_a, &vb, transpose_b, beta, &vc));
  }
  template <class T>
  void symmetric_eigen(Matrix<T> a, Matrix<T> values) const {
    auto va = a.array(), vv = values.array();
    check(linalg().symmetric_eigen(raw_, &va, &vv));
  }
  /// The lower part of a becomes L with a = L L'. Returns 0, or the order of the first leading
  /// minor that is not positive definite.
  template <class T>
  std::int64_t cholesky(Matrix<T> a) const {
    auto va = a.array();
    std::int64_t failed_at = 0;
    const auto status = linalg().cholesky(raw_, &va, &failed_at);
    if (status != ONAGER_NUMERICAL || failed_at == 0) check(status);
    return failed_at;
  }
  /// b becomes (L L')^-1 b.
  template <class T>
  void cholesky_solve(Matrix<const T> l, Matrix<T> b) const {
    auto vl = l.array(), vb = b.array();
    check(linalg().cholesky_solve(raw_, &vl, &vb));
  }
  const onager_linalg& linalg() const { return service<onager_linalg>(ONAGER_LINALG); }

  // onager.spectrum/1
  /// Eigenvalues of the symmetric operator product(const double* v, double* out), outermost first.
  /// `which`: ONAGER_LARGEST, ONAGER_SMALLEST or ONAGER_MAGNITUDE. vectors (size x values.size())
  /// is filled where it is not NULL. Returns how many products it took.
  template <class Product>
  std::int64_t extreme(std::int64_t size, Product&& product, std::int32_t which, double tolerance,
                       std::int64_t most_products, std::vector<double>& values,
                       onager_array* vectors = nullptr) const {
    using Plain = std::remove_reference_t<Product>;
    struct Call {
      Plain* product;
      Host host;
    } call{&product, *this};
    std::int64_t products = 0;
    check(service<onager_spectrum>(ONAGER_SPECTRUM)
              .extreme(
                  raw_, size,
                  [](void* argument, const double* v, double* out) -> onager_status {
                    auto& c = *static_cast<Call*>(argument);
                    return guard(c.host.raw_, [&] { (*c.product)(v, out); });
                  },
                  &call, which, static_cast<std::int64_t>(values.size()), tolerance, most_products,
                  values.data(), vectors, &products));
    return products;
  }

  // onager.emit/1
  void emit(const char* name, double value) const { check(emitter().scalar(raw_, name, value)); }
  void emit_at(std::int64_t round, const char* name, double value) const {
    check(emitter().scalar_at(raw_, round, name, value));
  }
  void emit(const char* name, const onager_array& value) const {
    check(emitter().array(raw_, name, &value));
  }

  template <class Service>
  const Service& service(const char* id) const {
    if (const void* table = raw_->service(raw_, id)) return *static_cast<const Service*>(table);
    throw Error(ONAGER_UNSUPPORTED, std::string("this host has no service ") + id);
  }

  /// Throws when a service of the host failed; its reason is already set.
  static void check(onager_status status) {
    if (status != ONAGER_OK) throw HostRefused{status};
  }

  /// Runs work and turns whatever it throws into a status and a reason.
  template <class Work>
  static onager_status guard(const onager_host* host, Work&& work) noexcept {
    try {
      work();
      return ONAGER_OK;
    } catch (const HostRefused& refused) {
      return refused.status;
    } catch (const Error& error) {
      host->set_error(host, error.what());
      return error.status();
    } catch (const std::bad_alloc&) {
      host->set_error(host, "out of memory");
      return ONAGER_NO_MEMORY;
    } catch (const std::exception& error) {
      host->set_error(host, error.what());
      return ONAGER_INTERNAL;
    } catch (...) {
      host->set_error(host, "an exception of unknown type");
      return ONAGER_INTERNAL;
    }
  }

 private:
  struct HostRefused {
    onager_status status;
  };
  const onager_emit& emitter() const { return service<onager_emit>(ONAGER_EMIT); }
  const onager_host* raw_;
};

// ---- components -------------------------------------------------------------------------------

/// What create() hands to the host: the component's object with its host table.
template <class C>
struct Instance {
  Host host;
  C object;

  Instance(const Config& config, const Host& h) : host(h), object(make(config, h)) {}
  static Instance& of(const void* p) { return *static_cast<Instance*>(const_cast<void*>(p)); }

  template <class Work>
  static onager_status call(const void* p, Work&& work) noexcept {
    return Host::guard(of(p).host.raw(), [&] { work(of(p).object); });
  }

 private:
  static C make(const Config& config, const Host& host) {
    if constexpr (std::is_constructible_v<C, const Config&, const Host&>) return C(config, host);
    else if constexpr (std::is_constructible_v<C, const Config&>) return C(config);
    else return C();
  }
};

/// An interface a component offers: the name and its table.
struct Interface {
  const char* id;
  const void* table;
};

/// A component under construction: what it is called, its parameters, its interfaces.
class Component {
 public:
  template <class C>
  static Component of(const char* kind, const char* id, const char* summary,
                      std::vector<Parameter> parameters, const onager_component& functions) {
    Component c;
    c.row_ = functions;
    c.row_.struct_size = sizeof c.row_;
    c.row_.kind = kind;
    c.row_.id = id;
    c.row_.summary = summary;
    c.row_.citation = "";
    c.parameters_ = std::move(parameters);
    return c;
  }
  Component cite(const char* citation) && { return row_.citation = citation, std::move(*this); }

  /// Completes the row once the component has reached its final address.
  const onager_component* finish() {
    for (auto& p : parameters_) {
      if (!p.choices_.empty()) {
        p.row_.choices = p.choices_.data();
        p.row_.choice_count = static_cast<std::uint32_t>(p.choices_.size());
      }
      rows_.push_back(p.row_);
    }
    row_.parameters = rows_.data();
    row_.parameter_count = static_cast<std::uint32_t>(rows_.size());
    row_.parameter_stride = sizeof(onager_parameter);
    return &row_;
  }

 private:
  onager_component row_{};
  std::vector<Parameter> parameters_;
  std::vector<onager_parameter> rows_;
};

namespace detail {

/// create, destroy and interface of class C, whose interfaces are listed by Offer::list().
template <class C, class Offer>
struct Functions {
  static onager_status create(const onager_host* host, const onager_config* config,
                              void** instance) {
    return Host::guard(host, [&] { *instance = new Instance<C>(Config(*config), Host(host)); });
  }
  static void destroy(void* instance) { delete static_cast<Instance<C>*>(instance); }
  static const void* interface(void*, const char* id) {
    for (const Interface& offered : Offer::list())
      if (std::strcmp(offered.id, id) == 0) return offered.table;
    return nullptr;
  }
  static onager_component table() {
    onager_component t{};
    t.create = create;
    t.destroy = destroy;
    t.interface = interface;
    return t;
  }
};

// Optional abilities of a component, found by the members it has.
template <class C, class = void>
struct HasState : std::false_type {};
template <class C>
struct HasState<C, std::void_t<decltype(std::declval<C&>().state())>> : std::true_type {};
template <class C, class = void>
struct HasFacts : std::false_type {};
template <class C>
struct HasFacts<C, std::void_t<decltype(std::declval<C&>().facts())>> : std::true_type {};

}  // namespace detail

// ---- named arrays -----------------------------------------------------------------------------

/// A named table of a component's state or facts. State points at the member that holds it.
struct NamedTable {
  const char* name;
  const char* doc;
  Table* value;
  onager_dtype dtype = ONAGER_FLOAT64;
};

namespace detail {

/// "onager.state/1" of a class with a member `std::vector<NamedTable> state()`, or "onager.facts/1"
/// of one with `facts()`. Tables without rows are left out. After state was written back, a member
/// `void restored()` is called where there is one.
template <class C, bool Facts>
struct NamedArrays {
  static std::vector<NamedTable> all(const void* p) {
    auto& object = Instance<C>::of(p).object;
    std::vector<NamedTable> tables;
    if constexpr (Facts) tables = object.facts();
    else tables = object.state();
    return tables;
  }
  static std::vector<NamedTable> present(const void* p) {
    std::vector<NamedTable> out;
    for (const auto& t : all(p))
      if (t.value->rows > 0) out.push_back(t);
    return out;
  }
  static onager_status describe(const void* p, std::int64_t index, onager_array_info* out) {
    onager_status status = ONAGER_OK;
    const auto failed = Host::guard(Instance<C>::of(p).host.raw(), [&] {
      const auto tables = present(p);
      if (index < 0 || index >= static_cast<std::int64_t>(tables.size())) {
        status = ONAGER_NOT_FOUND;
        return;
      }
      const auto& t = tables[static_cast<std::size_t>(index)];
      out->dtype = t.dtype;
      out->name = t.name;
      out->doc = t.doc;
      out->rows = t.value->rows;
      out->cols = t.value->cols;
    });
    return failed != ONAGER_OK ? failed : status;
  }
  static onager_status read(const void* p, std::int64_t index, onager_array* out) {
    return Host::guard(Instance<C>::of(p).host.raw(), [&] {
      present(p).at(static_cast<std::size_t>(index)).value->copy_to(*out);
    });
  }
  static onager_status write(void* p, const char* name, const onager_array* value) {
    return Host::guard(Instance<C>::of(p).host.raw(), [&] {
      for (const auto& t : all(p)) {
        if (std::strcmp(t.name, name) != 0) continue;
        *t.value = Table::copy_of(*value);
        restored(Instance<C>::of(p).object, 0);
        return;
      }
      throw Error(ONAGER_NOT_FOUND, std::string("no state of the name ") + name);
    });
  }
  static const onager_named_arrays* table() {
    static const onager_named_arrays t{sizeof t, 0, describe, read, Facts ? nullptr : write};
    return &t;
  }

 private:
  template <class Object>
  static auto restored(Object& object, int) -> decltype(object.restored(), void()) {
    object.restored();
  }
  template <class Object>
  static void restored(Object&, long) {}
};

/// Appends the optional interfaces a class offers through its members.
template <class C>
void append_common(std::vector<Interface>& list) {
  if constexpr (HasState<C>::value) list.push_back({ONAGER_STATE, NamedArrays<C, false>::table()});
  if constexpr (HasFacts<C>::value) list.push_back({ONAGER_FACTS, NamedArrays<C, true>::table()});
}

}  // namespace detail

// ---- plugin -----------------------------------------------------------------------------------

/// The plugin's own facts. Licence as an SPDX expression.
struct About {
  const char* id;
  const char* version;
  const char* licence = "";
  const char* vendor = "";
  const char* url = "";
};

/// The descriptor behind onager_plugin_entry: built once, never changed.
class Plugin {
 public:
  template <class... Components>
  explicit Plugin(const About& about, Components... components)
      : components_{std::move(components)...} {
    for (auto& c : components_) rows_.push_back(c.finish());
    row_.struct_size = sizeof row_;
    row_.abi_major = ONAGER_ABI_MAJOR;
    row_.abi_minor = ONAGER_ABI_MINOR;
    row_.abi_minor_needed = 0;
    row_.magic = ONAGER_MAGIC;
    row_.id = about.id;
    row_.version = about.version;
    row_.vendor = about.vendor;
    row_.licence = about.licence;
    row_.url = about.url;
#ifdef __VERSION__
    row_.build = __VERSION__;
#else
    row_.build = "";
#endif
    row_.component_count = static_cast<std::uint32_t>(rows_.size());
    row_.components = rows_.data();
  }
  const onager_plugin* descriptor() const { return &row_; }

 private:
  onager_plugin row_{};
  std::deque<Component> components_;
  std::vector<const onager_component*> rows_;
};

}  // namespace onager

// Who made the plugin; onager_add_plugin(... VENDOR .. URL ..) sets them.
#ifndef ONAGER_PLUGIN_VENDOR
#define ONAGER_PLUGIN_VENDOR ""
#endif
#ifndef ONAGER_PLUGIN_URL
#define ONAGER_PLUGIN_URL ""
#endif

/// Defines the library's entry: reverse-DNS id, version, licence (SPDX), then the components:
///   ONAGER_PLUGIN("org.example.cauchy", "1.0.0", "MIT", onager::radial_kernel<Cauchy>(...))
#define ONAGER_PLUGIN(id, version, licence, ...)                                      \
  extern "C" ONAGER_EXPORT const onager_plugin* onager_plugin_entry(void) {           \
    static const onager::Plugin plugin{                                               \
        onager::About{id, version, licence, ONAGER_PLUGIN_VENDOR, ONAGER_PLUGIN_URL}, \
        __VA_ARGS__};                                                                 \
    return plugin.descriptor();                                                       \
  }
