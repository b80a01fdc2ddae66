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
