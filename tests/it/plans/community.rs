//! Thousands of members with a row in everything that grows: a table of a few pages PostgreSQL reads as a whole.

use sqlx::PgConnection;

use crate::{plans::is_small, support::TestPortal};

/// So many people at once; in no table that grows are fewer rows.
const MEMBERS: i64 = 10_000;

/// What a database holds after years: almost all of it is settled, and nothing of it is due soon.
const SETTLED: &str = "
SET LOCAL session_replication_role = replica;
-- Else VACUUM comes before the log is on disk, and leaves rows to be looked at whose index would have been enough.
SET LOCAL synchronous_commit = on;
CREATE FUNCTION pg_temp.ordered(n bigint) RETURNS uuid LANGUAGE sql AS $$
    SELECT (lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - n * 1000), 12, '0') || '70008'
            || substr(md5(random()::text), 1, 15))::uuid
$$;
CREATE TEMP TABLE many AS
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS talk, gen_random_uuid() AS team, pg_temp.ordered(n) AS ordered,
           now() - n * interval '1 second' AS at, n, 'many.' || n || '@many.example' AS email
    FROM generate_series(1, {members}) n;
CREATE TEMP TABLE two AS
    SELECT a.talk, a.team, a.ordered, a.at, a.n, a.id AS one, b.id AS other
    FROM many a JOIN many b ON b.n = a.n % {members} + 1;
INSERT INTO account (id, status, created_at) SELECT id, 'active', at FROM many;
INSERT INTO email_address (id, account_id, address) SELECT gen_random_uuid(), id, email FROM many;
INSERT INTO profile (account_id, first_name, last_name, organisation, department, about, locale)
    SELECT id, 'Many', 'Number ' || n, 'Many ' || n % 100, 'Tiefbau', repeat('Text ', 20), 'de' FROM many;
INSERT INTO credential (account_id, password_hash, changed_at, used) SELECT id, repeat('x', 97), at, true FROM many;
INSERT INTO consent (account_id, kind, version, given_at) SELECT id, 'terms', '2026-11', at FROM many;
INSERT INTO registration (account_id, registered_at, confirmed_at, decided_at, decided_rule)
    SELECT id, at, at, at, 'mail_domain' FROM many;
INSERT INTO preference (account_id) SELECT id FROM many;
INSERT INTO organisation (id, name, created_at) SELECT id, 'Gemeinde ' || n, at FROM many;
INSERT INTO organisation_domain (domain, organisation_id) SELECT 'gemeinde' || n || '.example', id FROM many;
INSERT INTO allowance (account_id, kind, used_until) SELECT id, 'messages', now() + interval '1 day' FROM many;
INSERT INTO mail_allowance (address_key, kind, day_began_at, last_at, count)
    SELECT sha256(email::bytea), 'new_device', at, at, 1 FROM many;
INSERT INTO attempt (key, tries, tried_at, next_at) SELECT sha256(email::bytea), 1, at, at FROM many;
INSERT INTO session (id, key_hash, account_id, created_at, last_used_at, expires_at, proved_at)
    SELECT id, sha256(email::bytea), id, at, at, now() + interval '12 hours', at FROM many;
INSERT INTO totp (account_id, secret, last_step, set_up_at)
    SELECT id, decode('{seal}' || md5(email) || md5(id::text) || md5(n::text), 'hex'), n, at FROM many;
INSERT INTO recovery_code (account_id, code_hash) SELECT id, sha256(email::bytea) FROM many;
INSERT INTO passkey (id, account_id, credential_id, credential, name, set_up_at)
    SELECT id, id, sha256(email::bytea), '{}', 'Passkey', at FROM many;
INSERT INTO ceremony (key_hash, kind, account_id, state, expires_at)
    SELECT sha256(email::bytea), 'sign_in', id, sha256(email::bytea), now() + interval '1 day' FROM many;
INSERT INTO factor_removal (account_id, requested_at, due_at) SELECT id, at, at + interval '2 days' FROM many;
INSERT INTO confirmation (id, account_id, purpose, created_at, expires_at)
    SELECT id, id, 'unsubscribe', at, now() + interval '30 days' FROM many;
INSERT INTO confirmation_token (token_hash, confirmation_id) SELECT sha256(email::bytea), id FROM many;
INSERT INTO mail (id, account_id, recipient, locale, letter, queued_at, next_try_at, given_up_at, failure)
    SELECT ordered, id, email, 'de', CASE WHEN is_failed THEN NULL ELSE jsonb_build_object('kind', repeat('x', 200)) END, at,
           CASE WHEN is_failed THEN NULL ELSE now() + interval '1 day' END, CASE WHEN is_failed THEN now() END,
           CASE WHEN is_failed THEN 'refused' END
    FROM many CROSS JOIN LATERAL (SELECT n % 100 = 0 AS is_failed) f;
INSERT INTO email_change (account_id, address, requested_at) SELECT id, 'new.' || email, at FROM many;
INSERT INTO conversation (id, pair_low, pair_high, created_at)
    SELECT talk, least(one, other), greatest(one, other), at FROM two;
INSERT INTO conversation (id, is_group, created_at) SELECT team, true, at FROM two;
INSERT INTO participation (conversation_id, account_id, joined_at, last_activity_at, last_message_id, read_up_to)
    SELECT x.c, x.a, at, at, ordered, ordered FROM two CROSS JOIN LATERAL (VALUES (talk, one), (talk, other), (team, one)) x (c, a);
INSERT INTO message (id, conversation_id, author_id, body, sent_at)
    SELECT x.id, talk, x.a, 'Guten Tag', at FROM two
    CROSS JOIN LATERAL (VALUES (ordered, one), (pg_temp.ordered(n + {members}), other)) x (id, a);
INSERT INTO block (account_id, blocked_id, began_at, ended_at) SELECT other, one, at, now() FROM two;
INSERT INTO group_invitation (id, conversation_id, account_id, invited_by, invited_at)
    SELECT ordered, team, other, one, at FROM two;
INSERT INTO group_removal (conversation_id, account_id, removed_at) SELECT team, other, at FROM two;
INSERT INTO enquiry (id, account_id, subject, asked_at, state, last_activity_at)
    SELECT ordered, id, 'Frage', at, 'closed', at FROM many;
INSERT INTO enquiry_entry (id, enquiry_id, account_id, by_operator, body, written_at)
    SELECT ordered, ordered, id, false, 'Wie geht das?', at FROM many;
INSERT INTO report (id, message_id, conversation_id, reported_id, reporter_id, reason, reported_at, state, decided_at)
    SELECT ordered, ordered, talk, one, other, 'grob', at, 'dismissed', at FROM two;
INSERT INTO hold (id, account_id, categories, basis, reference, review_at, placed_by, placed_at, released_at)
    SELECT ordered, id, '{contact}', 'open_claim', 'Az. 1', at, id, at, at FROM many;
INSERT INTO administrative_note (id, account_id, subject, body, written_by, written_at)
    SELECT ordered, id, 'hold', 'Az. 1', id, at FROM many;
INSERT INTO receipt (id, code_hash, requested_at, erase_by, erased_at)
    SELECT ordered, sha256(email::bytea), at, at, at FROM many;
INSERT INTO audit_event (id, at, code, actor_id, account_id)
    SELECT pg_temp.ordered(x.n), now() - x.n * interval '1 second', x.code, id, id
    FROM many CROSS JOIN LATERAL (VALUES (n, 'session.begun'), (n + {members}, 'profile.changed')) x (n, code);
INSERT INTO superseded_profile (id, account_id, field, value, superseded_at) SELECT id, id, 'about', 'Text', at FROM many;
INSERT INTO superseded_report (id, account_id, reason, reported_at, superseded_at) SELECT id, id, 'grob', at, at FROM many;
INSERT INTO superseded_subject (id, conversation_id, account_id, subject, superseded_at)
    SELECT id, talk, id, 'Kanal', at FROM many;
INSERT INTO superseded_participation (id, conversation_id, account_id, joined_at, last_activity_at, left_at)
    SELECT id, talk, id, at, at, at FROM many;
DROP TABLE many, two";

/// Fills every table that grows, as years would.
pub async fn settle(portal: &TestPortal) {
    let seal = portal.portal.secrets.current_seal();
    let seal: Vec<String> = seal.iter().map(|byte| format!("{byte:02x}")).collect();
    let settled = SETTLED
        .replace("{members}", &MEMBERS.to_string())
        .replace("{seal}", &seal.concat());
    for table in portal.tables().await {
        let left_alone = format!("ALTER TABLE {table} SET (autovacuum_enabled = off)");
        portal.execute(&left_alone).await;
    }
    portal.execute(&settled).await;
    vacuum(portal).await;
    for table in portal.tables().await {
        let rows = portal.count(&format!("SELECT count(*) FROM {table}")).await;
        assert!(
            rows >= MEMBERS || is_small(&table),
            "{table} has {rows} rows: it is filled here, or small for a reason"
        );
    }
}

/// As autovacuum leaves the tables in the long run. It is kept away from them: the two would wait for each other, and what
/// it sees at this moment keeps pages from being marked as visible to everybody, on which plans hang.
async fn vacuum(portal: &TestPortal) {
    let hidden = "SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
                  AND relkind = 'r' AND relpages > 50 AND relallvisible < 0.9 * relpages";
    portal.execute("VACUUM ANALYZE").await;
    loop {
        let tables: Vec<String> = portal.column(hidden).await;
        if tables.is_empty() {
            return;
        }
        portal
            .execute(&format!("VACUUM ANALYZE {}", tables.join(", ")))
            .await;
    }
}

/// The tables of which more was read row by row, since PostgreSQL last forgot what it counted, than a handful of pages.
pub async fn read_as_a_whole(connection: &mut PgConnection) -> Vec<String> {
    let read = "SELECT relname::text FROM pg_stat_user_tables WHERE seq_tup_read > $1 ORDER BY 1";
    let read = sqlx::query_scalar(read).bind(MEMBERS / 10);
    read.fetch_all(connection).await.unwrap()
}
