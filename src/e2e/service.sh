# What the scripts here share: a service of their own on a free port of the loopback, its client,
# checks that are counted, and an end that leaves nothing behind.
# shellcheck shell=bash
#
# Sets work, a new directory. At the end a function before_stop is run, if the script has one, then
# the service is stopped, what mount_at has mounted is unmounted, and the directory removed.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d "${TMPDIR:-/tmp}/asyncops-e2e.XXXXXX")
service='' url='' passed=0 jar='' mounts=()

finish() {
  local status=$?
  trap - EXIT INT TERM
  set +e
  [ "$(type -t before_stop)" != function ] || before_stop
  stop_service
  for mounted in "${mounts[@]}"; do umount "$mounted"; done
  [ "$status" = 0 ] || { echo "FAILED; end of the service's log:"; tail -n 30 "$work/log"; } >&2
  rm -rf --one-file-system "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

need() { # programs
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "$0 needs $tool." >&2; exit 1; }
  done
}

# ---- The service

# A given JAR, or JAVA, is taken as it is.
build_jar() {
  java=${JAVA:-$(./mvnw -B -v 2>/dev/null | sed -nE 's/^Java version:.* runtime: (.*)/\1\/bin\/java/p')}
  [ -x "$java" ] || { echo "mvnw finds no JDK." >&2; exit 1; }
  jar=${JAR:-}
  if [ -z "$jar" ]; then
    ./mvnw -B -ntp -q package -DskipTests >&2
    jar=$(compgen -G "$PWD/target/asyncops-*.jar" | head -n 1)
  fi
  jar=$(realpath "$jar")
}

# Starts it with these properties; java_options and as, a command that runs another, count too.
start_service() {
  local port=''
  [ -n "$jar" ] || build_jar
  : >"$work/log"
  # shellcheck disable=SC2086
  (cd "$work" && exec ${as:-} "$java" ${java_options:-} -jar "$jar" --server.port=0 "$@") >"$work/log" 2>&1 &
  service=$!
  for _ in $(seq 600); do
    port=$(sed -nE 's/.*Netty started on port ([0-9]+).*/\1/p' "$work/log" | head -n 1)
    [ -z "$port" ] || break
    kill -0 "$service" || exit 1
    nap 0.2
  done
  url=http://127.0.0.1:$port
  check "the service is ready" curl -fsS "$url/actuator/health/readiness"
}

# Ends it; one that a dead file system holds is not waited for longer than it may take to drain.
stop_service() {
  [ -n "$service" ] || return 0
  kill -TERM "$service" 2>/dev/null || true
  for _ in $(seq 150); do
    kill -0 "$service" 2>/dev/null || break
    nap 0.2
  done
  kill -KILL "$service" 2>/dev/null || true
  wait "$service" 2>/dev/null || true
  service=
}

mount_at() { # directory, then the arguments of mount
  local directory=$1
  shift
  mkdir -p "$directory"
  mount "$@" "$directory" || return
  mounts=("$directory" "${mounts[@]}")
}
new_ext4() { # file, size
  truncate -s "$2" "$1"
  mkfs.ext4 -q -F "$1"
}

nap() { read -rt "$1" <> <(:) || true; }

# ---- Its client

post() { # path, body, then curl's own arguments
  local path=$1 body=$2
  shift 2
  curl -sS -X POST "$url$path" -H 'Content-Type: application/json' -d "$body" "$@"
}
started() { post "$@" | jq -r .id; }
until_over() { # id; the operation as it ended
  local answer
  while :; do
    answer=$(curl -sS -H 'Prefer: wait=60' "$url/ops/$1")
    jq -e '.endTime == null' <<<"$answer" >/dev/null || break
  done
  printf '%s\n' "$answer"
}
copied() { # source, destination, further members; the operation as it ended
  until_over "$(started /ops/copy "$(jq -nc --arg s "$1" --arg d "$2" '{source: $s, destination: $d}' |
    jq -c ". + {${3:-}}")")"
}
deleted() { # path, further members; the operation as it ended
  until_over "$(started /ops/delete-batch "$(jq -nc --arg p "$1" '{paths: [$p]}' | jq -c ". + {${2:-}}")")"
}
metric() { # name with its tags
  curl -fsS "$url/actuator/prometheus" | awk -v name="$1" '$1 == name { print $2 }'
}

# ---- Checks

check() { # what it shows, then a command that must succeed
  local what=$1
  shift
  if "$@" >"$work/check" 2>&1; then
    passed=$((passed + 1))
    echo "ok    $what"
  else
    echo "NOT   $what"
    sed 's/^/      /' "$work/check"
    return 1
  fi
}
says() { # what it shows, an answer, a jq expression that must hold, then jq's own arguments
  local what=$1 answer=$2 expression=$3
  shift 3
  check "$what" jq -e "$@" "if ($expression) then true else ., false end" <<<"$answer"
}
no_leftovers() { # directories
  [ -z "$(find "$@" -name '.asyncops-*' -print -quit)" ]
}
report() { echo "$passed passed, 0 failed"; }
