# What the benchmarks share: the portal's release build with its own PostgreSQL as it stands, in a folder that goes with
# them. Sourced, with `binary` set; sets `dir`, `url`, `portal`, `server`, `version`. `limits` says whether rate limits are on,
# `allows_huge_pages` whether PostgreSQL's memory may be in huge pages.
# shellcheck shell=bash disable=SC2154

unset DATABASE_URL STORM_BODY STORM_COOKIE STORM_PASSWORD STORM_PAUSE
while read -r name; do unset "$name"; done < <(compgen -e BENCH_ || true)
while read -r name; do unset "$name"; done < <(compgen -e STAMMTISCH_ || true)

dir=$(mktemp -d /tmp/stammtisch-bench.XXXXXX)
chmod 711 "$dir" # the database's user passes through where root runs this
postmaster=$dir/data/postgres/cluster/postmaster.pid
portal=
sweep=

# shellcheck disable=SC2317,SC2329 # called by a trap
clean_up() {
    local code=$?
    trap '' INT TERM HUP
    for pid in $sweep $portal; do
        kill "$pid" 2>/dev/null || true
        for _ in {1..400}; do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL "$pid" 2>/dev/null || true
    done
    if [[ $code -gt 0 ]]; then grep -v ' answered ' "$dir/log" 2>/dev/null | tail -n 20 >&2 || true; fi
    rm -rf "$dir"
    if [[ -n ${huge_before:-} ]]; then echo "$huge_before" >"$huge_pages"; fi
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
    echo "bench: $1" >&2
    exit 3
}

# For PostgreSQL's memory, as README.md advises where there are many members; as it was, once the server has ended.
huge_pages=/proc/sys/vm/nr_overcommit_hugepages
allow_huge_pages() {
    [[ -w $huge_pages ]] || return 0
    huge_before=$(cat "$huge_pages")
    echo 600 >"$huge_pages"
}
if [[ ${allows_huge_pages:-false} == true ]]; then allow_huge_pages; fi

is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Outside the range that the system takes ports of outgoing connections from.
port=$((20000 + RANDOM % 10000))
while is_taken "$port" || is_taken $((port + 1)); do port=$((20000 + RANDOM % 10000)); done
url=http://127.0.0.1:$port

# Its own sweep is hours away, and so are mails about messages, so that it does nothing beside what is measured.
hour=$((10#$(date -u +%H)))
cat >"$dir/config.toml" <<TOML
data_dir = "$dir/data"
[server]
listen = "127.0.0.1:$port"
public_url = "http://localhost:$port"
metrics_listen = "127.0.0.1:$((port + 1))"
[mail]
message_pause = "12h"
[registration]
approval = "never"
[sessions]
idle = "12h"
[limits]
enabled = ${limits:-true}
[erasure]
sweep = "0 0 $(((hour + 5) % 24)),$(((hour + 11) % 24)),$(((hour + 17) % 24)),$(((hour + 23) % 24)) * * *"
TOML

"$binary" --config "$dir/config.toml" serve >"$dir/out" 2>"$dir/log" &
portal=$!
for _ in {1..600}; do
    if curl -fs -o "$dir/ready" "$url/health/ready"; then break; fi
    kill -0 "$portal" 2>/dev/null || fail "the portal did not start"
    sleep 0.1
done
[[ -e $dir/ready ]] || fail "the portal was not ready within a minute"
sleep 12 # its first sweep comes 10 seconds after the start

server=$(dirname "$(readlink -f "/proc/$(head -n 1 "$postmaster")/exe")")
socket=$(sed -n 5p "$postmaster")
password=$(cat "$dir/data/postgres.password")

sql() {
    PGHOST=$socket PGPORT=5432 PGUSER=stammtisch PGDATABASE=stammtisch PGPASSWORD=$password \
        PGOPTIONS='-c client_min_messages=warning' "$server/psql" -XqAt -v ON_ERROR_STOP=1 "$@"
}
say() { echo "bench: $(date +%T) $*" >&2; }
now() { date +%s.%N; }
quiet() { sql -c "VACUUM ANALYZE" -c "CHECKPOINT"; }
calc() { awk "BEGIN { printf \"$1\", $2 }"; }

# The stems of a message cost more than all else about it: while messages are seeded, all have those of one text.
without_stems() { # DATABASE TEXT COMMAND...
    local stems
    stems=$(sql -d "$1" -c "SELECT pg_get_functiondef('message_words(text)'::regprocedure)")
    sql -d "$1" -v body="$2" <<'SQL'
SELECT format('CREATE OR REPLACE FUNCTION message_words(body text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS %L', format('SELECT %L::tsvector', message_words(:'body'))) \gexec
SQL
    "${@:3}"
    sql -d "$1" -c "$stems"
}

version=$(curl -fsS "$url/api/v1/terms" | jq -r .version)
post() { # PATH BODY [CURL'S ARGUMENTS]
    curl -fsS -o /dev/null -H 'Content-Type: application/json' -d "$2" "${@:3}" "$url/api/v1/$1"
}

# Somebody who reads, come in as people do: at `url`, with their mail in `mails`. Sets `cookie` and `secret`, the
# password.
mails=$dir/data/mail
register_reader() { # EMAIL
    local token letters=()
    secret="Regenschirm $(od -An -N8 -tx1 /dev/urandom | tr -d ' \n') Laterne"
    rm -f "$mails"/*.eml
    post registrations "{\"email\": \"$1\", \"first_name\": \"Anna\", \"last_name\": \"Beispiel\",
        \"organisation\": \"Musterhausen\", \"accept_terms\": \"$version\"}"
    for _ in {1..300}; do
        shopt -s nullglob
        letters=("$mails"/*.eml)
        shopt -u nullglob
        if [[ ${#letters[@]} -gt 0 ]]; then break; fi
        sleep 0.1
    done
    [[ ${#letters[@]} -gt 0 ]] || fail "no mail came within 30 seconds"
    # Quoted-printable: a long line is broken after `=`, and `=` is written `=3D`.
    token=$(tr -d '\r' <"${letters[0]}" | sed -e ':join' -e '/=$/{N;s/=\n//;b join' -e '}' -e 's/=3D/=/g' |
        sed -n 's/.*confirm?token=\([A-Za-z0-9_-]\{43\}\).*/\1/p' | head -n 1)
    post registrations/confirm "{\"token\": \"$token\", \"password\": \"$secret\"}"
    post session "{\"email\": \"$1\", \"password\": \"$secret\"}" -c "$dir/cookies"
    cookie=$(awk '$6 == "session" { print "session=" $7 }' "$dir/cookies")
    [[ -n $cookie ]] || fail "no session cookie came"
}

# A second community in a database of its own, on the same server. Sets `other_port`, and `sweep`, which `clean_up` ends
# first; its files are in `other` beside `data`.
start_other() { # DATABASE
    other_port=$((port + 2))
    while is_taken "$other_port" || is_taken $((other_port + 1)); do other_port=$((other_port + 2)); done
    sql -c "CREATE DATABASE $1"
    sed -e "s|^data_dir = .*|data_dir = \"$dir/other\"|" -e "s|:$((port + 1))\"|:$((other_port + 1))\"|" -e "s|:$port\"|:$other_port\"|" \
        "$dir/config.toml" >"$dir/other.toml"
    DATABASE_URL="postgres://stammtisch:$password@localhost/$1?host=${socket//\//%2F}" \
        "$binary" --config "$dir/other.toml" serve >>"$dir/out" 2>>"$dir/log" &
    sweep=$!
    for _ in {1..300}; do
        if curl -fs -o /dev/null "http://127.0.0.1:$other_port/health/ready"; then return; fi
        sleep 0.1
    done
    fail "the second portal was not ready within half a minute"
}

number() { echo "$1" | sed -e ':group' -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/' -e 't group'; }

in_huge_pages() { grep -q '^HugePages_Total: *[1-9]' /proc/meminfo; }
# Where it was measured, and what of.
measured() { # COMMAND
    cat <<MD
Measured $(date -u +%F) by \`$1\` on $(nproc) cores ($(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)),
$(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), $("$server/postgres" --version | grep -o 'PostgreSQL) [0-9.]*' | tr -d ')') as the portal brings it along$(in_huge_pages && echo ", its memory in huge pages")$([[ $scale -eq 1 ]] || echo ", at 1/$scale of the full size").
MD
}

# Puts a table into its section of docs/performance.md.
write_section() { # HEADING FILE
    local document=docs/performance.md
    awk -v heading="## $1" -v file="$2" '
        function section() { print heading; print ""; while ((getline line < file) > 0) print line; close(file); written = 1 }
        $0 == heading { section(); skipping = 1; next }
        /^## / && skipping { skipping = 0; print "" }
        !skipping { print }
        END { if (!written) { print ""; section() } }' "$document" >"$dir/document"
    cat "$dir/document" >"$document"
    say "written to $document"
}
