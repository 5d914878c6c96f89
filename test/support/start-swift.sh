#!/usr/bin/env bash
# A real S3 server for tests: Debian's Swift with its s3api, in a new folder and on free ports of 127.0.0.1.
#   start-swift.sh FOLDER         starts it, waits until it answers, and writes FOLDER/settings to be sourced
#   start-swift.sh FOLDER stop    stops it by the process ids in FOLDER/pids
# Needs swift-proxy swift-account swift-container swift-object memcached, /etc/swift/swift.conf as the packages
# leave it (its place is fixed in Swift's code), and a file system with extended attributes under FOLDER.
# Pages are short, so that a few objects make several. Takes about 3 s and 260 MB of memory.
set -euo pipefail
folder="$1"

stop() {
  [ -f "$folder/pids" ] || return 0
  local pid
  while read -r pid; do kill -TERM "$pid" 2>/dev/null || true; done <"$folder/pids"
  for _ in $(seq 100); do
    local alive=0
    while read -r pid; do kill -0 "$pid" 2>/dev/null && alive=1; done <"$folder/pids"
    [ "$alive" = 1 ] || break
    sleep 0.05
  done
  rm -f "$folder/pids"
}
if [ "${2:-}" = stop ]; then stop; exit; fi

mkdir -p "$folder/devices/d1" "$folder/log"
folder="$(cd "$folder" && pwd)"
trap 'stop; tail -n 20 "$folder"/log/* >&2' ERR
user="$(id -un)"
read -r proxy account container object cache < <(node -e '
  const servers = Array.from({ length: 5 }, () => require("net").createServer().listen(0, "127.0.0.1"));
  setTimeout(() => { console.log(servers.map((s) => s.address().port).join(" ")); servers.forEach((s) => s.close()); }, 50)')

for server in account container object; do
  builder="$folder/$server.builder"
  {
    swift-ring-builder "$builder" create 2 1 1
    swift-ring-builder "$builder" add "r1z1-127.0.0.1:${!server}/d1" 1
    swift-ring-builder "$builder" rebalance
  } >"$folder/log/$server-ring" 2>&1 &
done
wait

common() { # name, port
  cat <<CONFIG
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $2
workers = 0
user = $user
swift_dir = $folder
devices = $folder/devices
mount_check = false
fallocate_reserve = 0
log_name = $1
CONFIG
}
for server in account container object; do
  {
    common "$server" "${!server}"
    printf '[pipeline:main]\npipeline = %s-server\n[app:%s-server]\nuse = egg:swift#%s\n' $server $server $server
  } >"$folder/$server.conf"
done
{
  common proxy "$proxy"
  cat <<CONFIG
[pipeline:main]
pipeline = cache listing_formats bulk s3api tempauth slo dlo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:$cache
[filter:s3api]
use = egg:swift#s3api
storage_domain = s3.test
max_upload_part_num = 10000
max_bucket_listing = 25
max_parts_listing = 2
[filter:tempauth]
use = egg:swift#tempauth
user_test_convey = only-for-tests .admin
CONFIG
  for filter in listing_formats bulk slo dlo versioned_writes symlink; do
    printf '[filter:%s]\nuse = egg:swift#%s\n' $filter $filter
  done
} >"$folder/proxy.conf"

memcached -l 127.0.0.1 -p "$cache" -m 16 -u "$user" >"$folder/log/memcached" 2>&1 &
echo $! >"$folder/pids"
for server in account container object proxy; do
  swift-$server-server "$folder/$server.conf" >"$folder/log/$server" 2>&1 &
  echo $! >>"$folder/pids"
done
disown -a

cat >"$folder/settings" <<SETTINGS
export CONVEY_TEST_S3='s3://convey-test?region=us-east-1&endpoint=http://127.0.0.1:$proxy&path-style=true'
export AWS_ACCESS_KEY_ID=test:convey AWS_SECRET_ACCESS_KEY=only-for-tests
export AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true
SETTINGS
# shellcheck source=/dev/null
source "$folder/settings"
# Ready is when a signed request makes the bucket.
cd "$(dirname "$0")/../.."
node --input-type=module -e '
  import { S3 } from "@aws-sdk/client-s3";
  const s3 = new S3({ region: "us-east-1", endpoint: process.argv[1], forcePathStyle: true, maxAttempts: 1 });
  for (let attempt = 1; ; attempt++) {
    try {
      await s3.createBucket({ Bucket: "convey-test" });
      break;
    } catch (error) {
      if (attempt === 900) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }' "http://127.0.0.1:$proxy"
