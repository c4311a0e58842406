#!/usr/bin/env bash
# scripts/quickstart.sh [--keep | --remove DIR]
#
# Goes the whole way once: a recipe becomes a golden subvolume, a snapshot, a signed release in a directory; a host
# receives it, runs it, upgrades by an incremental stream and goes back. All of it happens in a throw-away directory
# below $TMPDIR (default: /var/tmp), on loopback pools; nothing of this system's own is touched, and nothing is left
# behind, also after Ctrl-C. What is missing is installed first (it says what and why), and what is not built is built.
#
#   --keep        leave the pools mounted, and say how to look around
#   --remove DIR  take away what --keep left
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. scripts/lib/as-root.sh
. scripts/lib/our-node.sh

# npm would leave a cache of its compiled code in $TMPDIR.
export NODE_DISABLE_COMPILE_CACHE=1

main() {
  case "$*" in
    --help | -h)
      sed -n '2,/^set /s/^# \{0,1\}//p' scripts/quickstart.sh
      exit 0
      ;;
    '' | --keep) ;;
    --remove\ ?*) ;;
    *)
      echo "usage: scripts/quickstart.sh [--keep | --remove DIR]" >&2
      exit 2
      ;;
  esac
  scripts/install-needs.sh run
  use_our_node
  build_if_needed
  become_root env "PATH=$PATH" "TMPDIR=${TMPDIR:-/var/tmp}" scripts/lib/main-job.sh "$@"
}

# Built already, and no source changed since?
build_if_needed() {
  local program
  for program in builder receiver; do
    local bundle=packages/$program/dist/bundle/main.js
    if [ ! -e "$bundle" ] || [ -n "$(sources_newer_than "$bundle")" ]; then
      echo "building goldstream-builder and goldstream-receiver"
      npm run --silent build
      return
    fi
  done
}

sources_newer_than() {
  find packages/*/src packages/*/package.json package-lock.json scripts/bundle.mjs scripts/lib/bundle-program.ts -name '*.test.ts' -prune -o \
    -type f -newer "$1" -print -quit
}

main "$@"
