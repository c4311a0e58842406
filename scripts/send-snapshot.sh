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
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib/launch.sh"

if [ $# -eq 0 ]; then
  print_help
  exit 2
elif asks_for_help "$@"; then
  print_help
else
  launch builder --recipe "$CHECKOUT/golden" send "$@"
fi
