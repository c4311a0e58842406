#!/usr/bin/env bash
# scripts/lib/main-job.sh [--keep | --remove DIR]
#
# The part of quickstart.sh that runs as root: one version's way from recipe to host, an upgrade and the way back, in a
# directory of its own. It expects the programs built and our Node in PATH.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. scripts/lib/throw-away.sh
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

main() {
  if [ "${1:-}" = --remove ]; then
    remove_throw_away "$2"
    echo "$2 is gone, and its mounts with it"
    return
  fi
  keep=${1:-}
  started=$(now)
  directory=$(make_throw_away)
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap clean_up EXIT

  make_inputs
  echo "Everything happens in $directory, called DIR below; nothing else of this system is touched."
  echo "The builder works below DIR/builder, the host below DIR/host; the options that say so are left out here."
  release_the_first_version
  deploy_it
  release_the_next_version
  upgrade_and_return
  heading "The whole way took $(seconds_since "$started")"
  if [ -n "$keep" ]; then say_how_to_look_around; fi
}

release_the_first_version() {
  heading "Builder: from the recipe to a signed release"
  told goldstream-builder init --size 4GiB
  told goldstream-builder keys create
  told goldstream-builder keys export --out "$directory/op-dbus.gpg"
  told goldstream-builder golden update
  told goldstream-builder snapshot v1.0.0
  told goldstream-builder release v1.0.0 --to "dir:$directory/store"
}

deploy_it() {
  heading "Host: from the release to what runs"
  told goldstream-receiver --app op-dbus prepare --size 4GiB --key "$directory/op-dbus.gpg" --store "dir:$directory/store"
  told goldstream-receiver deploy v1.0.0
  what_runs
}

release_the_next_version() {
  heading "Builder: one line of the program changes, and one of 16 MiB of text"
  sed -i 's/^VERSION=1\.0\.0$/VERSION=1.1.0/' "$directory/golden/stage-1-core-dbus/bin/op-dbus"
  sed -i '1000000s/line/LINE/' "$MADE/made.txt"
  told goldstream-builder golden update
  told goldstream-builder snapshot v1.1.0
  told goldstream-builder release v1.1.0 --to "dir:$directory/store"
}

upgrade_and_return() {
  heading "Host: upgrade by the incremental stream, and back"
  told goldstream-receiver upgrade v1.0.0 v1.1.0
  what_runs
  told goldstream-receiver rollback
  what_runs
  told goldstream-receiver status
}

# The recipe that may be changed, with 64 MiB beside the small programs so that sizes say something; and the programs
# with the options that keep them in the directory.
make_inputs() {
  cp -R golden "$directory/golden"
  MADE=$directory/golden/stage-2-introspection-cache/var/cache
  head -c 48M /dev/urandom >"$MADE/made.bin"
  # `seq` is cut off by `head`, which is no failure.
  (seq -f 'line %.0f' 1500000 2>/dev/null || true) | head -c 16M >"$MADE/made.txt"

  mkdir "$directory/bin" "$directory/builder" "$directory/host" "$directory/store"
  program goldstream-builder packages/builder --root "$directory/builder" --recipe "$directory/golden"
  program goldstream-receiver packages/receiver --root "$directory/host"
  PATH="$directory/bin:$PATH"
}

program() {
  local name=$1 package=$2
  shift 2
  {
    echo '#!/usr/bin/env bash'
    printf 'exec'
    printf ' %q' "$(command -v node)" "$PWD/$package/bin/$name.js" "$@"
    printf ' "$@"\n'
  } >"$directory/bin/$name"
  chmod +x "$directory/bin/$name"
}

# Runs a program and shows the command, how long it took, and its result.
told() {
  local said began ended=0 name=$1
  shift
  said="$name $*"
  printf '$ %s' "${said//"$directory"/DIR}"
  began=$(now)
  said=$("$name" --quiet "$@") || ended=$?
  if [ "$ended" -ne 0 ]; then
    printf '\nquickstart stopped: %s ended with exit code %s\n' "$name" "$ended" >&2
    return "$ended"
  fi
  printf '  · %s\n' "$(seconds_since "$began")"
  if [ -n "$said" ]; then sed 's/^./  &/' <<<"${said//"$directory"/DIR}"; fi
}

what_runs() {
  echo "  what runs now says: $("$directory/host/var/lib/op-dbus/current/links/usr/local/bin/op-dbus" --version)"
}

heading() {
  printf '\n── %s\n' "$1"
}

say_how_to_look_around() {
  local kept
  kept=$(printf '%q' "$directory")
  cat <<END

DIR is kept, its pools stay mounted. To look around, as root:
  export PATH=$kept/bin:\$PATH
  goldstream-receiver status          # or list, verify --deep, upgrade v1.1.0; --help says more
  goldstream-builder inspect $kept/store/v1.1.0/op-dbus-v1.1.0.from-v1.0.0.btrfs.zst
  ls $kept/host/var/lib/op-dbus/current/root/
To take it away:
  $(printf '%q' "$PWD")/scripts/quickstart.sh --remove $kept
END
}

# In any case at the end. It is not interrupted half-way.
clean_up() {
  local ended=$?
  trap '' HUP INT TERM
  if [ "$ended" -eq 0 ] && [ -n "$keep" ]; then return; fi
  cd /
  if remove_throw_away "$directory"; then
    printf '\nDIR is removed: its mounts, loop devices and files are gone.\n'
  elif [ "$ended" -eq 0 ]; then
    ended=8
  fi
  exit "$ended"
}

# Milliseconds
now() {
  printf '%s\n' "$((${EPOCHREALTIME//[!0-9]/} / 1000))"
}

seconds_since() {
  local milliseconds=$(($(now) - $1))
  printf '%d.%d s\n' $((milliseconds / 1000)) $((milliseconds % 1000 / 100))
}

main "$@"
