# A community whose members read, write, search and sign in, and what that costs. Sourced after bench.sh.
# shellcheck shell=bash disable=SC2154

lua=$(realpath tests/bench.lua)
greeting='Guten Tag, wann passt es Ihnen?' # what all messages say
active=1000   # members who do something
clients=16    # connections that they do it by
signing=32    # that sign in
readers=4     # that read while others sign in
lines=(profile change send messages conversations search sign_in mix) # what they do
connections() { if [[ $1 == sign_in ]]; then echo "$signing"; else echo "$clients"; fi; }

# So many accounts with their rows. Each writes to four others, one message each, and six into a group of ten; fifty have
# the same last name. Ids are hashes of numbers, as random as the portal's, so that all of this can be counted out.
seed_members() { # DATABASE ACCOUNTS PASSWORD-HASH
    local base=$((($(date +%s) - 30 * 86400) * 1000))
    sql -d "$1" -v accounts="$2" -v base="$base" -v hash="$3" <<'SQL'
SET session_replication_role = replica;
SET work_mem = '256MB';
CREATE TEMP TABLE people AS
    SELECT n, md5('account' || n)::uuid AS id, n % greatest(:accounts / 50, 1) AS k FROM generate_series(0, :accounts - 1) n;
CREATE TEMP TABLE syllables AS SELECT '{acker,ahlen,bach,berg,birken,brand,buch,burg,dorf,eich,feld,fels,forst,garten,hagen,heide,
hof,kirch,lind,mark,moor,muehl,rode,see,stein,tal,wald,wiese}'::text[] AS s;
INSERT INTO account (id, status, created_at) SELECT id, 'active', now() - interval '30 days' FROM people;
INSERT INTO email_address (id, account_id, address) SELECT id, id, 'member' || n || '@many.example' FROM people;
INSERT INTO profile (account_id, first_name, last_name, organisation, department, position, phone, about, locale)
    SELECT id, ('{Anna,Bert,Carla,David,Elif,Frank,Greta,Hans,Ines,Jonas}'::text[])[1 + n % 10],
           initcap(s[1 + k % 28] || s[1 + k / 28 % 28] || s[1 + k / 784 % 28]), 'Stadt ' || initcap(s[1 + n % 28]) || ' ' || n % 500,
           'Tiefbau', 'Sachbearbeitung', '+49 30 123456', repeat('Guten Tag, ', 10), 'de' FROM people, syllables;
INSERT INTO credential (account_id, password_hash, changed_at, used) SELECT id, :'hash', now(), true FROM people;
INSERT INTO consent (account_id, kind, version, given_at) SELECT id, 'terms', '2026-11', now() FROM people;
INSERT INTO registration (account_id, registered_at) SELECT id, now() FROM people;
INSERT INTO session (id, key_hash, account_id, created_at, last_used_at, expires_at, proved_at)
    SELECT md5('session' || n)::uuid, sha256(uuid_send(md5('session' || n)::uuid)), id,
           now(), now(), now() + interval '12 hours', now() FROM people;
INSERT INTO conversation (id, is_group, created_at)
    SELECT md5('group' || g)::uuid, true, now() - interval '30 days' FROM generate_series(0, :accounts / 10 - 1) g;
INSERT INTO conversation (id, pair_low, pair_high, created_at)
    SELECT md5('pair' || p)::uuid, least(a.id, b.id), greatest(a.id, b.id), now() - interval '5 days'
    FROM generate_series(0, 2 * :accounts - 1) p
    JOIN people a ON a.n = p / 2 JOIN people b ON b.n = (p / 2 + 1 + p % 2) % :accounts;
-- The ids of messages that `seed_half` writes.
CREATE TEMP TABLE place AS
    SELECT md5('group' || n / 10)::uuid AS talk, id, n, :base + 60 * 36000000::bigint AS at, 36000000 AS pause, '81' AS kind, n / 10 AS c
    FROM people
    UNION ALL
    SELECT md5('pair' || p)::uuid, x.id, x.n, :base + 2246400000 + 120000, 60000, '82', p FROM generate_series(0, 2 * :accounts - 1) p
    JOIN people a ON a.n = p / 2 JOIN people b ON b.n = (p / 2 + 1 + p % 2) % :accounts
    CROSS JOIN LATERAL (VALUES (a.id, a.n), (b.id, b.n)) x (id, n);
INSERT INTO participation (conversation_id, account_id, joined_at, last_activity_at, last_message_id, read_up_to)
    SELECT talk, id, now() - interval '30 days', to_timestamp(at / 1000), (lpad(to_hex(at), 12, '0') || '7000' || tail)::uuid,
           (lpad(to_hex(CASE WHEN (n + c) % 3 = 0 THEN at - pause ELSE at END), 12, '0') || '7000' || tail)::uuid
    FROM place CROSS JOIN LATERAL (SELECT kind || lpad(to_hex(c), 14, '0') AS tail) t;
SQL
    without_stems "$1" "$greeting" seed_messages "$1" "$2" "$base"
    sql -d "$1" -c "VACUUM ANALYZE" -c CHECKPOINT
}

seed_messages() { # DATABASE ACCOUNTS BASE
    local half
    seed_half "$@" 0 &
    half=$!
    seed_half "$@" 1
    wait "$half"
}
seed_half() { # DATABASE ACCOUNTS BASE HALF
    sql -d "$1" -v accounts="$2" -v base="$3" -v half="$4" -v body="$greeting" <<'SQL'
SET session_replication_role = replica;
INSERT INTO message (id, conversation_id, author_id, body, sent_at)
    SELECT (lpad(to_hex(:base + m * 36000000::bigint), 12, '0') || '700081' || lpad(to_hex(g), 14, '0'))::uuid,
           md5('group' || g)::uuid, md5('account' || g * 10 + m % 10)::uuid, :'body',
           to_timestamp((:base + m * 36000000::bigint) / 1000)
    FROM generate_series(1, 60) m, generate_series(0, :accounts / 10 - 1) g WHERE g % 2 = :half;
INSERT INTO message (id, conversation_id, author_id, body, sent_at)
    SELECT (lpad(to_hex(:base + 2246400000 + m * 60000), 12, '0') || '700082' || lpad(to_hex(p), 14, '0'))::uuid,
           md5('pair' || p)::uuid, md5('account' || CASE m WHEN 1 THEN p / 2 ELSE (p / 2 + 1 + p % 2) % :accounts END)::uuid,
           :'body', to_timestamp((:base + 2246400000 + m * 60000) / 1000)
    FROM generate_series(1, 2) m, generate_series(0, 2 * :accounts - 1) p WHERE p % 2 = :half;
SQL
}

# Those who do something, evenly among all, and some of them on a device that knows them: `bench.lua` says what of each.
list_members() { # DATABASE ACCOUNTS URL FILE
    local count=$((active < $2 ? active : $2)) email url=$3
    sql -d "$1" -F $'\t' -v count="$count" -v step=$(($2 / count)) >"$4.members" <<'SQL'
SELECT translate(rtrim(encode(uuid_send(md5('session' || n)::uuid), 'base64'), '='), '+/', '-_'), md5('session' || n)::uuid,
       p.account_id, md5('group' || n / 10)::uuid, md5('pair' || 2 * n)::uuid, lower(p.last_name), e.address
FROM generate_series(0, :step * (:count - 1), :step) n
JOIN profile p ON p.account_id = md5('account' || n)::uuid JOIN email_address e ON e.account_id = p.account_id ORDER BY n;
SQL
    : >"$4.devices"
    while IFS=$'\t' read -r _ _ _ _ _ _ email; do
        rm -f "$dir/cookies"
        post session "{\"email\": \"$email\", \"password\": \"$secret\"}" -c "$dir/cookies"
        printf '%s\t%s\n' "$email" "$(awk '$6 == "device" { print $7 }' "$dir/cookies")" >>"$4.devices"
    done < <(head -n "$signing" "$4.members")
}

# Prints how many requests were answered, how many a second, median and 99th percentile in milliseconds.
ask() { # WHAT CONNECTIONS SECONDS URL FILE
    local figures
    figures=$(BENCH_DO=$1 BENCH_MEMBERS=$5.members BENCH_DEVICES=$5.devices BENCH_PASSWORD=$secret timeout $(($3 + 30)) \
        wrk -t1 -c"$2" -d"$3s" --timeout 20s -s "$lua" "$4" | sed -n 's/^figures //p')
    [[ $figures == *" 0" ]] || fail "requests failed: $1: $figures"
    echo "${figures% *}"
}

# Hundredths of a second of processor time that a portal and all of the database have used.
used() { # PID
    local main
    main=$(head -n 1 "$postmaster")
    {
        cat "/proc/$1/stat"
        pgrep -P "$main" | sed 's|.*|/proc/&/stat|' | xargs cat 2>/dev/null || true
        cut -d ' ' -f 14-17 "/proc/$main/stat" # with those that have ended
    } | awk '{ sum += NF == 4 ? $1 + $2 + $3 + $4 : $14 + $15 } END { print sum }'
}

# What was asked for last is hashed although nobody waits for it any more.
let_hashes_end() { if [[ $1 == sign_in ]]; then sleep 1; fi; }

# A process's memory in MB of a million bytes: resident, or at its highest since `forget_peak`.
memory() { awk -v "key=$2:" '$1 == key { printf "%.1f", $2 * 1024 / 1e6 }' "/proc/$1/status"; }
forget_peak() { echo 5 >"/proc/$1/clear_refs"; }

# Appends one window's figures to a file: requests a second, median, p99, milliseconds of processor a request, peak memory.
measure() { # FILE WHAT CONNECTIONS SECONDS URL PID MEMBERS
    local before after count rate p50 p99 figures
    forget_peak "$6"
    before=$(used "$6")
    figures=$(ask "$2" "$3" "$4" "$5" "$7")
    after=$(used "$6")
    let_hashes_end "$2"
    read -r count rate p50 p99 <<<"$figures"
    echo "$rate $p50 $p99 $(calc %.3f "($after - $before) * 10 / $count") $(memory "$6" VmHWM)" >>"$1"
}

# The median of a column; and of what one file has in its first column by what another has, window by window.
middle() { awk -v "column=$2" '{ print $column }' "$1" | sort -g | awk '{ line[NR] = $0 } END { print line[int((NR + 1) / 2)] }'; }
ratio() { # FILE FILE
    paste -d ' ' <(cut -d ' ' -f 1 "$1") <(cut -d ' ' -f 1 "$2") | awk '{ printf "%.2f\n", $1 / $2 }' >"$dir/ratios"
    middle "$dir/ratios" 1
}
