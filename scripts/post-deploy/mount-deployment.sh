#!/usr/bin/env bash
# scripts/post-deploy/mount-deployment.sh [VERSION] [OPTION…]
#
# Mounts a version as a deployment beside the active one, without making it active (goldstream-receiver mount); without
# VERSION, mounts the active deployment again. A version that was received by hand is checked against its signed
# manifest first, every byte of it; where there is no manifest it is refused with exit code 5. Needs root. Options are
# handed on:
#
#   --manifest FILE    signed manifest of a version received by hand; FILE.asc lies beside it
#   --store URL        another store than the configured one
#   --allow-unsigned   take what was received by hand WITHOUT proof, in this run
#   --dry-run          say what would be done
#   --root DIR, --app NAME: as for scripts/pre-deploy/prepare-target.sh
#
# Examples:
#   sudo scripts/post-deploy/mount-deployment.sh v1.2.3
#   sudo scripts/post-deploy/mount-deployment.sh v1.2.3 --manifest op-dbus-v1.2.3.manifest.json
set -euo pipefail
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../lib/launch.sh"

if asks_for_help "$@"; then
  print_help
else
  launch receiver --app "${GOLDSTREAM_APP:-op-dbus}" mount "$@"
fi
