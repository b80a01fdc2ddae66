-- Who came in, and who was refused (`audit::ACCESS`), tells of people's days and not of what was decided: such entries
-- end after 90 days, and with the account. Run by whoever the trail belongs to, as often as they like.
DO $$
BEGIN
    IF to_regclass('public.audit_event_access') IS NULL THEN
        CREATE INDEX audit_event_access ON public.audit_event (at)
            WHERE code IN ('access.refused', 'code.refused', 'proof.refused', 'session.begun', 'session.ended', 'session.refused');
    END IF;
END
$$;

-- Ends the oldest entries that are older than three years (R3), `at_most` so many, of those whose ids are below `before`:
-- ids begin with their instant, so the primary key finds them; and as many of those that end after 90 days. The
-- database's clock decides (R23), whatever is asked for. Rows are found and removed by where they stand: joined by id,
-- PostgreSQL would read the whole trail. An instant that is the same for the whole statement is one that the index finds.
CREATE OR REPLACE FUNCTION public.end_audit_events(before uuid, at_most bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH ended AS (
        DELETE FROM public.audit_event WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM public.audit_event
            WHERE id < before AND at < statement_timestamp() - interval '1095 days' ORDER BY id LIMIT at_most))
        RETURNING 1),
    ended_access AS (
        DELETE FROM public.audit_event WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM public.audit_event
            WHERE code IN ('access.refused', 'code.refused', 'proof.refused', 'session.begun', 'session.ended', 'session.refused')
              AND at < statement_timestamp() - interval '90 days' ORDER BY at LIMIT at_most))
        RETURNING 1)
    SELECT (SELECT count(*) FROM ended) + (SELECT count(*) FROM ended_access)
$$;

-- Ends the entries about coming in of accounts that are erased, or deleted and held: of nobody else's, whoever asks.
CREATE OR REPLACE FUNCTION public.end_access_events(accounts uuid[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH ended AS (
        DELETE FROM public.audit_event e
        WHERE e.account_id = ANY (accounts)
          AND e.code IN ('access.refused', 'code.refused', 'proof.refused', 'session.begun', 'session.ended', 'session.refused')
          AND NOT EXISTS (
              SELECT FROM public.account a WHERE a.id = e.account_id AND a.status NOT IN ('deleted', 'erasing'))
        RETURNING 1)
    SELECT count(*) FROM ended
$$;
REVOKE ALL ON FUNCTION public.end_access_events(uuid[]) FROM PUBLIC;
