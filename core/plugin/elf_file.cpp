// SPDX-License-Identifier: MIT
#include "plugin/elf_file.hpp"

#include "base/error.hpp"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace onager::host {

namespace {

using Header = ElfW(Ehdr);
using Segment = ElfW(Phdr);

class Candidate {
 public:
  explicit Candidate(const std::filesystem::path& file) : file_(file) {}

  void check() {
    open();
    if (size_ == 0) fail("is empty; build or copy it again");
    std::string start(sizeof(Header), '\0');
    stream_.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(stream_.gcount()));
    if (start.compare(0, SELFMAG, ELFMAG) != 0)
      fail(fmt::format("is not a shared library: it is {}", described(start)));
    if (start.size() < sizeof(Header)) cut_off(sizeof(Header));
    Header header;
    std::memcpy(&header, start.data(), sizeof header);
    check_machine(header);
    check_type(header);
    check_whole(header);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(Category::plugin, fmt::format("{}: {}", file_.string(), what));
  }
  [[noreturn]] void cut_off(std::uint64_t expected) const {
    fail(fmt::format("is cut off: it has {} bytes of at least {}; build or copy it again", size_,
                     expected));
  }

  void open() {
    struct stat status;
    if (::stat(file_.c_str(), &status) != 0)
      fail(errno == ENOENT ? "there is no such file"
                           : fmt::format("cannot be read: {}", std::strerror(errno)));
    if (S_ISDIR(status.st_mode)) fail("is a folder, where a plugin's shared library was expected");
    if (!S_ISREG(status.st_mode)) fail("is not a regular file");
    size_ = static_cast<std::uint64_t>(status.st_size);
    errno = 0;
    stream_.open(file_, std::ios::binary);
    if (!stream_) fail(fmt::format("cannot be read: {}", std::strerror(errno)));
  }

  static std::string described(std::string_view start) {
    const auto begins = [&](std::string_view with) { return start.substr(0, with.size()) == with; };
    if (begins("!<arch>")) return "a static library (.a); link it with -shared";
    if (begins("PK\x03\x04")) return "a zip archive; unpack it first";
    if (begins("\x1f\x8b")) return "a gzip archive; unpack it first";
    if (begins("MZ")) return "a Windows program or library; build the plugin on this machine";
    if (begins("\xcf\xfa\xed\xfe")) return "a macOS library; build the plugin on this machine";
    const auto line = start.substr(0, std::min<std::size_t>(start.find('\n'), 40));
    const bool text = std::all_of(line.begin(), line.end(), [](char c) {
      return c == '\t' || c == '\r' || (c >= 0x20 && c < 0x7f);
    });
    if (begins("#!") && text) return fmt::format("a script that begins with \"{}\"", line);
    if (text) return fmt::format("a text file that begins with \"{}\"", line);
    std::string bytes;
    for (const char c : start.substr(0, 8))
      bytes += fmt::format(" {:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    return "a file that begins with the bytes" + bytes;
  }

  static std::string machine_name(unsigned machine) {
    switch (machine) {
      case EM_X86_64: return "x86-64";
      case EM_386: return "32-bit x86";
      case EM_AARCH64: return "64-bit ARM";
      case EM_ARM: return "32-bit ARM";
      case EM_PPC64: return "64-bit PowerPC";
      case EM_RISCV: return "RISC-V";
      default: return fmt::format("machine type {}", machine);
    }
  }

  void check_machine(const Header& header) const {
    Header own;
    std::ifstream program("/proc/self/exe", std::ios::binary);
    if (!program.read(reinterpret_cast<char*>(&own), sizeof own)) return;
    const auto bits = [](const Header& h) { return h.e_ident[EI_CLASS] == ELFCLASS64 ? 64 : 32; };
    if (bits(header) != bits(own))
      fail(
          fmt::format("is a {}-bit library and this program is {}-bit; build the plugin on this "
                      "machine",
                      bits(header), bits(own)));
    if (header.e_ident[EI_DATA] != own.e_ident[EI_DATA])
      fail("is for machines of the other byte order; build the plugin on this machine");
    if (header.e_machine != own.e_machine)
      fail(fmt::format("is for {} and this machine is {}; build the plugin on this machine",
                       machine_name(header.e_machine), machine_name(own.e_machine)));
  }

  void check_type(const Header& header) const {
    switch (header.e_type) {
      case ET_DYN: return;
      case ET_EXEC: fail("is a program, not a shared library; link it with -shared");
      case ET_REL: fail("is an object file (.o), not a shared library; link it with -shared");
      case ET_CORE: fail("is a core dump, not a shared library");
      default: fail(fmt::format("is an ELF file of type {}, not a shared library", header.e_type));
    }
  }

  /// The loader maps segments without looking at the size: touching a missing page ends the
  /// program by SIGBUS.
  void check_whole(const Header& header) {
    const std::uint64_t table_end =
        header.e_phoff + std::uint64_t{header.e_phnum} * sizeof(Segment);
    if (header.e_phentsize != sizeof(Segment) || header.e_phnum == 0)
      fail("has no usable table of segments; build or copy it again");
    if (table_end > size_) cut_off(table_end);
    std::vector<Segment> segments(header.e_phnum);
    stream_.seekg(static_cast<std::streamoff>(header.e_phoff));
    stream_.read(reinterpret_cast<char*>(segments.data()),
                 static_cast<std::streamsize>(segments.size() * sizeof(Segment)));
    if (!stream_) cut_off(table_end);
    for (const auto& s : segments)
      if (s.p_type == PT_LOAD && s.p_offset + s.p_filesz > size_) cut_off(s.p_offset + s.p_filesz);
  }

  const std::filesystem::path& file_;
  std::ifstream stream_;
  std::uint64_t size_ = 0;
};

}  // namespace

void check_shared_object(const std::filesystem::path& file) { Candidate(file).check(); }

}  // namespace onager::host
