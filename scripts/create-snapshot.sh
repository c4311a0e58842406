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
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib/launch.sh"

main() {
  if [ $# -eq 0 ] || asks_for_help "$@"; then
    print_help
    if [ $# -eq 0 ]; then exit 2; else exit 0; fi
  fi
  local version=$1
  shift
  if ! [[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-.+)?$ ]]; then
    printf '"%s" is not vMAJOR.MINOR.PATCH[-pre]\n  hint: Write it like v1.3.0 or v2.0.0-rc.1.\n' "$version" >&2
    exit 2
  fi
  builder init "$@"
  builder golden update "$@"
  builder snapshot "$version" "$@"
}

builder() {
  (launch builder --recipe "$CHECKOUT/golden" "$@")
}

main "$@"
