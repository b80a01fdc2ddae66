-- What a report shows of its conversation is settled when it is filed: the messages nearest to the reported one that
-- its reporter could see then, nearest first, up to five on either side. Leaving, being removed, unblocking and erasure
-- add nothing to it and take nothing of others away. Like `message_id` it names messages that may be gone.
ALTER TABLE report ADD COLUMN around uuid[] NOT NULL DEFAULT '{}';
ALTER TABLE report ALTER COLUMN around SET STATISTICS 0;

-- Reports from before, as far as their reporter's part in the conversation is still known.
UPDATE report r SET around = ARRAY(
    SELECT n.id FROM participation p CROSS JOIN LATERAL (
        (SELECT m.id, row_number() OVER (ORDER BY m.id DESC) AS distance FROM message m
         WHERE m.conversation_id = r.conversation_id AND m.id < r.message_id AND m.sent_at <= r.reported_at
           AND m.id > p.sees_after AND m.withdrawn_at IS NULL AND NOT EXISTS (
               SELECT 1 FROM block b WHERE b.account_id = p.account_id AND b.blocked_id = m.author_id
                   AND m.sent_at >= b.began_at AND m.sent_at < coalesce(b.ended_at, 'infinity'))
         ORDER BY m.id DESC LIMIT 5)
        UNION ALL
        (SELECT m.id, row_number() OVER (ORDER BY m.id) AS distance FROM message m
         WHERE m.conversation_id = r.conversation_id AND m.id > r.message_id AND m.sent_at <= r.reported_at
           AND m.id > p.sees_after AND m.withdrawn_at IS NULL AND NOT EXISTS (
               SELECT 1 FROM block b WHERE b.account_id = p.account_id AND b.blocked_id = m.author_id
                   AND m.sent_at >= b.began_at AND m.sent_at < coalesce(b.ended_at, 'infinity'))
         ORDER BY m.id LIMIT 5)) n
    WHERE p.conversation_id = r.conversation_id AND p.account_id = r.reporter_id
    ORDER BY n.distance, n.id);
