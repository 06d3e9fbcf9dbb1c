#!/bin/sh
# Does a hub that was just deployed answer, and does it keep strangers out? smoke.sh <url>. Sends nothing that is kept.
set -u
url=${1:?the address of the hub} tries=${SMOKE_TRIES:-40} pause=${SMOKE_PAUSE:-10}

status() { curl --silent --output /dev/null --max-time 20 --write-out '%{http_code}' "$@"; }

until [ "$(status "$url/api/health/ready")" = 200 ]; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "Not ready: $(curl --silent --max-time 20 "$url/api/health/ready")" >&2; exit 1; }
  sleep "$pause"
done
echo "ready"

failed=0
expect() {
  wanted=$1 what=$2
  shift 2
  got=$(status "$@")
  [ "$got" = "$wanted" ] && { echo "$what: $got"; return; }
  echo "$what: $got, not $wanted" >&2
  failed=1
}

expect 200 'its own description' "$url/api/openapi.json"
expect 401 'the ledger without a key' "$url/api/operations/ledger"
expect 404 'a connector that it has not' --data '{}' "$url/api/webhooks/there-is-none"
exit "$failed"
