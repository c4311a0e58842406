#!/usr/bin/env bash
# Mounts a version as a deployment beside the active one; see --help.
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../lib/launch.sh"

usage() {
  cat <<END
Usage: mount-deployment.sh [VERSION] [OPTION…]

Mounts VERSION of $APPLICATION as a deployment beside the active one, without making it active; without VERSION, mounts
the active deployment again. A version that was received by hand is checked against its signed manifest first, every
byte of it; without a manifest it is refused with exit code 5, unless --allow-unsigned takes it unproven for this run.
Needs root.

It is: goldstream-receiver --app $APPLICATION mount VERSION OPTION…
GOLDSTREAM_APP in the environment names another application.

Examples:
  mount-deployment.sh v1.2.3
  mount-deployment.sh v1.2.3 --manifest op-dbus-v1.2.3.manifest.json
  mount-deployment.sh v1.2.3 --dry-run
END
}

case "${1:-}" in
  -h | --help) usage ;;
  *) launch receiver --app "$APPLICATION" mount "$@" ;;
esac
