// SPDX-License-Identifier: MIT
#include "package/elf_needs.hpp"

#include "base/error.hpp"
#include "base/version.hpp"

#include <fmt/format.h>
#include <gelf.h>
#include <sys/utsname.h>

#include <cstring>
#include <memory>

namespace onager::host {

namespace {

std::string machine_name(unsigned machine) {
  switch (machine) {
    case EM_X86_64: return "x86_64";
    case EM_AARCH64: return "aarch64";
    case EM_PPC64: return "ppc64le";
    case EM_RISCV: return "riscv64";
    case EM_S390: return "s390x";
    default: return fmt::format("machine-{}", machine);
  }
}

class SharedLibrary {
 public:
  SharedLibrary(std::string_view bytes, const std::string& name)
      : bytes_(bytes), name_(name), elf_(nullptr, elf_end) {
    elf_version(EV_CURRENT);
    elf_.reset(elf_memory(bytes_.data(), bytes_.size()));
    if (!elf_ || elf_kind(elf_.get()) != ELF_K_ELF || !gelf_getehdr(elf_.get(), &header_) ||
        header_.e_type != ET_DYN)
      throw Error(Category::plugin,
                  fmt::format("{}: is no shared library, which a plugin's binary is", name_));
  }

  ElfNeeds needs() {
    ElfNeeds out;
    out.machine = machine_name(header_.e_machine);
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_.get(), section)) != nullptr;) {
      GElf_Shdr header;
      if (gelf_getshdr(section, &header) == nullptr) damaged();
      if (header.sh_type == SHT_GNU_verneed) add_versions(section, header, out);
      if (header.sh_type == SHT_DYNAMIC) add_libraries(section, header, out);
      if (header.sh_type == SHT_DYNSYM) look_for_entry(section, header, out);
    }
    return out;
  }

 private:
  [[noreturn]] void damaged() const {
    throw Error(Category::plugin,
                fmt::format("{}: is a damaged or cut off library; build it again", name_));
  }

  Elf_Data* data_of(Elf_Scn* section) const {
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr || data->d_buf == nullptr) damaged();
    return data;
  }

  std::string text(const GElf_Shdr& header, std::size_t offset) const {
    const char* at = elf_strptr(elf_.get(), header.sh_link, offset);
    if (at == nullptr) damaged();
    return at;
  }

  void add_versions(Elf_Scn* section, const GElf_Shdr& header, ElfNeeds& out) const {
    Elf_Data* data = data_of(section);
    int offset = 0;
    for (unsigned i = 0; i < header.sh_info; ++i) {
      GElf_Verneed need;
      if (gelf_getverneed(data, offset, &need) == nullptr) damaged();
      int at = offset + static_cast<int>(need.vn_aux);
      for (unsigned j = 0; j < need.vn_cnt; ++j) {
        GElf_Vernaux one;
        if (gelf_getvernaux(data, at, &one) == nullptr) damaged();
        add_version(text(header, one.vna_name), out);
        if (one.vna_next == 0) break;
        at += static_cast<int>(one.vna_next);
      }
      if (need.vn_next == 0) break;
      offset += static_cast<int>(need.vn_next);
    }
  }

  static void add_version(const std::string& symbol, ElfNeeds& out) {
    const auto keep = [&](const char* family, std::string& newest) {
      const std::size_t length = std::strlen(family);
      if (symbol.compare(0, length, family) != 0) return;
      const std::string version = symbol.substr(length);
      // GLIBC_PRIVATE and the like are names, not versions
      if (version.empty() || version.front() < '0' || version.front() > '9') return;
      if (newest.empty() || is_older(newest, version)) newest = version;
    };
    keep("GLIBC_", out.glibc);
    keep("GLIBCXX_", out.libstdcxx);
    keep("CXXABI_", out.cxxabi);
  }

  void add_libraries(Elf_Scn* section, const GElf_Shdr& header, ElfNeeds& out) const {
    Elf_Data* data = data_of(section);
    GElf_Dyn entry;
    for (int i = 0; gelf_getdyn(data, i, &entry) != nullptr && entry.d_tag != DT_NULL; ++i)
      if (entry.d_tag == DT_NEEDED) out.libraries.push_back(text(header, entry.d_un.d_val));
  }

  void look_for_entry(Elf_Scn* section, const GElf_Shdr& header, ElfNeeds& out) const {
    Elf_Data* data = data_of(section);
    GElf_Sym symbol;
    for (int i = 0; gelf_getsym(data, i, &symbol) != nullptr; ++i)
      out.is_plugin |= symbol.st_shndx != SHN_UNDEF && GELF_ST_BIND(symbol.st_info) != STB_LOCAL &&
                       text(header, symbol.st_name) == "onager_plugin_entry";
  }

  std::string bytes_;  // the library may write to what it is given
  const std::string& name_;
  std::unique_ptr<::Elf, decltype(&elf_end)> elf_;
  GElf_Ehdr header_{};
};

}  // namespace

ElfNeeds read_elf_needs(std::string_view bytes, const std::string& name) {
  return SharedLibrary(bytes, name).needs();
}

std::string this_architecture() {
  utsname system{};
  uname(&system);
  return system.machine;
}

}  // namespace onager::host
