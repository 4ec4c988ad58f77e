#!/usr/bin/env bash
# Writes three tables into data/ from files that Debian packages hold: cancer.csv, concrete.csv,
# letters_train.csv and letters_test.csv. Arguments: names of those that are wanted (default: cancer concrete letters).
# The packages are unpacked in a temporary folder; nothing is installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

fail() {
  printf 'fetch.sh: %s\n' "$@" >&2
  exit 5
}

for tool in apt-get dpkg-deb sha256sum python3; do
  command -v "$tool" >/dev/null || fail "$tool not found; this script needs Debian or a system made from it, and python3"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"

# unpack PACKAGE: its files appear under unpacked/.
unpack() {
  if ! apt-get -o APT::Sandbox::User=root download "$1" >log 2>&1; then
    cat log >&2
    fail "cannot download the package $1 with apt-get." \
      "If there are no package lists yet, run 'sudo apt-get update'; else check the network and /etc/apt/sources.list."
  fi
  dpkg-deb -x "$1"_*.deb unpacked
}

# checked PACKAGE FILE SHA256: the file of the package is the one that this script was written for.
checked() {
  [ -f "unpacked/$2" ] || fail "$(ls "$1"_*.deb) holds no $2; the package of Debian 12 does"
  local found
  found=$(sha256sum <"unpacked/$2")
  [ "${found%% *}" = "$3" ] ||
    fail "$2 of $(ls "$1"_*.deb) is another file than expected:" "  SHA-256  ${found%% *}" "  expected $3"
}

# keep NAME: NAME.csv of the temporary folder goes to data/.
keep() {
  mkdir -p "$here/data"
  mv "$1.csv" "$here/data/$1.csv"
  echo "wrote examples/tabular_rfm/data/$1.csv: $(($(wc -l <"$here/data/$1.csv") - 1)) samples"
}

cancer() {
  local file=usr/lib/python3/dist-packages/sklearn/datasets/data/breast_cancer.csv
  unpack python3-sklearn
  checked python3-sklearn $file fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed
  # The file begins with its counts and classes (569,30,malignant,benign), not with names; the names are those of the
  # documentation of the data: ten quantities of the cell nuclei, each as mean, standard error and worst of the image.
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
  { sub(/\r$/, ""); $31 = class[$31]; print }' unpacked/$file >cancer.csv
  keep cancer
}

concrete() {
  local folder=usr/lib/R/site-library/modeldata/data
  unpack r-cran-modeldata
  checked r-cran-modeldata $folder/Rdata.rdb 2ecef5e8da0f782ae4e3f65d928fe769702accffd8981cc358a3097f6736f58f
  checked r-cran-modeldata $folder/Rdata.rdx c23e1be60f2730fb526ce158a307e154c91a953169fcb8e73350c4e032e14538
  "$here/r_table.py" unpacked/$folder/Rdata.rdb concrete >concrete.csv
  keep concrete
}

letters() {
  local file=usr/lib/R/site-library/mlbench/data/LetterRecognition.rda
  unpack r-cran-mlbench
  checked r-cran-mlbench $file 967a1a3e10b548d7269cbe50182bcecd6365cc58ea07638bbc34c51f17f34f1d
  "$here/r_table.py" unpacked/$file LetterRecognition >letters.csv
  # as the authors split them: the first 16,000 train
  head -n 16001 letters.csv >letters_train.csv
  { head -n 1 letters.csv && tail -n +16002 letters.csv; } >letters_test.csv
  keep letters_train
  keep letters_test
}

[ $# -gt 0 ] || set -- cancer concrete letters
for table in "$@"; do
  case $table in
    cancer | concrete | letters) "$table" ;;
    *) fail "there is no table '$table'; there are cancer, concrete and letters" ;;
  esac
done
