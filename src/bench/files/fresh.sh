# A fresh ext4 file system below the service's root for each run, and trees on it.
# shellcheck shell=bash disable=SC2154
fresh=$data/fresh
fresh_kind='fresh ext4 on a loop device'
is_mounted=false

make_fresh() { # inodes
  mkdir -p "$fresh"
  if [ "$fresh_kind" = 'a plain directory' ]; then return; fi
  rm -f "$work/image"
  truncate -s 4G "$work/image"
  if mkfs.ext4 -q -F -N "$1" -E lazy_itable_init=0,lazy_journal_init=0 "$work/image" 2>>"$work/mount.log" &&
    mount -o loop "$work/image" "$fresh" 2>>"$work/mount.log"; then
    is_mounted=true
    rmdir "$fresh/lost+found"
    return
  fi
  fresh_kind='a plain directory'
  note "trees live in $fresh_kind: mounting an image needs root, mkfs.ext4 and loop devices"
}

# The service or rclone may hold a directory for a moment longer.
drop_fresh() {
  if $is_mounted; then
    for _ in 1 2 3 4 5; do umount "$fresh" 2>/dev/null && break || sleep 0.2; done
    ! mountpoint -q "$fresh" || umount -l "$fresh"
    is_mounted=false
  fi
  rm -rf "$fresh" "$work/image"
}

# Folders of at most 1000 files.
make_tree_of() { # directory, files, bytes in each
  local folder left=$2 in_this
  for folder in $(seq $((($2 + 999) / 1000))); do
    mkdir -p "$1/$folder"
    in_this=$((left < 1000 ? left : 1000))
    left=$((left - in_this))
    if [ "$3" = 0 ]; then
      (cd "$1/$folder" && seq -f 'f%.0f' "$in_this" | xargs touch)
    else
      head -c $((in_this * $3)) "$work/noise" | split -b "$3" -a 4 - "$1/$folder/f"
    fi
  done
}

make_noise() { [ -s "$work/noise" ] || head -c $((1000 * 4096)) /dev/urandom >"$work/noise"; }
settle() { sync -f "$1"; }
