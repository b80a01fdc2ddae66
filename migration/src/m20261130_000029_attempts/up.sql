-- How often somebody tried to get in lately: by account, by network, by device, by password, each under a hash that is
-- keyed for a day. Not logged, so that counting costs no write to disk and stands in no backup: after a crash it begins
-- anew, and so it does each day with the key.
CREATE UNLOGGED TABLE attempt (
    key bytea NOT NULL,
    tries int NOT NULL,
    tried_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    CONSTRAINT attempt_pkey PRIMARY KEY (key)
) WITH (fillfactor = 50);
CREATE INDEX attempt_tried_at ON attempt (tried_at);
ALTER TABLE attempt ALTER COLUMN key SET STATISTICS 0;
ALTER TABLE attempt ALTER COLUMN tried_at SET STATISTICS 0;
ALTER TABLE attempt ALTER COLUMN next_at SET STATISTICS 0;

-- The key of that hash, sealed by the key file. There is one at a time, for 24 hours.
CREATE TABLE attempt_key (
    is_current boolean NOT NULL DEFAULT true,
    sealed bytea NOT NULL,
    ends_at timestamptz NOT NULL,
    CONSTRAINT attempt_key_pkey PRIMARY KEY (is_current),
    CONSTRAINT attempt_key_one CHECK (is_current)
);

-- One more try under each of these keys, if none of them has to wait: then nothing is counted, and this is when the last
-- of them may go on. `wait` grows from the try after `free` on, from `first` to `longest` seconds, twice as long each
-- time; what is `forgotten` seconds ago counts no more. Rows are made and locked in the order of their keys.
CREATE FUNCTION take_attempts(keys bytea[], free int[], first float8[], longest float8[], forgotten float8[], at timestamptz)
RETURNS timestamptz LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE
    again_at timestamptz;
BEGIN
    INSERT INTO attempt (key, tries, tried_at, next_at)
        SELECT k, 0, at, '-infinity' FROM unnest(keys) k ORDER BY k ON CONFLICT DO NOTHING;
    PERFORM 1 FROM attempt a WHERE a.key = ANY (keys) ORDER BY a.key FOR UPDATE;
    SELECT max(a.next_at) INTO again_at FROM attempt a WHERE a.key = ANY (keys) AND a.next_at > at;
    IF again_at IS NOT NULL THEN
        RETURN again_at;
    END IF;
    UPDATE attempt a SET tries = n.tries, tried_at = at, next_at = CASE
            WHEN n.tries <= n.free THEN '-infinity'
            ELSE at + make_interval(secs => least(n.longest, n.first * 2 ^ least(n.tries - n.free - 1, 30))) END
    FROM (SELECT l.key, r.free, r.first, r.longest,
                 CASE WHEN l.tried_at + make_interval(secs => r.forgotten) <= at THEN 1 ELSE l.tries + 1 END AS tries
          FROM attempt l JOIN unnest(keys, free, first, longest, forgotten)
              AS r (key, free, first, longest, forgotten) ON r.key = l.key) n
    WHERE a.key = n.key;
    RETURN NULL;
END
$$;

-- A try that was none: of `ended` keys nothing is remembered, under the others it is not counted.
CREATE FUNCTION forgive_attempts(ended bytea[], others bytea[])
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM 1 FROM attempt a WHERE a.key = ANY (ended || others) ORDER BY a.key FOR UPDATE;
    DELETE FROM attempt a WHERE a.key = ANY (ended);
    UPDATE attempt a SET tries = greatest(a.tries - 1, 0), next_at = '-infinity' WHERE a.key = ANY (others);
END
$$;
