-- When somebody last proved who they are: at first by signing in. And the family of browser and system, as two closed
-- codes: the header itself is not stored. What sessions that live already came from is not known.
ALTER TABLE session
    ADD COLUMN proved_at timestamptz,
    ADD COLUMN browser text NOT NULL DEFAULT 'other',
    ADD COLUMN system text NOT NULL DEFAULT 'other',
    ADD CONSTRAINT session_browser_known CHECK (browser IN (
        'chrome', 'edge', 'firefox', 'opera', 'safari', 'samsung', 'vivaldi', 'other')),
    ADD CONSTRAINT session_system_known CHECK (system IN (
        'android', 'chromeos', 'ios', 'linux', 'macos', 'windows', 'other'));
ALTER TABLE session ALTER COLUMN proved_at SET STATISTICS 0;
ALTER TABLE session ALTER COLUMN browser SET STATISTICS 0;
ALTER TABLE session ALTER COLUMN system SET STATISTICS 0;
UPDATE session SET proved_at = created_at;
ALTER TABLE session ALTER COLUMN proved_at SET NOT NULL;

-- Whether anybody signed in with it: the first device of an account is no news to its person.
ALTER TABLE credential ADD COLUMN used boolean NOT NULL DEFAULT false;
