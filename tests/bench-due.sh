# Accounts that are due, and the same rows beside them for one cascading DELETE. Sourced after bench.sh.
# shellcheck shell=bash

# Accounts that have been due for an hour, the one as soon after the other as people are.
seed_due() { # ACCOUNTS MESSAGES
    sql <<SQL
CREATE TEMP TABLE many AS
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS talk, n, now() - interval '1 hour' + n * interval '1 ms' AS due
    FROM generate_series(1, $1) n;
INSERT INTO account (id, status, status_before, created_at, deleted_at, undo_until, erase_by, due_at)
    SELECT id, 'deleted', 'active', due - interval '1 day', due - interval '1 hour', due, due + interval '23 hours', due FROM many;
INSERT INTO email_address (id, account_id, address) SELECT gen_random_uuid(), id, id || '@many.example' FROM many;
INSERT INTO profile (account_id, first_name, last_name, organisation, department, about, locale)
    SELECT id, 'Many', 'Number ' || lpad(n::text, 7, '0'), 'Many', 'Tiefbau', repeat('Text ', 40), 'de' FROM many;
INSERT INTO credential (account_id, password_hash, changed_at) SELECT id, repeat('x', 97), now() FROM many;
INSERT INTO consent (account_id, kind, version, given_at) SELECT id, 'terms', '2026-11', now() FROM many;
INSERT INTO registration (account_id, message, registered_at) SELECT id, repeat('Text ', 20), now() FROM many;
INSERT INTO receipt (id, code_hash, account_id, requested_at, erase_by)
    SELECT gen_random_uuid(), sha256(id::text::bytea), id, due - interval '1 hour', due + interval '23 hours' FROM many;
INSERT INTO conversation (id, subject, subject_by, created_at) SELECT talk, 'Kanal', id, now() FROM many;
INSERT INTO participation (conversation_id, account_id, joined_at, last_activity_at) SELECT talk, id, now(), now() FROM many;
INSERT INTO message (id, conversation_id, author_id, body, sent_at)
    SELECT gen_random_uuid(), talk, id, repeat('Text ', 30), now() FROM many, generate_series(1, $2);
SQL
    quiet
}

# How many rows the tables about people have, in one schema.
rows_in() { # SCHEMA
    local counts
    counts=$(sql -c "SELECT string_agg(format('SELECT count(*) AS n FROM $1.%I', relname), ' UNION ALL ') FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND (relname = 'account' OR oid IN (
            SELECT conrelid FROM pg_constraint WHERE contype = 'f' AND confrelid = 'public.account'::regclass))")
    sql -c "SELECT sum(n) FROM ($counts) t"
}

# The same tables with the same rows, indexes and checks, whose foreign keys cascade.
copy_cascading() {
    sql <<'SQL'
CREATE SCHEMA cascading;
DO $$
DECLARE
    t record;
    columns text;
BEGIN
    FOR t IN SELECT oid, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
             AND relname NOT IN ('seaql_migrations', 'audit_event', 'ledger_event', 'receipt') LOOP
        EXECUTE format('CREATE TABLE cascading.%I (LIKE public.%1$I INCLUDING ALL)', t.relname);
        SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
            WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        EXECUTE format('INSERT INTO cascading.%I (%s) SELECT %2$s FROM public.%1$I', t.relname, columns);
    END LOOP;
    FOR t IN SELECT conrelid::regclass::text AS relname, conname,
                    regexp_replace(pg_get_constraintdef(oid), 'REFERENCES (\w+\([^)]*\)).*', 'REFERENCES cascading.\1 ON DELETE CASCADE') AS def
             FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE cascading.%I ADD CONSTRAINT %I %s', t.relname, t.conname, t.def);
    END LOOP;
END
$$;
SQL
    quiet
}
