#!/usr/bin/env bash
# Makes this host ready for deployments; see --help.
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../lib/launch.sh"

usage() {
  cat <<END
Usage: prepare-target.sh [OPTION…]

Makes this host ready for deployments of $APPLICATION: a Btrfs pool at /var/lib/$APPLICATION (a loopback file where
there is no Btrfs), its directories, the keyring of the keys that may sign, and the configuration file. Run again, it
finds nothing to do. Needs root.

It is: goldstream-receiver --app $APPLICATION prepare OPTION…
GOLDSTREAM_APP in the environment names another application.

Examples:
  prepare-target.sh --key op-dbus.gpg --store dir:/srv/releases
  prepare-target.sh --size 32GiB --dry-run
  GOLDSTREAM_APP=my-app prepare-target.sh --key my-app.gpg
END
}

case "${1:-}" in
  -h | --help) usage ;;
  *) launch receiver --app "$APPLICATION" prepare "$@" ;;
esac
