-- How many rows of each category went already of an account that is erased in several steps: in chunks, or what was not
-- held first. The ledger's `erased` tells them all.
ALTER TABLE account ADD COLUMN erased_counts jsonb NOT NULL DEFAULT '{}';

-- When an administrator last said that the clock is right: the pause after which no hold expires counts from there.
ALTER TABLE sweep_state ADD COLUMN clock_accepted_at timestamptz;
