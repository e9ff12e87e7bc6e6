# The cases, and what each peer does in them. A peer prints seconds, one line a sample.
# begin_, prepare_, check_, clean_ and end_ of a case surround it; none of them is in a time.
# shellcheck shell=bash disable=SC2154

timed() { # a command: the seconds it takes
  local from=$EPOCHREALTIME
  "$@" >&2
  seconds_since "$from"
}
seconds_since() {
  local to=$EPOCHREALTIME micros
  micros=$((${to/[.,]/} - ${1/[.,]/}))
  printf '%d.%06d\n' $((micros / 1000000)) $((micros % 1000000))
}

same() { # what, wanted, found
  [ "$2" = "$3" ] || { note "$1: wanted $2, found $3"; return 1; }
}
files_in() { find "$1" -type f | wc -l; }

# ---- the service: curl's own time, so without the start of curl

answered() {
  curl -sS --fail-with-body -o "$work/answer" -w '%{time_total}\n' -H 'Prefer: wait=60' "$@"
}
answered_state() { grep -oE '"state":"[A-Z]+"' "$work/answer" | head -n 1 | cut -d'"' -f4; }
answered_id() { grep -oE '"id":"[0-9a-f-]+"' "$work/answer" | head -n 1 | cut -d'"' -f4; }

ours() { # path, file with the body: start, then wait until it is over
  local seconds
  seconds=$(answered -H 'Content-Type: application/json' -H Expect: --data-binary "@$2" "$service_url$1")
  while [[ $(answered_state) =~ ^(QUEUED|RUNNING)$ ]]; do
    seconds=$(echo "$seconds" "$(answered "$service_url/ops/$(answered_id)")" | awk '{print $1 + $2}')
  done
  if [ "$(answered_state)" != SUCCEEDED ]; then
    note "$1 ended $(answered_state): $(head -c 2000 "$work/answer")"
    return 1
  fi
  echo "$seconds"
}
ours_copy() { # source, destination, durability, further members
  printf '{"source":"data:%s","destination":"data:%s","durability":"%s"%s}' "$@" >"$work/body"
  ours /ops/copy "$work/body"
}

rclone_call() { # path, body
  curl -sS --fail-with-body -o "$work/answer" -w '%{time_total}\n' -H 'Content-Type: application/json' \
    -d "$2" "$rclone_url/$1"
}

# ---- one large warm file

big_copy=$data/big.copy
begin_file() {
  if [ ! -e "$data/big" ]; then
    head -c "${file_mib}M" /dev/urandom >"$data/big"
    # Memory is touched once before it is counted: a virtual machine may get it only now.
    cp "$data/big" "$big_copy"
    rm "$big_copy"
  fi
}
prepare_file() { cat "$data/big" >/dev/null; settle "$data"; }
check_file() { same "$1, bytes" "$(stat -c %s "$data/big")" "$(stat -c %s "$big_copy")"; }
clean_file() { rm -f "$big_copy"; settle "$data"; }
end_file() { :; }

cp_file() { timed cp "$data/big" "$big_copy"; }
ours_file() { ours_copy big big.copy NONE ''; }
gio_file() { "$work/gio-peer" copy "$data/big" "$big_copy"; }
rclone_file() { rclone_call operations/copyfile "$(rclone_file_body false)"; }
rclone_file_unhashed() { rclone_call operations/copyfile "$(rclone_file_body true)"; }
rclone_file_body() {
  printf '{"srcFs":"%s","srcRemote":"big","dstFs":"%s","dstRemote":"big.copy","_config":{"IgnoreChecksum":%s}}' \
    "$data" "$data" "$1"
}

begin_file_durable() { begin_file; }
prepare_file_durable() { prepare_file; }
check_file_durable() { check_file "$1"; }
clean_file_durable() { clean_file; }
end_file_durable() { :; }
copy_and_sync() { cp "$data/big" "$big_copy" && sync "$big_copy"; }
cp_file_sync() { timed copy_and_sync; }
ours_file_durable() { ours_copy big big.copy FSYNC ''; }

# ---- a tree of small files

begin_tree() { make_noise; }
prepare_tree() {
  make_fresh $((tree_files * 3 + 10000))
  make_tree_of "$fresh/tree" "$tree_files" 4096
  settle "$fresh"
}
check_tree() {
  same "$1, files" "$tree_files" "$(files_in "$fresh/copy")"
  diff -rq "$fresh/tree" "$fresh/copy" >&2
}
clean_tree() { drop_fresh; }
end_tree() { :; }

everything=',"preserve":["MODE","TIMES","OWNER","XATTRS","LINKS","SPARSE"]'
cp_tree() { timed cp -a "$fresh/tree" "$fresh/copy"; }
ours_tree() { ours_copy fresh/tree fresh/copy NONE "$everything"; }
rclone_tree() { rclone_call sync/copy "$(rclone_tree_body false)"; }
rclone_tree_unhashed() { rclone_call sync/copy "$(rclone_tree_body true)"; }
rclone_tree_body() {
  printf '{"srcFs":"%s","dstFs":"%s","_config":{"IgnoreChecksum":%s}}' "$fresh/tree" "$fresh/copy" "$1"
}

begin_tree_durable() { begin_tree; }
prepare_tree_durable() { prepare_tree; }
check_tree_durable() { check_tree "$1"; }
clean_tree_durable() { clean_tree; }
end_tree_durable() { :; }
copy_tree_and_sync() { cp -a "$fresh/tree" "$fresh/copy" && sync -f "$fresh/copy"; }
cp_tree_sync() { timed copy_tree_and_sync; }
ours_tree_durable() { ours_copy fresh/tree fresh/copy FSYNC "$everything"; }

# ---- delete, by explicit paths and as one tree

prepare_delete_tree() {
  make_fresh $((delete_files + 10000))
  make_tree_of "$fresh/many" "$delete_files" 0
  settle "$fresh"
}
begin_delete_tree() { printf '{"paths":["data:fresh/many"],"recursive":true}' >"$work/delete-tree.json"; }
check_delete_tree() { same "$1, left" gone "$(if [ -e "$fresh/many" ]; then echo there; else echo gone; fi)"; }
clean_delete_tree() { drop_fresh; }
end_delete_tree() { :; }

ours_delete_tree() { ours /ops/delete-batch "$work/delete-tree.json"; }
rm_tree() { timed rm -rf "$fresh/many"; }
find_tree() { timed find "$fresh/many" -delete; }
rclone_tree_purge() { rclone_call operations/purge "$(printf '{"fs":"%s","remote":"many"}' "$fresh")"; }

begin_delete_paths() {
  prepare_delete_tree
  find "$fresh/many" -type f >"$work/paths"
  drop_fresh
  awk -v root="$data/" 'BEGIN {printf "{\"paths\":["}
    {printf "%s\"data:%s\"", sep, substr($0, length(root) + 1); sep = ","} END {print "]}"}' \
    "$work/paths" >"$work/delete-paths.json"
}
prepare_delete_paths() { prepare_delete_tree; }
check_delete_paths() { same "$1, files left" 0 "$(files_in "$fresh/many")"; }
clean_delete_paths() { drop_fresh; }
end_delete_paths() { :; }

ours_delete_paths() { ours /ops/delete-batch "$work/delete-paths.json"; }
rm_paths() { timed xargs -a "$work/paths" rm -f; }
gio_delete_64() { "$work/gio-peer" delete 64 <"$work/paths"; }
floor_unlink() { "$work/gio-peer" unlink 2 <"$work/paths"; }
gio_delete_at_once() { "$work/gio-peer" delete 0 <"$work/paths"; }

# ---- cancel of a running copy of the large file: from asking to terminal, and what it leaves

begin_cancel() { begin_file; }
prepare_cancel() { prepare_file; }
check_cancel() {
  local left
  left=$(find "$data" -maxdepth 1 ! -path "$data" ! -name big ! -name fresh -printf '%f (%s bytes) ')
  case $1 in
    ours_*) same "$1, left" '' "$left" ;;
    *) [ -z "$left" ] || note "$1 leaves $left" ;;
  esac
}
clean_cancel() { clean_file; }
end_cancel() { :; }

ours_cancel() { load cancel "$service_url" data: "$data" "$cancels"; }
rclone_cancel() { load cancel-rclone "$rclone_url" "$data" "$((cancels / 4 + 1))"; }
gio_cancel() {
  local n
  for n in $(seq "$cancels"); do
    "$work/gio-peer" cancel "$data/big" "$big_copy" "$((20 + n % 10 * 5))"
    [ "$n" = "$cancels" ] || rm -f "$big_copy"
  done
}

# ---- connect and read a greeting, 64 in flight

begin_connect() {
  start_greeter
  mkdir "$data/peers"
  for n in $(seq 64); do echo "$greeter" >"$data/peers/$n.addr"; done
}
prepare_connect() { :; }
check_connect() { :; }
clean_connect() { :; }
end_connect() { rm -r "$data/peers"; }

ours_connect() { load connect "$service_url" data:peers 64 "$connects"; }
gio_connect() { "$work/gio-peer" connect 64 "$connects" "$data/peers/1.addr"; }
