#!/bin/bash
# A MariaDB Galera cluster of three nodes on this machine, to try what docs/scaling.md says about one.
#
#   deploy/galera.sh start FOLDER [PORT]   makes and starts three nodes; databases on PORT (7301) and the two after
#   deploy/galera.sh node N FOLDER [PORT]  starts node N (1 to 3) again after it was killed
#   deploy/galera.sh stop FOLDER           stops them all; `rm -r FOLDER` forgets them
#
# Needs Debian's mariadb-server, galera-4 and rsync. User root without a password, on loopback alone: in
# production every node is a machine of its own, with a password, TLS and a firewall.
set -euo pipefail

verb=${1:-}; shift || true
provider=$(ls /usr/lib/libgalera_smm.so /usr/lib/galera/libgalera_smm.so /usr/lib64/galera-4/libgalera_smm.so 2>/dev/null | head -1 || true)
server=$(PATH=$PATH:/usr/sbin command -v mariadbd || true)
[ -n "$provider" ] && [ -n "$server" ] || { echo "Missing: sudo apt-get install mariadb-server galera-4 rsync" >&2; exit 3; }
as=()
[ "$(id -u)" = 0 ] && as=(--user=mysql)

wait_for() {  # FOLDER N: until the node has joined
	local socket=$1/node$2/socket
	for _ in $(seq 600); do
		kill -0 "$(cat "$1/node$2/pid" 2>/dev/null || echo 0)" 2>/dev/null || { sleep 0.2; continue; }
		[ "$(mariadb -u root -S "$socket" -Nse "SHOW STATUS LIKE 'wsrep_ready'" 2>/dev/null | cut -f2)" = ON ] && return
		sleep 0.2
	done
	echo "Node $2 did not join; see $1/node$2/server.log" >&2
	tail -5 "$1/node$2/server.log" >&2
	exit 1
}

node() {  # N FOLDER PORT [first]: one server and its place in the cluster
	local n=$1 folder=$2 port=$3 here group members=""
	here=$folder/node$n
	for each in 1 2 3; do members+="${members:+,}127.0.0.1:$((port + 10 * each))"; done
	group=$((port + 10 * n))
	local address=gcomm://$members
	[ "${4:-}" = first ] && address=gcomm://
	"$server" --no-defaults "${as[@]}" \
		--datadir="$here/data" --socket="$here/socket" --pid-file="$here/pid" --log-error="$here/server.log" \
		--port=$((port + n - 1)) --bind-address=127.0.0.1 --skip-name-resolve --character-set-server=utf8mb4 \
		--innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=128M --max-connections=400 \
		--binlog-format=ROW --default-storage-engine=InnoDB --innodb-autoinc-lock-mode=2 \
		--wsrep-on=ON --wsrep-provider="$provider" --wsrep-cluster-name=chat-support \
		--wsrep-cluster-address="$address" --wsrep-node-name="node$n" --wsrep-node-address="127.0.0.1:$group" \
		--wsrep-sst-method=rsync --wsrep-sst-receive-address="127.0.0.1:$((group + 2))" --wsrep-sync-wait=1 \
		--wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:$group;ist.recv_addr=127.0.0.1:$((group + 1));gcache.size=64M" \
		</dev/null >/dev/null 2>&1 &
	wait_for "$folder" "$n"
}

case $verb in
start)
	folder=${1:?where to keep it}; port=${2:-7301}
	mkdir -p "$folder"
	folder=$(cd "$folder" && pwd)
	for n in 1 2 3; do
		mkdir -p "$folder/node$n"
		[ "${as[*]}" ] && chown mysql "$folder" "$folder/node$n"
		mariadb-install-db --no-defaults "${as[@]}" --datadir="$folder/node$n/data" \
			--auth-root-authentication-method=normal --skip-test-db >/dev/null
	done
	node 1 "$folder" "$port" first
	node 2 "$folder" "$port"
	node 3 "$folder" "$port"
	mariadb -u root -S "$folder/node1/socket" -e "CREATE DATABASE IF NOT EXISTS desk CHARACTER SET utf8mb4"
	echo "DATABASE_URL=mysql+pymysql://root@127.0.0.1:$port/desk?host=127.0.0.1:$((port + 1))&host=127.0.0.1:$((port + 2))"
	;;
node)
	n=${1:?which}; folder=${2:?where it is kept}; node "$n" "$(cd "$folder" && pwd)" "${3:-7301}"
	;;
stop)
	folder=${1:?where it is kept}
	for n in 1 2 3; do
		pid=$(cat "$folder/node$n/pid" 2>/dev/null) || continue
		kill "$pid" 2>/dev/null || true
		while kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
	done
	;;
*)
	sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
	exit 2
	;;
esac
