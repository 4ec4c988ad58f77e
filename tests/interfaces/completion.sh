#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Completion in each shell that is installed: verbs, verbs of verbs, options, components.
set -euo pipefail
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH=$(dirname "$program"):$PATH HOME=$work
for shell in bash zsh fish; do "$program" completion $shell > "$work/$shell"; done

expect() {  # shell, command line up to the cursor, a word that is offered, one that is not
  local offered
  offered=$("$1" "$2")
  if ! grep -qxF -- "$3" <<<"$offered"; then echo "$1: '$2' offers no '$3': $offered"; exit 1; fi
  if grep -qxF -- "$4" <<<"$offered"; then echo "$1: '$2' offers '$4'"; exit 1; fi
}

in_bash() {
  bash --norc -c 'source "$1"; read -ra COMP_WORDS <<<"$2"; [[ $2 == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); compopt() { :; }; _onager; printf "%s\n" "${COMPREPLY[@]}"' \
    bash "$work/bash" "$1"
}

in_fish() { fish --no-config -c "source $work/fish; complete -C '$1'" | cut -f1; }

# A terminal of its own, in which zsh prints what it offers beside showing it. That is waited for, and
# then read until nothing more has come for a while.
cat > "$work/offered.zsh" <<'ZSH'
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell "PS1=; unsetopt prompt_cr prompt_sp; autoload -U compinit; compinit -u -D; source $1"
zpty -w shell 'compadd() {
  builtin compadd -O hits "$@"; print -rl -- "${(@)hits/#/OFFERED:}"; builtin compadd "$@"; }'
zpty -w shell "bindkey '^I' complete-word; print -r -- RE''ADY"
until zpty -r -t shell line && [[ $line == READY* ]]; do (( ++waited < 1000 )) || exit 1; sleep 0.02; done
zpty -w -n shell "$2"$'\t'
for (( quiet = -500; quiet < 25; ++quiet )); do
  while zpty -r -t shell line; do
    [[ $line == *OFFERED:* ]] || continue
    print -r -- ${${line##*OFFERED:}%%[[:space:]]*}
    quiet=0
  done
  sleep 0.02
done
zpty -d shell
ZSH
in_zsh() { zsh -f "$work/offered.zsh" "$work/zsh" "$1"; }

for shell in bash fish zsh; do
  if ! command -v $shell >/dev/null; then echo "$shell is not installed"; continue; fi
  $shell -n "$work/$shell"
  expect in_$shell 'onager ' sweep pack
  expect in_$shell 'onager plugin ' install sweep
  expect in_$shell 'onager plugin key ' trust install
  expect in_$shell 'onager describe gau' gaussian cholesky
  expect in_$shell 'onager list ' feature_map gaussian
  expect in_$shell 'onager run --re' --resume --repeat
  expect in_$shell 'onager plugin install --re' --replace --resume
  expect in_$shell 'onager bench --only ' outer_product kernel
done
