# shellcheck shell=bash
# Sourced from the root of the checkout, after as-root.sh.

# Puts the Node that this checkout brings (devDependencies) before the machine's own.
use_our_node() {
  PATH="$PWD/node_modules/.bin:$PATH"
  export PATH
  local version
  version=$(node --version) || stop "node cannot be run" "Run scripts/install-needs.sh."
  if [ "$(major_of "$version")" -lt 22 ]; then
    stop "node is $version, expected at least v22 from node_modules/.bin" \
      "Allow npm to run install scripts (npm config get ignore-scripts), remove node_modules, run this again."
  fi
}

# v24.21.0 and 11.4.2 → 24 and 11
major_of() {
  local number=${1#v}
  printf '%s\n' "${number%%.*}"
}
