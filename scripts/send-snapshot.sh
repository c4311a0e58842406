#!/usr/bin/env bash
# scripts/send-snapshot.sh VERSION [OPTION…]
#
# Writes the send streams of a version (goldstream-builder send VERSION): raw SHA-256, zstd, parts with digests. Without
# --parent it is the full stream. What is there already is not made again. Needs root. Options are handed on:
#
#   --parent V     what differs from version V; may be repeated
#   --full         the full stream too, beside those from parents
#   --dry-run      say what would be done
#   --root DIR, --recipe DIR, --app NAME, --quiet, --json: as for scripts/create-snapshot.sh
#
# Example: sudo scripts/send-snapshot.sh v1.3.0 --full --parent v1.2.3
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
  find_node
  builder send "$@"
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
