#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# CPack's Debian package, installed by dpkg into a root of its own, works there: program, plugins, a
# run, manual, completion, and a plugin that is built against its SDK by CMake and by pkg-config.
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cpack --config "$build/CPackConfig.cmake" -B "$work/cpack" \
  -D CPACK_OUTPUT_FILE_PREFIX="$work" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
package=$(ls "$work"/*.deb)

root=$work/root
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates"
touch "$root/var/lib/dpkg/status"
# what it depends on is the system's, and is not in that root
dpkg --root="$root" --force-not-root --force-depends --log=/dev/null -i "$package" \
  > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
[ "$(dpkg-query --root="$root" -W -f '${Status}' onager 2>/dev/null ||
     dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Status}' onager)" = "install ok installed" ]

# every library that it needs belongs to a package that it depends on
depends=$(dpkg-deb -f "$package" Depends)
for library in libopenblas libarchive libsodium libfmt libtomlplusplus; do
  grep -q "$library" <<<"$depends" || { echo "no dependency on $library: $depends"; exit 1; }
done

unset ONAGER_PLUGIN_PATH
export HOME=$work/home
mkdir "$HOME"
onager=$root/usr/bin/onager
"$onager" list | grep gaussian > "$work/log"
cat > "$work/p.toml" <<'TOML'
[dataset]
use = "modular_arithmetic"
modulus = 7
[[feature_map]]
use = "agop"
[kernel]
use = "gaussian"
bandwidth = 2.5
[optimizer]
use = "cholesky"
ridge = 1e-6
[loop]
rounds = 2
TOML
"$onager" run "$work/p.toml" --out "$work/run" --quiet > /dev/null
grep -q '"status": "finished"' "$work/run/summary.json"
grep -qF "file = \"$root/usr/lib" "$work/run/lock.toml"

for file in usr/share/man/man1/onager.1 usr/share/bash-completion/completions/onager \
  usr/share/zsh/vendor-completions/_onager usr/share/fish/vendor_completions.d/onager.fish \
  usr/share/doc/onager/copyright; do
  [ -s "$root/$file" ] || [ -s "$root/$file.gz" ] || { echo "the package lacks $file"; exit 1; }
done
# built against the packed SDK, which the program finds by itself
"$onager" plugin install "$here/../sdk/cauchy" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$onager" describe cauchy | grep bandwidth > "$work/log"
export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$(find "$root" -name onager.pc)")
[ -f "$(pkg-config --variable=includedir onager)/onager/abi.h" ]
