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
