# The parts of a measurement; sourced by `run`, which sets here, USHER and seconds.

work=$(mktemp -d "${TMPDIR:-/var/tmp}/usher-bench.XXXXXX")
server_space=usher-bench-s-$$
load_space=usher-bench-l-$$
server_address=10.64.0.1
load_address=10.64.0.2
# Router n has the n-th address from here on.
routers=10.80.0.0
ticks_per_second=$(getconf CLK_TCK)
server_pid=
password=a-first-password

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

take_down() {
  stop
  ip netns del "$server_space" 2>/dev/null || true
  ip netns del "$load_space" 2>/dev/null || true
  rm -rf "$work"
}
trap take_down EXIT
trap 'exit 130' INT TERM

gcc -O2 -Wall -Wextra -o "$work/acsload" "$here/acsload.c" -lcrypto
# It shares headers with the other, and needs less of them.
gcc -O2 -Wall -Wextra -Wno-unused-function -o "$work/stormload" "$here/stormload.c" -lcrypto

# The routers are behind the load's address, as behind a relay: the kernel takes all their addresses for its own, and the
# server's has one neighbor.
ip netns add "$server_space"
ip netns add "$load_space"
ip link add server0 netns "$server_space" type veth peer name load0 netns "$load_space"
ip -n "$server_space" address add "$server_address/16" dev server0
ip -n "$load_space" address add "$load_address/16" dev load0
for space in "$server_space" "$load_space"; do ip -n "$space" link set lo up; done
ip -n "$server_space" link set server0 up
ip -n "$load_space" link set load0 up
ip -n "$server_space" route add "$routers/12" via "$load_address"
ip -n "$load_space" route add local "$routers/12" dev lo
in_server() { ip netns exec "$server_space" taskset -c 0 "$@"; }
in_load() { ip netns exec "$load_space" taskset -c 1 "$@"; }
in_server sysctl -q net.ipv4.tcp_max_syn_backlog=65535 net.core.somaxconn=65535
# Addresses that nobody has yet must not answer the check for conflicts.
in_load sysctl -q net.ipv4.ip_local_port_range='1024 65535' net.ipv4.icmp_echo_ignore_all=1

# profile small|full|storm: writes the configuration; the plan without a file and a reboot, with both, and that for
# routers that are given leases and look for their ACS.
profile() {
  local interval=1d
  if [ "$1" = storm ]; then
    interval=1m
    printf 'subnets:\n  - {subnet: 10.80.0.0/16, pool: 10.80.1.0-10.80.255.254, routers: [10.80.0.1]}\n'
  else
    printf 'acs: {password: %s}\ndns: {enabled: false}\nsubnets:\n  - subnet: 10.64.0.0/16\n' "$password"
  fi >"$folder/usher.yaml"
  cat >>"$folder/usher.yaml" <<YAML
tftp: {enabled: false}
profiles:
  - name: branch
    admit: all
    inform-interval: $interval
    parameters:
      InternetGatewayDevice.Time.NTPServer1: $server_address
      InternetGatewayDevice.DeviceInfo.ProvisioningCode: branch
YAML
  [ "$1" != small ] || return 0
  cat >>"$folder/usher.yaml" <<YAML
    configuration: {template: branch.cfg, file-name: startup.cfg}
    reboot: true
YAML
  {
    printf '#\n sysname {{ hostname }}\n#\ncwmp\n cwmp enable\n cwmp cpe inform interval {{ inform_interval }}\n#\n'
    for number in $(seq 24); do
      printf 'interface GigabitEthernet0/%d\n port link-mode bridge\n description {{ serial }} port %d\n#\n' $number $number
    done
    printf 'interface GigabitEthernet0/0\n port link-mode route\n ip address dhcp-alloc\n#\nreturn\n'
  } >"$folder/branch.cfg"
}

# fresh FOLDER small|full|storm: nothing on record.
fresh() {
  folder=$1
  rm -rf "$folder/state" "$folder"/routers* "$folder/is-primed"
  mkdir -p "$folder"
  mkdir -m 700 "$folder/state"
  profile "$2"
}

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

# start: start_ms is the time until the port takes connections.
start() {
  local since
  since=$(milliseconds)
  ip netns exec "$server_space" taskset -c 0 "$USHER" serve --config "$folder/usher.yaml" --interface server0 \
    --state "$folder/state" --control "$work/control" --log-level error >"$work/server.log" 2>&1 &
  server_pid=$!
  in_load timeout 120 bash -c \
    "until (exec 3<>/dev/tcp/$server_address/7547) 2>/dev/null; do kill -0 $server_pid || exit 1; sleep 0.01; done" || {
    tail -5 "$work/server.log" >&2
    fail "The server does not answer."
  }
  start_ms=$(($(milliseconds) - since))
}

# The server's own time and that of its children, in ticks.
server_ticks() {
  local process total=0
  for process in "$server_pid" $(cat /proc/"$server_pid"/task/*/children 2>/dev/null); do
    total=$((total + $(sed 's/.*) //' "/proc/$process/stat" | awk '{print $12 + $13}')))
  done
  echo "$total"
}
busy_ticks() { awk '/^cpu /{print $2 + $3 + $4 + $7 + $8 + $9}' /proc/stat; }
load_ticks() { cut -d' ' -f16,17 "/proc/$$/stat" | awk '{print $1 + $2}'; }
megabytes() { awk -v name="$1:" '$1 == name {printf "%.0f", $2 / 1024}' "/proc/$server_pid/status"; }

# value NAME: of the last load.
value() { awk -v name="$1" '$1 == name {print $2}' "$work/load"; }

columns='%-20s %8s %7s %9s %8s %8s %8s %9s %6s %8s %7s %7s'
head_row() {
  # shellcheck disable=SC2059
  printf "$columns\n" load sessions failed sessions/s 'p50 ms' 'p99 ms' 'max ms' 'CPU us' 'POSTs' 'MB (max)' 'server%' 'others%'
}

# load NAME acsload-option…: one row; why sessions failed goes below it.
load() {
  local name=$1 server busy own
  shift
  server=$(server_ticks) busy=$(busy_ticks) own=$(load_ticks)
  in_load "$work/acsload" -H "${at:-$server_address}" -p "${port:-7547}" -w "$password" -B "$routers" "$@" >"$work/load" ||
    true
  [ -s "$work/load" ] || fail "The load failed."
  server=$(($(server_ticks) - server)) busy=$(($(busy_ticks) - busy)) own=$(($(load_ticks) - own))
  awk -v name="$name" -v server="$server" -v busy="$busy" -v own="$own" -v hertz="$ticks_per_second" \
    -v memory="$(megabytes VmHWM)" -v columns="$columns" -v results="${RESULTS:-}" '
    { value[$1] = $2 }
    /^failed\[/ { reasons = reasons "  " $0 }
    END {
      sessions = value["sessions"] ? value["sessions"] : 1
      all = value["seconds"] * hertz
      line = sprintf(columns, name, value["sessions"], value["failed"], sprintf("%.0f", value["sessions_per_s"]),
        sprintf("%.1f", value["p50_ms"]), sprintf("%.1f", value["p99_ms"]), sprintf("%.0f", value["max_ms"]),
        value["sessions"] ? sprintf("%.0f", 1e6 * server / hertz / sessions) : "-",
        value["sessions"] ? sprintf("%.1f", value["requests"] / sessions) : "-", memory,
        sprintf("%.0f", 100 * server / all), sprintf("%.0f", 50 * (busy - server - own) / all))
      print line
      if (value["under_way"] > 0) reasons = reasons "  unfinished " value["under_way"]
      if (reasons) print "   " reasons
      if (results != "") { gsub(/  +/, "\t", line); print line >> results }
    }' "$work/load"
  last_ticks=$server
}

# What the first contacts of the last load came to.
told_of_cold() {
  awk -v ticks="$last_ticks" -v hertz="$ticks_per_second" '
    { value[$1] = $2 }
    END {
      count = value["provisioned"] ? value["provisioned"] : 1
      printf "    provisioned %d, the last after %.1f s (median %.1f, 99 %% %.1f); CPU per router %.2f ms; ",
        value["provisioned"], value["last_provisioned_s"], value["device_p50_s"], value["device_p99_s"],
        1e3 * ticks / hertz / count
      printf "tried again %d, 503 %d, files %d\n", value["retried"], value["unavailable"], value["fetched"]
    }' "$work/load"
}

# storm NAME stormload-option…: what became of the routers, and of the server.
storm() {
  local name=$1 server
  shift
  server=$(server_ticks)
  in_load "$work/stormload" -H "$server_address" -g 10.80.0.1 "$@" >"$work/load" || true
  [ -s "$work/load" ] || fail "The storm failed."
  server=$(($(server_ticks) - server))
  awk -v name="$name" -v ticks="$server" -v hertz="$ticks_per_second" -v peak="$(megabytes VmHWM)" \
    -v after="$(megabytes VmRSS)" '
    { value[$1] = $2 }
    /^failed\[/ { reasons = reasons "  " $0 }
    function row(title, stem) {
      printf "    %-22s %8.1f %8.1f %8.1f %8.1f\n", title, value[stem "p50_s"], value[stem "p90_s"], value[stem "p99_s"],
        value[stem "max_s"]
    }
    END {
      printf "%s: %d routers, provisioned %d, lost %d, the last after %.1f s\n", name, value["routers"],
        value["provisioned"], value["lost"], value["last_provisioned_s"]
      printf "    %-22s %8s %8s %8s %8s\n", "seconds from power on", "p50", "p90", "p99", "max"
      row("to a lease", "lease_"); row("to the address", "lookup_"); row("to the end", "provisioned_")
      printf "    DHCP again %d (refused %d), DNS again %d, sessions %d, of them again %d, 503 %d\n",
        value["dhcp_retries"], value["dhcp_refusals"], value["dns_retries"], value["sessions"],
        value["session_retries"], value["unavailable"]
      if (reasons) print "   " reasons
      printf "    server: %.1f s of CPU, %.2f ms for each router, %d MB at most, %d MB after\n", ticks / hertz,
        1e3 * ticks / hertz / (value["provisioned"] ? value["provisioned"] : 1), peak, after
    }' "$work/load" | tee -a "${RESULTS:-/dev/null}"
}

# all_routers FOLDER: the routers of all steps in one file.
all_routers() {
  cat "$1"/routers.* >"$1/routers"
  rm -f "$1"/routers.*
  echo "$1/routers"
}

# timed COMMAND…: of usher, from beside the server; how long it took, and what it cost server and command.
timed() {
  local since server own size
  since=$(milliseconds) server=$(server_ticks) own=$(load_ticks)
  size=$("$USHER" "$@" --control "$work/control" | wc -c) || true
  since=$(($(milliseconds) - since)) server=$(($(server_ticks) - server)) own=$(($(load_ticks) - own))
  scale_row "$1${2:+ SERIAL}" "$since" "$server" "$own" "$size"
}

# scale_row NAME MS SERVER-TICKS COMMAND-TICKS BYTES
scale_row() {
  printf '%-16s %8d %14d %14d %10d %8d\n' "$1" "$2" $((1000 * $3 / ticks_per_second)) \
    $((1000 * $4 / ticks_per_second)) "$5" "$(megabytes VmRSS)" | tee -a "${RESULTS:-/dev/null}"
}

# Asks for the status until it is ended.
ask_on() {
  while :; do "$USHER" status --control "$work/control" >/dev/null 2>&1 || sleep 1; done
}

# The answers that every session gets, without looking at what is asked.
floor() {
  local nginx
  nginx=$(command -v nginx || command -v /usr/sbin/nginx) || return 0
  mkdir -p "$work/nginx"
  cat >"$work/nginx/nginx.conf" <<NGINX
daemon off;
master_process off;
pid $work/nginx/pid;
error_log stderr crit;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $work/nginx/body;
  proxy_temp_path $work/nginx/proxy;
  fastcgi_temp_path $work/nginx/fastcgi;
  uwsgi_temp_path $work/nginx/uwsgi;
  scgi_temp_path $work/nginx/scgi;
  keepalive_requests 1000000;
  default_type text/xml;
  server {
    listen $server_address:7548;
    location / {
      if (\$http_content_length = 0) { return 204; }
      return 200 '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-0"><soap:Header><cwmp:ID soap:mustUnderstand="1">1</cwmp:ID></soap:Header><soap:Body><cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse></soap:Body></soap:Envelope>';
    }
  }
}
NGINX
  ip netns exec "$server_space" taskset -c 0 "$nginx" -p "$work/nginx" -c "$work/nginx/nginx.conf" >"$work/server.log" 2>&1 &
  server_pid=$!
  sleep 1
  port=7548 load 'nginx' -d 1000 -t "$seconds" -c 16
  stop
}
