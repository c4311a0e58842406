#!/bin/sh
# enter-sealed-tree.sh ROOT POOL COMMAND…
#
# Runs COMMAND with ROOT as its whole world. Started by sealed-tree.ts in mount and process namespaces of its own
# (unshare --mount --propagation private --pid --fork), so that no mount made here is seen outside or outlives it.
set -eu
root=$1 pool=$2
shift 2

# A mount point is what pivot_root(8) asks for.
mount -o bind,nosuid,nodev "$root" "$root"
mount -o bind,ro,nosuid,nodev /usr "$root/usr"
# The whole mount: btrfs receive does not find parents through a bind mount of a plain directory.
mount -o bind,nosuid,nodev "$pool" "$root/pool"
# Of this process namespace only: /proc/1/root leads nowhere else. Read-only, because /proc/sys is the host's.
mount -t proc -o ro,nosuid,nodev,noexec proc "$root/proc"

cd "$root"
pivot_root . left-behind
umount --lazy /left-behind
exec "$@"
