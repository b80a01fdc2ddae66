-- R4: the first schema left instants and ids of personal columns to be sampled; when someone was last here tells
-- something about them as well.
ALTER TABLE session ALTER COLUMN created_at SET STATISTICS 0;
ALTER TABLE session ALTER COLUMN last_used_at SET STATISTICS 0;
ALTER TABLE participation ALTER COLUMN joined_at SET STATISTICS 0;
ALTER TABLE participation ALTER COLUMN last_activity_at SET STATISTICS 0;
ALTER TABLE participation ALTER COLUMN read_up_to SET STATISTICS 0;
ALTER TABLE consent ALTER COLUMN given_at SET STATISTICS 0;

-- What was sampled until now outlives the setting above and ANALYZE. Giving a column the type it has rewrites nothing,
-- and drops its statistics.
ALTER TABLE session ALTER COLUMN created_at TYPE timestamptz;
ALTER TABLE session ALTER COLUMN last_used_at TYPE timestamptz;
ALTER TABLE participation ALTER COLUMN joined_at TYPE timestamptz;
ALTER TABLE participation ALTER COLUMN last_activity_at TYPE timestamptz;
ALTER TABLE participation ALTER COLUMN read_up_to TYPE uuid;
ALTER TABLE consent ALTER COLUMN given_at TYPE timestamptz;
