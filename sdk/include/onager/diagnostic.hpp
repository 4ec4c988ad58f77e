// SPDX-License-Identifier: MIT
//
// Diagnostics. A class G offers
//
//   observe(const View&)    after every round; results go through Host::emit
//   finish(const View&)     once at the end                                     optional
//   state()                 what it remembers between rounds, for resuming      optional
#pragma once

#include <onager/plugin.hpp>

#include <optional>

namespace onager {

/// The run after a round's fit; see onager_view for the names of arrays.
class View {
 public:
  explicit View(const onager_view* raw) : raw_(raw) {}
  std::int64_t round() const { return raw_->round; }

  /// The array of that name, or nothing when this run has none.
  std::optional<onager_array> find(const char* name) const {
    onager_array out{};
    out.struct_size = sizeof out;
    const auto status = raw_->array(raw_, name, &out);
    if (status == ONAGER_NOT_FOUND) return std::nullopt;
    Host::check(status);
    return out;
  }
  std::vector<onager_feature_group> groups() const {
    std::vector<onager_feature_group> out(static_cast<std::size_t>(raw_->group_count(raw_)));
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].struct_size = sizeof out[i];
      Host::check(raw_->group(raw_, static_cast<std::int64_t>(i), &out[i]));
    }
    return out;
  }

 private:
  const onager_view* raw_;
};

namespace detail {

template <class G, class = void>
struct HasFinish : std::false_type {};
template <class G>
struct HasFinish<G, std::void_t<decltype(std::declval<G&>().finish(std::declval<const View&>()))>>
    : std::true_type {};

template <class G>
struct DiagnosticCalls {
  static onager_status observe(void* p, const onager_view* view) {
    return Instance<G>::call(p, [&](G& diagnostic) { diagnostic.observe(View(view)); });
  }
  static onager_status finish(void* p, const onager_view* view) {
    return Instance<G>::call(p, [&](G& diagnostic) {
      if constexpr (HasFinish<G>::value) diagnostic.finish(View(view));
    });
  }
  static std::vector<Interface> list() {
    static const onager_diagnostic table{sizeof table, 0, observe,
                                         HasFinish<G>::value ? finish : nullptr};
    std::vector<Interface> out{{ONAGER_DIAGNOSTIC, &table}};
    append_common<G>(out);
    return out;
  }
};

}  // namespace detail

template <class G>
Component diagnostic(const char* id, const char* summary, std::vector<Parameter> parameters = {}) {
  return Component::of<G>("diagnostic", id, summary, std::move(parameters),
                          detail::Functions<G, detail::DiagnosticCalls<G>>::table());
}

}  // namespace onager
