#!/usr/bin/env bash
# scripts/upgrade/rolling-upgrade.sh [FROM] TO [OPTION…]
#
# Goes from the active version to a newer one (goldstream-receiver upgrade): receives TO if it is not here, mounts and
# checks it beside the active one, switches by one rename, restarts the units that are affected; when one of them fails,
# it goes back by itself. FROM is an assertion: if another version is active, nothing is changed (exit code 8). Needs
# root. Options are handed on:
#
#   --store URL      another store than the configured one
#   --manifest FILE  signed manifest of a version received by hand; FILE.asc lies beside it
#   --dry-run        say what would be done
#   --root DIR, --app NAME: as for scripts/pre-deploy/prepare-target.sh
#
# Examples:
#   sudo scripts/upgrade/rolling-upgrade.sh v1.2.3 v1.3.0
#   sudo scripts/upgrade/rolling-upgrade.sh v1.2.3 v1.3.0 --dry-run
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../lib/launch.sh"

if asks_for_help "$@"; then
  print_help
else
  launch receiver --app "${GOLDSTREAM_APP:-op-dbus}" upgrade "$@"
fi
