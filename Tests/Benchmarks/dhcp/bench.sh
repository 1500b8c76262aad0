# The parts of a measurement; sourced by `run`, which sets here, USHER, servers and period.

work=$(mktemp -d "${TMPDIR:-/var/tmp}/usher-bench.XXXXXX")
server_space=usher-bench-s-$$
load_space=usher-bench-l-$$
server_address=10.64.0.1
load_address=10.64.0.2
ticks_per_second=$(getconf CLK_TCK)
server_pid=
sync_delay=0
kea_sockets=udp

take_down() {
  stop
  ip netns del "$server_space" 2>/dev/null || true
  ip netns del "$load_space" 2>/dev/null || true
  rm -rf "$work"
}
trap take_down EXIT
trap 'exit 130' INT TERM

gcc -O2 -Wall -shared -fPIC -o "$work/sync_shim.so" "$here/sync_shim.c" -ldl
echo "Leases are kept on $(df --output=fstype,source "$work" | tail -1 | tr -s ' '), kernel $(uname -r)."

in_server() { ip netns exec "$server_space" taskset -c 0 "$@"; }
in_load() { ip netns exec "$load_space" taskset -c 1 "$@"; }

# subnet LENGTH: both namespaces anew, and configurations for 10.64.0.0/LENGTH.
subnet() {
  ip netns del "$server_space" 2>/dev/null || true
  ip netns del "$load_space" 2>/dev/null || true
  ip netns add "$server_space"
  ip netns add "$load_space"
  ip link add server0 netns "$server_space" type veth peer name load0 netns "$load_space"
  ip -n "$server_space" address add "$server_address/$1" dev server0
  ip -n "$load_space" address add "$load_address/$1" dev load0
  local space
  for space in "$server_space" "$load_space"; do ip -n "$space" link set lo up; done
  ip -n "$server_space" link set server0 up
  ip -n "$load_space" link set load0 up
  length=$1
}

command_of() {
  case $1 in
  usher) echo "$USHER serve --config $work/usher.yaml --interface server0 --state $work/state --control $work/control --log-level error" ;;
  kea) echo "kea-dhcp4 -c $work/kea.json" ;;
  dhcpd) echo "dhcpd -4 -f -q -cf $work/dhcpd.conf -lf $work/dhcpd.leases --no-pid server0" ;;
  dnsmasq) echo "dnsmasq -k -C $work/dnsmasq.conf" ;;
  esac
}

# launch SERVER: in the background, every sync counted (and slowed by sync_delay milliseconds).
launch() {
  head -c 8 /dev/zero >"$work/syncs"
  # shellcheck disable=SC2046
  KEA_LOCKFILE_DIR=none KEA_PIDFILE_DIR=$work ip netns exec "$server_space" taskset -c 0 \
    env LD_PRELOAD="$work/sync_shim.so" SYNC_COUNT="$work/syncs" SYNC_DELAY_MS="$sync_delay" \
    $(command_of "$1") >"$work/server.log" 2>&1 &
  server_pid=$!
}

# start SERVER [LEASES]: with so many leases on file; start_ms is the time until it answers a DISCOVER.
start() {
  server=$1
  rm -rf "$work/state" "$work"/kea-leases.csv* "$work"/dhcpd.leases* "$work/dnsmasq.leases"
  mkdir -m 700 "$work/state"
  touch "$work/dhcpd.leases"
  "$here/configurations.py" "$work" "10.64.0.0/$length" "$kea_sockets"
  if [ "${2:-0}" -gt 0 ]; then
    if [ "$server" = usher ]; then
      # It makes its own file, which is then filled.
      launch usher
      probe >/dev/null
      stop
    fi
    "$here/lease_file.py" "$server" "$2" "$work"
    sync
  fi
  local since
  since=$(date +%s.%N)
  launch "$1"
  start_ms=$(probe "$since") || {
    tail -5 "$work/server.log" >&2
    fail "$server does not answer."
  }
}

probe() { in_load "$here/probe.py" "$server_address" "$load_address" "$@"; }

# SIGTERM, five seconds, SIGKILL.
stop() {
  [ -n "$server_pid" ] || return 0
  kill "$server_pid" 2>/dev/null || true
  local _
  for _ in $(seq 50); do
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "$server_pid" 2>/dev/null || true
  wait "$server_pid" 2>/dev/null || true
  server_pid=
}

# reading NAME: the clocks and counters at this moment, for row.py.
reading() {
  {
    echo "server $(sed 's/.*) //' "/proc/$server_pid/stat" 2>/dev/null | awk '{print $12 + $13}')"
    awk '/^cpu /{print "busy", $2 + $3 + $4 + $7 + $8 + $9; print "all", $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9}' /proc/stat
    echo "children $(cut -d' ' -f16,17 "/proc/$$/stat" | awk '{print $1 + $2}')"
    echo "syncs $(od -An -td8 -N8 "$work/syncs")"
    awk '/VmHWM/{print "rss", $2}' "/proc/$server_pid/status" 2>/dev/null || true
  } >"$work/$1.reading"
}

row() {
  if [ "$server" = usher ]; then
    "$USHER" status --json --control "$work/control" >"$work/status.json" 2>/dev/null || rm -f "$work/status.json"
  else
    rm -f "$work/status.json"
  fi
  "$here/row.py" "$work" --server "$server" --ticks "$ticks_per_second" --start "$start_ms" \
    --results "${RESULTS:-}" "$@"
}

# load SECTION RATE [perfdhcp option…]: so many new leases a second for the period, by 60,000 clients behind one relay.
load() {
  local section=$1 rate=$2
  shift 2
  [ "${2:-}" = 0 ] && set --
  local clients=60000
  [ "$length" = 16 ] || clients=300000
  reading before
  in_load perfdhcp -4 -g single -l "$load_address" -r "$rate" -R "$clients" -p "$period" -W 1500000 "$@" \
    "$server_address" >"$work/perfdhcp.out" 2>&1 || true
  reading after
  row load --section "$section" --offered "$rate" --period "$period"
}

# starve: renewals on a quiet network, then under a flood of DISCOVERs.
starve() {
  reading before
  in_load "$here/starvation.py" "$server_address" "$load_address" load0 >"$work/starvation.json" ||
    fail "The clients of the starvation section failed."
  reading after
  row starvation
}
