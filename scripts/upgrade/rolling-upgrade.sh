#!/usr/bin/env bash
# Goes from the active version to a newer one; see --help.
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../lib/launch.sh"

usage() {
  cat <<END
Usage: rolling-upgrade.sh [FROM] TO [OPTION…]

Goes from the active version of $APPLICATION to TO: receives it if it is not here, mounts and checks it beside the active
one, switches by one rename, and restarts the units that are affected. If a unit fails, it goes back by itself. FROM is
an assertion: when another version is active, nothing is changed (exit code 8). Needs root.

It is: goldstream-receiver --app $APPLICATION upgrade FROM TO OPTION…
GOLDSTREAM_APP in the environment names another application.

Examples:
  rolling-upgrade.sh v1.2.3 v1.3.0
  rolling-upgrade.sh v1.2.3 v1.3.0 --dry-run
  rolling-upgrade.sh v1.3.0 --store dir:/media/stick
END
}

case "${1:-}" in
  -h | --help) usage ;;
  *) launch receiver --app "$APPLICATION" upgrade "$@" ;;
esac
