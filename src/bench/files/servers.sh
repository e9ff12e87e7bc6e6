# What compare starts and ends again: the service, rclone's remote control, the greeting server.
# shellcheck shell=bash disable=SC2154
servers=() version="a given jar"

find_java() {
  java_home=$(./mvnw -B -v 2>/dev/null | sed -nE 's/^Java version:.* runtime: (.*)/\1/p')
  [ -x "$java_home/bin/java" ] || { note "no JDK found by mvnw"; return 1; }
}

build_gio_peer() {
  if ! has gcc || ! has pkg-config || ! pkg-config --exists gio-2.0; then
    note "GIO is left out: needs gcc, pkg-config and libglib2.0-dev"
    return
  fi
  # shellcheck disable=SC2046
  gcc -O2 -Wall -Wextra "$here/gio-peer.c" -o "$work/gio-peer" $(pkg-config --cflags --libs gio-2.0)
}

compile_load() { "$java_home/bin/javac" -d "$work/load" "$here/Load.java"; }
load() { (exec "$java_home/bin/java" -Xmx128m -XX:+UseSerialGC -cp "$work/load" Load "$@"); }

await_line() { # file, sed expression that prints what is awaited, process that must be alive
  local found
  for _ in $(seq 300); do
    found=$(sed -nE "$2" "$1" | head -n 1)
    [ -z "$found" ] || { echo "$found"; return; }
    kill -0 "$3" || return 1
    sleep 0.2
  done
  note "nothing came of $1"
  return 1
}

start_service() {
  local port
  if [ -z "$jar" ]; then
    ./mvnw -B -ntp -q package -DskipTests >&2
    jar=$(compgen -G 'target/asyncops-*.jar' | head -n 1)
    version=$(git describe --always --dirty)
  fi
  jar=$(realpath "$jar")
  mkdir "$work/home"
  # shellcheck disable=SC2086
  (cd "$work/home" && exec "$java_home/bin/java" $java_options -jar "$jar" --server.port=0 \
    --asyncops.roots.data.path="$data" $options) >"$work/service.log" 2>&1 &
  service=$!
  servers+=("$service")
  port=$(await_line "$work/service.log" 's/.*Netty started on port ([0-9]+).*/\1/p' "$service")
  service_url=http://127.0.0.1:$port
}

start_rclone() {
  has rclone || { note "rclone is left out: not installed"; return; }
  rclone rcd --config "" --rc-addr 127.0.0.1:0 --rc-no-auth >"$work/rclone.log" 2>&1 &
  servers+=("$!")
  rclone_url=$(await_line "$work/rclone.log" 's|.*(http://127[^/]*)/?.*|\1|p' "$!")
}

start_greeter() {
  (exec "$java_home/bin/java" -Xmx64m -XX:+UseSerialGC -cp "$work/load" Load greet) >"$work/greeter" &
  servers+=("$!")
  greeter=$(await_line "$work/greeter" 's/^([0-9.:]+)$/\1/p' "$!")
}

stop_servers() {
  local server
  for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
  for server in "${servers[@]}"; do wait "$server" 2>/dev/null || true; done
}

describe_machine() {
  local cpu memory
  cpu=$(sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
  memory=$(awk '/^MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo)
  cat <<END
$(date +%F), $version: $(nproc) × ${cpu:-unknown processor}, $memory, Linux $(uname -r),
$(findmnt -no FSTYPE -T "$work" || stat -f -c %T "$work") for the large file, $fresh_kind for trees, $("$java_home/bin/java" -version 2>&1 | sed -n 2p), service with \`$java_options\`,
$(cp --version | head -n 1), $(if [ -n "${rclone_url-}" ]; then rclone version | head -n 1; else echo no rclone; fi), GLib $(pkg-config --modversion gio-2.0 2>/dev/null || echo none),
load $(cut -d' ' -f1-3 /proc/loadavg) at the end. $repetitions counted runs after one to warm up; file $file_mib MiB, tree $tree_files × 4 KiB, delete $delete_files, connects $connects.

END
}
