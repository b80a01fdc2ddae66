-- Behind `last_message_id` nobody is shown anything. Whoever wrote moved it for those who see it, but for those who ended
-- a block at that moment: made good for all who ever blocked somebody.
UPDATE participation p SET last_message_id = l.id
FROM participation q CROSS JOIN LATERAL (
    SELECT m.id FROM message m
    WHERE m.conversation_id = q.conversation_id AND m.withdrawn_at IS NULL AND m.id > q.sees_after AND NOT EXISTS (
        SELECT 1 FROM block b WHERE b.account_id = q.account_id AND b.blocked_id = m.author_id
            AND m.sent_at >= b.began_at AND m.sent_at < coalesce(b.ended_at, 'infinity'))
    ORDER BY m.id DESC LIMIT 1) l
WHERE p.conversation_id = q.conversation_id AND p.account_id = q.account_id AND q.left_at IS NULL
    AND q.account_id IN (SELECT account_id FROM block)
    AND l.id > coalesce(q.last_message_id, '00000000-0000-0000-0000-000000000000');

-- Which transaction changed what others see of a row: whoever was away is told of that, and not of what is none of theirs
-- (when a mail is due, that an event of the ledger was written).
ALTER TABLE participation ADD COLUMN marked_by xid8;
ALTER TABLE participation ALTER COLUMN marked_by SET STATISTICS 0;
ALTER TABLE account ADD COLUMN shown_by xid8;
ALTER TABLE profile ADD COLUMN shown_by xid8;

CREATE FUNCTION note_shown() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.shown_by := pg_catalog.pg_current_xact_id();
    RETURN NEW;
END
$$;
CREATE TRIGGER account_shown BEFORE UPDATE ON account FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION note_shown();
CREATE TRIGGER profile_shown BEFORE UPDATE ON profile FOR EACH ROW
    WHEN ((OLD.first_name, OLD.last_name, OLD.display_name, OLD.listed)
          IS DISTINCT FROM (NEW.first_name, NEW.last_name, NEW.display_name, NEW.listed)) EXECUTE FUNCTION note_shown();
