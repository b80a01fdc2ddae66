-- Ends the oldest entries that are older than three years (R3), `at_most` so many, of those whose ids are below `before`:
-- ids begin with their instant, so the primary key finds them. The database's clock decides (R23), whatever is asked for.
CREATE OR REPLACE FUNCTION public.end_audit_events(before uuid, at_most bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH ended AS (
        DELETE FROM public.audit_event WHERE id IN (
            SELECT id FROM public.audit_event
            WHERE id < before AND at < clock_timestamp() - interval '1095 days' ORDER BY id LIMIT at_most)
        RETURNING 1)
    SELECT count(*) FROM ended
$$
