// SPDX-License-Identifier: MIT
#include "package/signature.hpp"

#include "base/error.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <optional>
#include <vector>

namespace onager::host {

namespace {

using Bytes = std::vector<unsigned char>;

constexpr std::string_view algorithm = "Ed";           // of keys
constexpr std::string_view hashed = "ED";              // of signatures: of the content's hash
constexpr std::string_view checksum_algorithm = "B2";  // BLAKE2b
constexpr std::string_view unprotected = {"\0\0", 2};  // of secret keys
constexpr std::string_view by_password = "Sc";
constexpr std::string_view untrusted = "untrusted comment: ", trusted = "trusted comment: ";

constexpr int base64 = sodium_base64_VARIANT_ORIGINAL;

std::string encoded(const Bytes& bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), base64), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), base64);
  text.pop_back();  // the NUL
  return text;
}

/// Exactly `size` bytes, or nothing.
std::optional<Bytes> decoded(std::string_view text, std::size_t size) {
  Bytes bytes(size);
  std::size_t got = 0;
  const char* end = nullptr;
  const bool fine = sodium_base642bin(bytes.data(), size, text.data(), text.size(), nullptr, &got,
                                      &end, base64) == 0;
  if (!fine || got != size || end != text.data() + text.size()) return std::nullopt;
  return bytes;
}

void put(Bytes& to, std::string_view text) { to.insert(to.end(), text.begin(), text.end()); }
template <std::size_t n>
void put(Bytes& to, const std::array<unsigned char, n>& bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

/// Takes the fields of a record one after the other.
class Fields {
 public:
  explicit Fields(Bytes bytes) : bytes_(std::move(bytes)) {}
  std::string_view text(std::size_t count) {
    return {reinterpret_cast<const char*>(next(count)), count};
  }
  template <std::size_t n>
  void take(std::array<unsigned char, n>& out) {
    std::copy_n(next(n), n, out.begin());
  }

 private:
  const unsigned char* next(std::size_t count) {
    at_ += count;
    return bytes_.data() + at_ - count;
  }
  const Bytes bytes_;
  std::size_t at_ = 0;
};

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool begins(std::string_view text, std::string_view with) {
  return text.substr(0, with.size()) == with;
}

/// Whether the public half of a secret key follows from the other.
template <class Key>
bool is_pair(const Key& key) {
  std::array<unsigned char, crypto_sign_SEEDBYTES> seed;
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open;
  Key secret;
  std::copy_n(key.begin(), seed.size(), seed.begin());
  crypto_sign_seed_keypair(open.data(), secret.data(), seed.data());
  return secret == key;
}

std::array<unsigned char, crypto_generichash_BYTES> checksum(const SecretKey& key) {
  Bytes record;
  put(record, algorithm);
  put(record, key.public_key.id);
  put(record, key.key);
  std::array<unsigned char, crypto_generichash_BYTES> out;
  crypto_generichash(out.data(), out.size(), record.data(), record.size(), nullptr, 0);
  return out;
}

std::array<unsigned char, 64> hash_of(std::string_view content) {
  std::array<unsigned char, 64> out;
  crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(content.data()),
                     content.size(), nullptr, 0);
  return out;
}

constexpr std::size_t public_key_size = 2 + 8 + 32;
constexpr std::size_t secret_key_size = 2 + 2 + 2 + 32 + 8 + 8 + 8 + 64 + 32;
constexpr std::size_t signature_size = 2 + 8 + 64;

}  // namespace

std::string key_id_text(const std::array<unsigned char, 8>& id) {
  std::string out;
  for (auto byte = id.rbegin(); byte != id.rend(); ++byte)
    out += fmt::format("{:02X}", static_cast<unsigned>(*byte));
  return out;
}

bool operator==(const PublicKey& a, const PublicKey& b) { return a.id == b.id && a.key == b.key; }

std::string PublicKey::text() const {
  Bytes record;
  put(record, algorithm);
  put(record, id);
  put(record, key);
  return encoded(record);
}

SecretKey new_secret_key() {
  if (sodium_init() < 0) throw Error(Category::system, "no random numbers can be had for a key");
  SecretKey out;
  crypto_sign_keypair(out.public_key.key.data(), out.key.data());
  randombytes_buf(out.public_key.id.data(), out.public_key.id.size());
  return out;
}

std::string public_key_file(const PublicKey& key) {
  return fmt::format("{}minisign public key {}\n{}\n", untrusted, key_id_text(key.id), key.text());
}

std::string secret_key_file(const SecretKey& key) {
  Bytes record;
  put(record, algorithm);
  put(record, unprotected);
  put(record, checksum_algorithm);
  record.resize(record.size() + 32 + 8 + 8);  // salt and limits of a password's hash: none
  put(record, key.public_key.id);
  put(record, key.key);
  put(record, checksum(key));
  return fmt::format("{}minisign secret key {}, not protected by a password\n{}\n", untrusted,
                     key_id_text(key.public_key.id), encoded(record));
}

PublicKey read_public_key(std::string_view text, const std::string& name) {
  const auto lines = lines_of(text);
  const bool alone = lines.size() == 1;
  const bool file = lines.size() >= 2 && begins(lines[0], untrusted);
  const auto bytes =
      alone || file ? decoded(lines[file ? 1 : 0], public_key_size) : std::optional<Bytes>();
  Fields fields(bytes ? *bytes : Bytes());
  if (!bytes || fields.text(2) != algorithm)
    throw Error(Category::config,
                fmt::format("{}: is no public key; a file FILE.pub of `onager plugin key new` or "
                            "`minisign -G`, or its second line, was expected",
                            name));
  PublicKey out;
  fields.take(out.id);
  fields.take(out.key);
  return out;
}

SecretKey read_secret_key(std::string_view text, const std::string& name) {
  const auto lines = lines_of(text);
  const bool file = lines.size() >= 2 && begins(lines[0], untrusted);
  const auto bytes = file ? decoded(lines[1], secret_key_size) : std::optional<Bytes>();
  Fields fields(bytes ? *bytes : Bytes());
  if (!bytes || fields.text(2) != algorithm)
    throw Error(
        Category::config,
        fmt::format("{}: is no secret key; a file of `onager plugin key new` was expected", name));
  const auto protection = fields.text(2);
  if (protection == by_password)
    throw Error(Category::config,
                fmt::format("{}: is protected by a password, which Onager does not ask for; make a "
                            "key with `onager plugin key new` or `minisign -G -W`",
                            name));
  SecretKey out;
  fields.text(2 + 32 + 8 + 8);
  fields.take(out.public_key.id);
  fields.take(out.key);
  std::array<unsigned char, crypto_generichash_BYTES> sum;
  fields.take(sum);
  // minisign 0.11 leaves the checksum of an unprotected key zero
  const bool told = sum != decltype(sum){};
  if (protection != unprotected || (told ? sum != checksum(out) : !is_pair(out.key)))
    throw Error(Category::config, fmt::format("{}: is a damaged secret key", name));
  std::copy_n(out.key.begin() + 32, 32, out.public_key.key.begin());
  return out;
}

std::string sign(std::string_view content, const SecretKey& key, const std::string& comment) {
  const auto hash = hash_of(content);
  std::array<unsigned char, 64> of_content, of_comment;
  crypto_sign_detached(of_content.data(), nullptr, hash.data(), hash.size(), key.key.data());
  Bytes global;
  put(global, of_content);
  put(global, comment);
  crypto_sign_detached(of_comment.data(), nullptr, global.data(), global.size(), key.key.data());
  Bytes record;
  put(record, hashed);
  put(record, key.public_key.id);
  put(record, of_content);
  return fmt::format("{}signature from the secret key {}\n{}\n{}{}\n{}\n", untrusted,
                     key_id_text(key.public_key.id), encoded(record), trusted, comment,
                     encoded({of_comment.begin(), of_comment.end()}));
}

Signature read_signature(std::string_view text, const std::string& name) {
  const auto lines = lines_of(text);
  const bool shaped = lines.size() == 4 && begins(lines[0], untrusted) && begins(lines[2], trusted);
  const auto record = shaped ? decoded(lines[1], signature_size) : std::optional<Bytes>();
  const auto global = shaped ? decoded(lines[3], 64) : std::optional<Bytes>();
  Fields fields(record ? *record : Bytes());
  if (!record || !global || fields.text(2) != hashed)
    throw Error(Category::plugin, fmt::format("{}: the signature is no signature by an Ed25519 key "
                                              "as `minisign -S` writes it",
                                              name));
  Signature out;
  fields.take(out.key_id);
  fields.take(out.of_content);
  out.comment = lines[2].substr(trusted.size());
  std::copy(global->begin(), global->end(), out.of_comment.begin());
  return out;
}

bool Signature::holds(std::string_view content, const PublicKey& key) const {
  if (key.id != key_id) return false;
  const auto hash = hash_of(content);
  Bytes global;
  put(global, of_content);
  put(global, comment);
  return crypto_sign_verify_detached(of_content.data(), hash.data(), hash.size(), key.key.data()) ==
             0 &&
         crypto_sign_verify_detached(of_comment.data(), global.data(), global.size(),
                                     key.key.data()) == 0;
}

}  // namespace onager::host
