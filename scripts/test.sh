#!/usr/bin/env bash
# scripts/test.sh [--long] [FILTER…]
#
# Installs what the tests need, checks format, lint, types and boundaries, builds, and runs every ring of tests:
# unit, integration (real Btrfs, real systemd) and acceptance (the commands as people type them). The last line is
# the sum. A FILTER is a part of a test file's path; --long adds the slow tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib/as-root.sh
. scripts/lib/our-node.sh

RINGS=(unit integration acceptance)

main() {
  local needs=test
  if [ "${1:-}" = --long ]; then
    export GOLDSTREAM_LONG=1
    needs=test-long
    shift
  fi
  scripts/install-needs.sh "$needs"
  use_our_node

  if [ ! -t 1 ]; then export NO_COLOR=1; fi
  results=$(mktemp -d)
  # Programs and threads that tests start from sources need not be compiled anew each time.
  export NODE_COMPILE_CACHE=$results/compiled
  trap 'rm -rf "$results"' EXIT
  local failed=()
  npm run --silent check || failed+=(check)
  npm run --silent build || failed+=(build)
  privileged node --conditions=source packages/testing/src/systemd/make-root-image-main.ts || failed+=(root-image)
  for ring in "${RINGS[@]}"; do
    run_ring "$ring" "$@" || failed+=("$ring")
  done

  if [ ${#failed[@]} -gt 0 ]; then echo "failed: ${failed[*]}"; fi
  node scripts/sum-test-results.mjs "$results" || failed+=(sum)
  [ ${#failed[@]} -eq 0 ]
}

# Without a filter, a ring in which no test ran has not been run.
run_ring() {
  local ring=$1
  shift
  local vitest=(vitest run --project "$ring" --reporter=default --reporter=json --outputFile.json="$results/$ring.json")
  if [ $# -gt 0 ]; then vitest+=(--passWithNoTests "$@"); fi
  echo "── $ring"
  if [ "$ring" = unit ]; then
    "${vitest[@]}"
  else
    local ended=0
    privileged "${vitest[@]}" || ended=$?
    give_back
    return "$ended"
  fi
}

# As root, with our Node and what the tests look at.
privileged() {
  as_root env "PATH=$PATH" "CI=${CI:-}" "GOLDSTREAM_CACHE=${GOLDSTREAM_CACHE:-}" "GOLDSTREAM_LONG=${GOLDSTREAM_LONG:-}" \
    "GOLDSTREAM_MUTATION_SEED=${GOLDSTREAM_MUTATION_SEED:-}" "NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE:-}" "$@"
}

# Makes what root wrote among our files ours again, so that the next npm ci can remove it.
give_back() {
  if [ "$(id -u)" -eq 0 ]; then return; fi
  local path
  for path in node_modules/.vit* "$results"; do
    if [ -e "$path" ]; then as_root chown -R "$(id -u):$(id -g)" "$path"; fi
  done
}

main "$@"
