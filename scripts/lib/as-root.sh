# shellcheck shell=bash
# Sourced. Exit codes are those of docs: 3 is the environment.

# Ends the script with a clear word: stop MESSAGE HINT
stop() {
  printf '%s\n  hint: %s\n' "$1" "$2" >&2
  exit 3
}

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    stop "this needs root, and there is no sudo: $*" "Run it as root, or install sudo."
  fi
}

# The same in this process's place: what signals it gets, the command gets.
become_root() {
  if [ "$(id -u)" -eq 0 ]; then
    exec "$@"
  elif command -v sudo >/dev/null; then
    exec sudo "$@"
  else
    stop "this needs root, and there is no sudo: $*" "Run it as root, or install sudo."
  fi
}
