# shellcheck shell=bash
# Sourced by the thin scripts, which may be called from anywhere and through symlinks.

CHECKOUT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
. "$CHECKOUT/scripts/lib/as-root.sh"
. "$CHECKOUT/scripts/lib/our-node.sh"

# Becomes a program of this checkout, as built or else from its sources: launch builder|receiver ARGUMENT…
# Relative paths among the arguments are the caller's, so the working directory stays what it is.
launch() {
  local package=$CHECKOUT/packages/$1 caller=$PWD
  shift
  if [ ! -d "$CHECKOUT/node_modules" ]; then
    stop "nothing is installed in $CHECKOUT yet" "Run $CHECKOUT/scripts/install-needs.sh."
  fi
  cd "$CHECKOUT"
  use_our_node
  cd "$caller"
  if [ -f "$package/dist/bundle/main.js" ]; then
    exec node "$package/dist/bundle/main.js" "$@"
  fi
  exec node --conditions=source "$package/src/main.ts" "$@"
}

# The comment at the head of a script is its help.
print_help() {
  sed -n '2,/^set /s/^# \{0,1\}//p' "$0"
}

asks_for_help() {
  [ "${1:-}" = --help ] || [ "${1:-}" = -h ]
}
