-- Whoever joins later sees what is written from then on, the messages behind `sees_after`.
ALTER TABLE participation
    ADD COLUMN sees_after uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    -- Set where someone who left is held (R18): their participation is kept and shown to nobody.
    ADD COLUMN left_at timestamptz;
-- What was written last where one takes part: only beyond the read mark can something be unread.
ALTER TABLE participation ADD COLUMN last_message_id uuid;
ALTER TABLE participation ALTER COLUMN last_message_id SET STATISTICS 0;
UPDATE participation p SET last_message_id =
    (SELECT m.id FROM message m WHERE m.conversation_id = p.conversation_id ORDER BY m.id DESC LIMIT 1);
CREATE INDEX participation_unread ON participation (account_id)
    WHERE last_message_id > coalesce(read_up_to, '00000000-0000-0000-0000-000000000000');
ALTER TABLE participation ALTER COLUMN sees_after SET STATISTICS 0;
ALTER TABLE participation ALTER COLUMN left_at SET STATISTICS 0;

-- Blocks: what the blocked person writes from `began_at` until `ended_at` is never shown to whoever blocked them.
CREATE TABLE block (
    account_id uuid NOT NULL,
    blocked_id uuid NOT NULL,
    began_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT block_pkey PRIMARY KEY (account_id, blocked_id, began_at),
    CONSTRAINT block_account_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT block_blocked_fkey FOREIGN KEY (blocked_id) REFERENCES account (id),
    CONSTRAINT block_of_another CHECK (account_id <> blocked_id)
);
CREATE UNIQUE INDEX block_standing ON block (account_id, blocked_id) WHERE ended_at IS NULL;
CREATE INDEX block_blocked ON block (blocked_id);
ALTER TABLE block ALTER COLUMN account_id SET STATISTICS 0;
ALTER TABLE block ALTER COLUMN blocked_id SET STATISTICS 0;
ALTER TABLE block ALTER COLUMN began_at SET STATISTICS 0;
ALTER TABLE block ALTER COLUMN ended_at SET STATISTICS 0;
