#!/usr/bin/env bash
# scripts/install-needs.sh [run|test|test-long]
#
# Installs what is missing to run goldstream from this checkout (run, the default), to test it (test), or to test it
# with the slow tests too (test-long), and says what and why. What is there is left alone: a second run downloads nothing.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/lib/as-root.sh
. scripts/lib/our-node.sh

# program package reason
NEEDS_TO_RUN='
btrfs           btrfs-progs        makes and receives send streams
zstd            zstd               compresses and decompresses them
gpg             gpg                signs releases
gpg-agent       gpg-agent          keeps the signing key while it signs
gpgv            gpgv               verifies signatures
setfattr        attr               carries extended attributes
chattr          e2fsprogs          guards empty mount points
mount           mount              mounts pools and deployments
flock           util-linux         lets one receiver work at a time
systemctl       systemd            places and enables units
'
NEEDS_TO_TEST='
systemd-nspawn  systemd-container  boots the hosts of the tests
mmdebstrap      mmdebstrap         makes their root file system
python3         python3            runs the stand-in programs of golden/
ps              procps             looks for processes left behind
git             git                plays how the built action is published
openssl         openssl            makes certificates of test servers
qemu-img        qemu-utils         brings the storage daemon of newer systems
qemu-storage-daemon qemu-system-common logs what a disk is asked to do, to play power cuts
nbdkit          nbdkit             is a disk that fails on demand
'
NEEDS_TO_TEST_LONG='
linux.uml       user-mode-linux    is a whole machine whose power can be cut
'

main() {
  case "${1:-run}" in
    run) install_programs "$NEEDS_TO_RUN" ;;
    test) install_programs "$NEEDS_TO_RUN$NEEDS_TO_TEST" ;;
    test-long) install_programs "$NEEDS_TO_RUN$NEEDS_TO_TEST$NEEDS_TO_TEST_LONG" ;;
    *)
      echo "usage: scripts/install-needs.sh [run|test|test-long]" >&2
      exit 2
      ;;
  esac
  check_node
  install_node_modules
}

install_programs() {
  local program package reason
  local packages=()
  while read -r program package reason; do
    if [ -z "$program" ] || is_installed "$program"; then continue; fi
    echo "installing $package: $reason"
    packages+=("$package")
  done <<<"$1"
  if [ ${#packages[@]} -eq 0 ]; then return; fi

  check_distribution "${packages[*]}"
  apt_get update
  apt_get install --yes --no-install-recommends "${packages[@]}"
}

# Administrators' programs are not on everybody's PATH.
is_installed() {
  PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin" command -v "$1" >/dev/null
}

check_distribution() {
  local ID='' VERSION_ID='' PRETTY_NAME='this system'
  # shellcheck disable=SC1091
  if [ -r /etc/os-release ]; then . /etc/os-release; fi
  local oldest=''
  case "$ID" in
    debian) oldest=12 ;;
    ubuntu) oldest=24 ;;
  esac
  if ! command -v apt-get >/dev/null; then
    stop "there is no apt-get on $PRETTY_NAME to install: $1" "Install these programs' packages by hand, then run this again."
  fi
  if [ -n "$oldest" ] && [ "${VERSION_ID%%.*}" -lt "$oldest" ] 2>/dev/null; then
    stop "$PRETTY_NAME is too old, expected Debian 12, Ubuntu 24.04 or newer" "Use a newer release."
  fi
}

# Quiet unless it fails; waits for another apt-get that is at work.
apt_get() {
  local said
  if ! said=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null 2>&1); then
    printf '%s\n' "$said" >&2
    stop "apt-get $1 failed" "See above for what it says."
  fi
}

check_node() {
  local found
  found=$(node --version 2>/dev/null) || stop "node is not installed, expected 20 or newer" \
    "Install Node.js 20 or newer with npm 10 or newer."
  if [ "$(major_of "$found")" -lt 20 ]; then
    stop "node is $found, expected 20 or newer" "Install Node.js 20 or newer; the newer one that everything runs on comes with npm."
  fi
  found=$(npm --version 2>/dev/null) || stop "npm is not installed, expected 10 or newer" "Install npm 10 or newer."
  if [ "$(major_of "$found")" -lt 10 ]; then
    stop "npm is $found, expected 10 or newer" "Run: npm install --global npm@10"
  fi
}

# The stamp says which lock file node_modules was made from.
install_node_modules() {
  local stamp=node_modules/.made-from wanted said
  wanted=$(sha256sum package-lock.json)
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
  echo "installing the Node packages of package-lock.json, Node 24 among them"
  if ! said=$(npm ci --no-audit --no-fund --loglevel=error 2>&1); then
    printf '%s\n' "$said" >&2
    stop "npm ci failed" "See above for what it says."
  fi
  printf '%s\n' "$wanted" >"$stamp"
}

main "$@"
