# shellcheck shell=bash
# Sourced by scripts that run as root and work in a directory of which nothing may stay: mounts, loop devices (they go
# with their mount), subvolumes, a key agent, files. It is called from traps, where a plain `return` would give back the
# status from before the trap: each says its status.

# Says on stdout which directory it made; its path has no symlink in it, as in /proc/self/mountinfo.
make_throw_away() {
  local parent directory
  parent=$(cd "${TMPDIR:-/var/tmp}" && pwd -P)
  directory=$(mktemp -d "$parent/goldstream-quickstart.XXXXXX")
  printf '%s\n' "$directory" >"$directory/$MARK"
  printf '%s\n' "$directory"
}

# Takes away what make_throw_away made, and nothing that does not say of itself that it is such a directory.
remove_throw_away() {
  local directory
  directory=$(cd "$1" 2>/dev/null && pwd -P) || {
    printf '%s is no directory\n' "$1" >&2
    return 8
  }
  if [ "$(cat "$directory/$MARK" 2>/dev/null)" != "$directory" ]; then
    printf '%s was not made by quickstart.sh: it has no %s that names it; nothing was removed\n' "$directory" "$MARK" >&2
    return 8
  fi
  end_key_agents "$directory" && unmount_below "$directory" && delete_subvolumes_below "$directory" &&
    rm -rf --one-file-system "$directory"
}

MARK=.made-by-quickstart

# An agent that a broken-off command left; gpg names it by its home.
end_key_agents() {
  local home
  for home in "$1"/builder/var/lib/goldstream/*/state/gnupg; do
    if [ -d "$home" ]; then gpgconf --homedir "$home" --kill all || true; fi
  done
}

# The newest mount first, never lazily.
unmount_below() {
  local mountpoint
  while mountpoint=$(newest_mount_below "$1") && [ -n "$mountpoint" ]; do
    if ! unmount_patiently "$mountpoint"; then
      printf '%s is left as it is\n' "$1" >&2
      return 8
    fi
  done
}

# What a command that was just broken off still holds is waited for, ten seconds at most.
unmount_patiently() {
  local attempt
  for attempt in {1..50}; do
    if umount "$1" 2>/dev/null; then return 0; fi
    sleep 0.2
  done
  umount "$1"
}

# Spaces and the like are written as octal numbers there (proc_pid_mountinfo(5)).
newest_mount_below() {
  local line fields mountpoint newest=
  while read -r line; do
    read -ra fields <<<"$line"
    mountpoint=$(printf '%b' "${fields[4]}")
    case $mountpoint in "$1"/*) newest=$mountpoint ;; esac
  done </proc/self/mountinfo
  printf '%s' "$newest"
}

# Where the temporary directory is on Btrfs there were no loopback pools: the subvolumes are on it, and empty mount
# points are immutable. A subvolume is a directory with the inode number 256.
delete_subvolumes_below() {
  if [ "$(stat --file-system --format=%T "$1")" != btrfs ]; then return 0; fi
  find "$1" -path '*/live/*/root' -type d -exec chattr -i {} +
  find "$1" -depth -mindepth 1 -type d -inum 256 -exec btrfs --quiet subvolume delete {} \;
}
