#!/usr/bin/env bash
# scripts/pre-deploy/prepare-target.sh [OPTION…]
#
# Makes this host ready for deployments (goldstream-receiver prepare): a Btrfs pool at /var/lib/op-dbus, in a loopback
# file where there is no Btrfs; its directories; the keyring of the keys that may sign; the configuration file. Run
# again, it finds nothing to do. Needs root. Options are handed on:
#
#   --key FILE     public key that may sign releases; may be repeated
#   --store URL    where releases come from, such as dir:/srv/releases
#   --size SIZE    size that a new loopback file may grow to (default: 16GiB)
#   --dry-run      say what would be done
#   --root DIR     all paths of the host lie below it, and no daemon is called (default: /)
#   --app NAME     application (default: op-dbus, or GOLDSTREAM_APP of the environment)
#
# Examples:
#   sudo scripts/pre-deploy/prepare-target.sh --key op-dbus.gpg --store dir:/srv/releases
#   sudo scripts/pre-deploy/prepare-target.sh --size 32GiB --dry-run
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../lib/launch.sh"

if asks_for_help "$@"; then
  print_help
else
  launch receiver --app "${GOLDSTREAM_APP:-op-dbus}" prepare "$@"
fi
