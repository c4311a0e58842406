#!/usr/bin/env bash
# scripts/create-snapshot.sh VERSION [OPTION…]
#
# Freezes the golden environment as a version: makes or mounts the pool (goldstream-builder init), brings golden in
# line with the recipe (golden update), and makes the read-only snapshot (snapshot VERSION). Each step does nothing
# where nothing is to do, so the script can be run again. Needs root. Options are handed on to all three:
#
#   --root DIR     all paths of the builder lie below it (default: /)
#   --recipe DIR   folder that holds golden.yaml (default: golden of this checkout)
#   --app NAME     default: that of golden.yaml
#   --quiet        tell only warnings and errors
#
# Example: sudo scripts/create-snapshot.sh v1.2.3
set -euo pipefail
self=$(readlink -f "${BASH_SOURCE[0]}")
checkout=$(dirname "$(dirname "$self")")
# shellcheck source=scripts/lib/as-root.sh
. "$checkout/scripts/lib/as-root.sh"
# shellcheck source=scripts/lib/our-node.sh
. "$checkout/scripts/lib/our-node.sh"

main() {
  if [ $# -eq 0 ] || [ "$1" = --help ] || [ "$1" = -h ]; then
    sed -n '2,/^set /s/^# \{0,1\}//p' "$self"
    if [ $# -eq 0 ]; then exit 2; else exit 0; fi
  fi
  local version=$1
  shift
  if ! [[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-.+)?$ ]]; then
    printf '"%s" is not vMAJOR.MINOR.PATCH[-pre]\n  hint: Write it like v1.3.0 or v2.0.0-rc.1.\n' "$version" >&2
    exit 2
  fi
  find_node
  builder init "$@"
  builder golden update "$@"
  builder snapshot "$version" "$@"
}

# Relative paths among the options are those of the caller, so the working directory stays.
find_node() {
  local here=$PWD
  cd "$checkout"
  if ! [ -d node_modules/@goldstream ]; then stop "this checkout has no node_modules" "Run npm ci in $checkout."; fi
  use_our_node
  cd "$here"
}

# From the sources, which are always there and never older than themselves.
builder() {
  node --conditions=source "$checkout/packages/builder/src/main.ts" --recipe "$checkout/golden" "$@"
}

main "$@"
