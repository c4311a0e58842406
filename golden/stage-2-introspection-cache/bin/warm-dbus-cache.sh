#!/bin/sh
# warm-dbus-cache.sh: a stand-in for the cache warmer of Operation D-Bus. It really asks every service that is on the
# bus what it offers, and keeps the answers: one XML file per well-known name. It starts no service.
set -eu

VERSION=1.0.0

usage() {
  cat <<'TEXT'
usage: warm-dbus-cache.sh [--session] [DIRECTORY]

A stand-in for the introspection cache of op-dbus. Writes NAME.xml into DIRECTORY (default: /var/cache/op-dbus)
for every well-known name on the bus, each file at once or not at all.

  --session    ask the session bus instead of the system bus
  --version    print the version
  --help       print this
TEXT
}

BUS=--system
CACHE=/var/cache/op-dbus
for argument in "$@"; do
  case $argument in
    --session) BUS=--session ;;
    --version) echo "warm-dbus-cache.sh $VERSION (stand-in)" && exit 0 ;;
    --help) usage && exit 0 ;;
    -*) usage >&2 && exit 2 ;;
    *) CACHE=$argument ;;
  esac
done

if command -v busctl >/dev/null; then
  TOOL=busctl
  [ $BUS = --system ] || BUS=--user # busctl's word for it
elif command -v dbus-send >/dev/null; then
  TOOL=dbus-send
elif command -v gdbus >/dev/null; then
  TOOL=gdbus
else
  echo "nothing to ask the bus with: install systemd (busctl), dbus-bin (dbus-send) or libglib2.0-bin (gdbus)" >&2
  exit 1
fi

# Prints what ListNames answers, in whatever form the tool has; well_known picks the names out of it.
list_names() {
  case $TOOL in
    busctl) busctl $BUS --timeout=5 call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus ListNames ;;
    dbus-send)
      dbus-send $BUS --print-reply --reply-timeout=5000 --dest=org.freedesktop.DBus /org/freedesktop/DBus \
        org.freedesktop.DBus.ListNames
      ;;
    gdbus)
      gdbus call $BUS --timeout 5 --dest org.freedesktop.DBus --object-path /org/freedesktop/DBus \
        --method org.freedesktop.DBus.ListNames
      ;;
  esac
}

# One name on a line; unique names (:1.7) are left out, and so is whatever could be no file name.
well_known() {
  tr -c 'A-Za-z0-9_.:-' '\n' | grep -E '^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$' | sort -u
}

# introspect NAME PATH: prints the XML description.
introspect() {
  case $TOOL in
    busctl) busctl $BUS --timeout=5 --auto-start=no --xml-interface introspect "$1" "$2" ;;
    dbus-send)
      dbus-send $BUS --print-reply=literal --reply-timeout=5000 --dest="$1" "$2" \
        org.freedesktop.DBus.Introspectable.Introspect
      ;;
    gdbus) gdbus introspect $BUS --dest "$1" --object-path "$2" --xml ;;
  esac 2>/dev/null
}

if ! answer=$(list_names 2>/dev/null); then
  echo "no ${BUS#--} bus answers: nothing to introspect"
  exit 0
fi
names=$(echo "$answer" | well_known)

mkdir -p "$CACHE"
temporary=$CACHE/.warming.$$
trap 'rm -f "$temporary"' EXIT
umask 022

warmed=0
silent=0
for name in $names; do
  # Services export their objects below a path made of their name; some only at the top.
  home=/$(echo "$name" | tr .- /_)
  if { introspect "$name" "$home" || introspect "$name" /; } >"$temporary" && [ -s "$temporary" ]; then
    mv -f "$temporary" "$CACHE/$name.xml"
    warmed=$((warmed + 1))
  else
    silent=$((silent + 1))
  fi
done
echo "$CACHE: $warmed names warmed, $silent without an answer"
