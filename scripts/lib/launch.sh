# shellcheck shell=bash
# Sourced by the thin scripts, from wherever they are called. The caller's working directory stays what it is.

CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$CHECKOUT/scripts/lib/as-root.sh"
. "$CHECKOUT/scripts/lib/our-node.sh"

# The application that the thin scripts are for.
APPLICATION=${GOLDSTREAM_APP:-op-dbus}

# Becomes a program of this checkout, as built or else from its sources: launch builder|receiver ARGUMENT…
launch() {
  local package=$CHECKOUT/packages/$1 caller=$PWD
  shift
  if [ ! -d "$CHECKOUT/node_modules" ]; then
    stop "nothing is installed in $CHECKOUT yet" "Run $CHECKOUT/scripts/install-needs.sh."
  fi
  cd "$CHECKOUT"
  use_our_node
  cd "$caller"
  if [ -f "$package/dist/main.js" ]; then
    exec node "$package/dist/main.js" "$@"
  fi
  exec node --conditions=source "$package/src/main.ts" "$@"
}
