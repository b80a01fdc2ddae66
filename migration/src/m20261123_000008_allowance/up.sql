-- How much of each of their limits members have used up: all of it is free again at `used_until`.
CREATE TABLE allowance (
    account_id uuid NOT NULL,
    kind text NOT NULL,
    used_until timestamptz NOT NULL,
    CONSTRAINT allowance_pkey PRIMARY KEY (account_id, kind),
    CONSTRAINT allowance_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);
CREATE INDEX allowance_used_until ON allowance (used_until);
ALTER TABLE allowance ALTER COLUMN kind SET STATISTICS 0;
ALTER TABLE allowance ALTER COLUMN used_until SET STATISTICS 0;
