#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The man page is well-formed and has every verb and every option of the program, and no other.
set -euo pipefail
program=$1 page=$(cd "$(dirname "$0")/../../docs" && pwd)/onager.1
text=$(sed -E 's/\\-/-/g' "$page")
words=$("$program" completion fish | grep "^complete ")
# complete -c onager -n '__onager_verbs plugin' -a pack ... and ... -l sign
while read -r verb; do
  grep -qE "onager( [a-z]+)* $verb( |\"|$)" <<<"$text" || { echo "the man page lacks the verb $verb"; exit 1; }
done < <(grep -oE "' -a [a-z]+ -d" <<<"$words" | awk '{print $3}' | sort -u | grep -vx key)
options=$(grep -oE ' -l [a-z0-9-]+' <<<"$words" | awk '{print $2}' | sort -u)
for option in $options; do
  grep -q -e "--$option\b" <<<"$text" || { echo "the man page lacks --$option"; exit 1; }
done
for option in $(grep -oE -e '--[a-z][a-z0-9-]+' <<<"$text" | sort -u); do
  grep -qx -- "${option#--}" <<<"$options" || { echo "the man page has $option, and the program has not"; exit 1; }
done
if command -v groff >/dev/null; then
  warnings=$(groff -man -Tutf8 -ww "$page" 2>&1 >/dev/null)
  [ -z "$warnings" ] || { echo "$warnings"; exit 1; }
fi
