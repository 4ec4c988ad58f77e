#!/usr/bin/env bash
# Writes data/breast_cancer.csv: the table in Debian's package python3-sklearn, with a line of column names.
# The package is unpacked in a temporary folder; nothing is installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
package=python3-sklearn
member=usr/lib/python3/dist-packages/sklearn/datasets/data/breast_cancer.csv
sha256=fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed

fail() {
  printf 'fetch.sh: %s\n' "$@" >&2
  exit 5
}

for tool in apt-get dpkg-deb sha256sum; do
  command -v "$tool" >/dev/null || fail "$tool not found; this script needs Debian or a system made from it"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
if ! apt-get -o APT::Sandbox::User=root download "$package" >log 2>&1; then
  cat log >&2
  fail "cannot download the package $package with apt-get." \
    "If there are no package lists yet, run 'sudo apt-get update'; else check the network and /etc/apt/sources.list."
fi
dpkg-deb -x "$package"_*.deb unpacked
[ -f "unpacked/$member" ] || fail "$(ls "$package"_*.deb) holds no $member; Debian 12 has it in version 1.2.1"
found=$(sha256sum <"unpacked/$member")
[ "${found%% *}" = "$sha256" ] ||
  fail "$member of $(ls "$package"_*.deb) is another file than expected:" "  SHA-256  ${found%% *}" "  expected $sha256"

# The file begins with its counts and classes (569,30,malignant,benign), not with names; the names are those of the
# documentation of the data: ten quantities of the cell nuclei, each as mean, standard error and worst of the image.
mkdir -p "$here/data"
awk -F, -v OFS=, '
NR == 1 {
  class[0] = $3; class[1] = $4
  q = split("radius texture perimeter area smoothness compactness concavity concave_points symmetry " \
            "fractal_dimension", quantity, " ")
  k = split("mean error worst", kind, " ")
  for (i = 1; i <= k; i++) for (j = 1; j <= q; j++) printf "%s_%s,", kind[i], quantity[j]
  print "diagnosis"
  next
}
{ sub(/\r$/, ""); $31 = class[$31]; print }' "unpacked/$member" >"$here/data/breast_cancer.csv.new"
mv "$here/data/breast_cancer.csv.new" "$here/data/breast_cancer.csv"
echo "wrote examples/table/data/breast_cancer.csv: $(($(wc -l <"$here/data/breast_cancer.csv") - 1)) samples"
