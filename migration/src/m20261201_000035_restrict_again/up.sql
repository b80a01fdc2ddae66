-- What migration 000005 did, for the keys that came after it; a test looks that none is forgotten any more.
DO $$
DECLARE
    key record;
BEGIN
    FOR key IN
        SELECT conrelid::regclass AS of, conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
        WHERE contype = 'f' AND confrelid IN ('account'::regclass, 'conversation'::regclass) AND confdeltype = 'a'
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %2$I %s ON DELETE RESTRICT',
            key.of, key.name, key.definition);
    END LOOP;
END
$$;
