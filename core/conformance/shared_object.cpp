// SPDX-License-Identifier: MIT
#include "conformance/shared_object.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <cstdint>
#include <set>

namespace onager::host::conformance {

namespace {

class DynamicSection {
 public:
  explicit DynamicSection(const link_map& map) : map_(map) {
    for (const auto* entry = map.l_ld; entry->d_tag != DT_NULL; ++entry) {
      if (entry->d_tag == DT_STRTAB) strings_ = at<char>(entry->d_un.d_ptr);
      if (entry->d_tag == DT_SYMTAB) symbols_ = at<ElfW(Sym)>(entry->d_un.d_ptr);
      if (entry->d_tag == DT_GNU_HASH) gnu_hash_ = at<std::uint32_t>(entry->d_un.d_ptr);
      if (entry->d_tag == DT_HASH) hash_ = at<std::uint32_t>(entry->d_un.d_ptr);
    }
  }

  std::vector<std::string> exports() const {
    // what linkers define themselves
    static const std::set<std::string> of_linkers = {"_init", "_fini", "_end", "_edata",
                                                     "__bss_start"};
    std::vector<std::string> out;
    for (std::size_t i = 0; symbols_ && strings_ && i < symbol_count(); ++i) {
      const auto& symbol = symbols_[i];
      const auto binding = ELF64_ST_BIND(symbol.st_info), type = ELF64_ST_TYPE(symbol.st_info);
      if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS || binding == STB_LOCAL ||
          type == STT_SECTION || type == STT_FILE)
        continue;
      std::string name = strings_ + symbol.st_name;
      if (of_linkers.count(name) == 0) out.push_back(std::move(name));
    }
    return out;
  }

  std::vector<std::string> needed() const {
    std::vector<std::string> out;
    for (const auto* entry = map_.l_ld; strings_ && entry->d_tag != DT_NULL; ++entry)
      if (entry->d_tag == DT_NEEDED) out.emplace_back(strings_ + entry->d_un.d_val);
    return out;
  }

 private:
  /// Some loaders leave addresses relative to where the library lies.
  template <class T>
  const T* at(ElfW(Addr) address) const {
    return reinterpret_cast<const T*>(address < map_.l_addr ? address + map_.l_addr : address);
  }

  /// The symbol table does not say how long it is; the tables of hashes know its last symbol.
  std::size_t symbol_count() const {
    if (hash_) return hash_[1];
    if (!gnu_hash_) return 0;
    const std::uint32_t buckets = gnu_hash_[0], first = gnu_hash_[1], words = gnu_hash_[2];
    const auto* bucket = gnu_hash_ + 4 + words * (sizeof(ElfW(Addr)) / sizeof(std::uint32_t));
    const auto* chain = bucket + buckets;
    std::uint32_t last = 0;
    for (std::uint32_t b = 0; b < buckets; ++b)
      if (bucket[b] > last) last = bucket[b];
    if (last < first) return first;
    while ((chain[last - first] & 1) == 0) ++last;
    return last + 1;
  }

  const link_map& map_;
  const char* strings_ = nullptr;
  const ElfW(Sym) * symbols_ = nullptr;
  const std::uint32_t *gnu_hash_ = nullptr, *hash_ = nullptr;
};

}  // namespace

SharedObject shared_object(void* library) {
  link_map* map = nullptr;
  if (::dlinfo(library, RTLD_DI_LINKMAP, &map) != 0 || map == nullptr) return {};
  const DynamicSection section(*map);
  return {section.exports(), section.needed()};
}

}  // namespace onager::host::conformance
