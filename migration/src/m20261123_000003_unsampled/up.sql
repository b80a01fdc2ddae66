-- R4: instants and ids of what a person did are personal, too: sampled ones outlive their rows in pg_stats like texts
-- do. A column that is given its own type again loses what was sampled of it already; nothing is rewritten.
ALTER TABLE session
    ALTER COLUMN created_at TYPE timestamptz,
    ALTER COLUMN created_at SET STATISTICS 0,
    ALTER COLUMN last_used_at TYPE timestamptz,
    ALTER COLUMN last_used_at SET STATISTICS 0;

ALTER TABLE participation
    ALTER COLUMN joined_at TYPE timestamptz,
    ALTER COLUMN joined_at SET STATISTICS 0,
    ALTER COLUMN last_activity_at TYPE timestamptz,
    ALTER COLUMN last_activity_at SET STATISTICS 0,
    ALTER COLUMN read_up_to TYPE uuid,
    ALTER COLUMN read_up_to SET STATISTICS 0;

ALTER TABLE consent
    ALTER COLUMN given_at TYPE timestamptz,
    ALTER COLUMN given_at SET STATISTICS 0;
