-- Sends a message, if nothing is in the way and nothing is to be said or done besides: what `messaging/send.rs` asks and
-- writes one after the other, in one statement. NULL: nothing was done. Each statement in it sees what was committed before
-- it, so that what is asked under the conversation's lock is so.
CREATE FUNCTION send_at_once(
    sender uuid, talk uuid, new_id uuid, said text, written_at timestamptz, key_hash bytea,
    due_at_once timestamptz, due_daily timestamptz,
    used_first timestamptz, used_from timestamptz, used_latest timestamptz
) RETURNS timestamptz LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM account a WHERE a.id = sender AND a.status = 'active' FOR KEY SHARE;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM FROM conversation c WHERE c.id = talk
      AND EXISTS (SELECT 1 FROM participation p WHERE p.conversation_id = c.id AND p.account_id = sender AND p.left_at IS NULL)
    FOR NO KEY UPDATE;
    PERFORM FROM participation p JOIN conversation c ON c.id = p.conversation_id
    WHERE p.conversation_id = talk AND p.account_id = sender AND p.left_at IS NULL AND p.mailed_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM block b
    WHERE b.account_id = p.account_id AND b.blocked_id IN (c.pair_low, c.pair_high) AND b.ended_at IS NULL)
      AND EXISTS (SELECT 1 FROM participation o JOIN account a ON a.id = o.account_id
          WHERE o.conversation_id = talk AND o.account_id <> sender AND o.left_at IS NULL AND a.status NOT IN ('deleted', 'erasing'))
      AND NOT EXISTS (SELECT 1 FROM participation o WHERE o.conversation_id = talk
          AND greatest(o.last_message_id, o.read_up_to, o.sees_after) >= new_id)
      AND NOT EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = talk AND m.id >= new_id);
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF key_hash IS NOT NULL THEN
        PERFORM FROM message m WHERE m.author_id = sender AND m.idempotency_hash = key_hash;
        IF FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    IF used_latest IS NOT NULL THEN
        INSERT INTO allowance AS a (account_id, kind, used_until) VALUES (sender, 'messages', used_first)
        ON CONFLICT ON CONSTRAINT allowance_pkey DO UPDATE
            SET used_until = greatest(a.used_until, used_from) + (used_first - used_from)
        WHERE a.used_until + (used_first - used_from) <= used_latest;
        IF NOT FOUND THEN
            RETURN NULL;
        END IF;
    END IF;
    INSERT INTO message (id, conversation_id, author_id, body, sent_at, idempotency_hash)
    VALUES (new_id, talk, sender, said, written_at, key_hash);
    UPDATE participation p SET last_activity_at = greatest(p.last_activity_at, written_at),
        last_message_id = greatest(p.last_message_id, new_id),
        read_up_to = CASE WHEN p.account_id = sender THEN greatest(p.read_up_to, new_id) ELSE p.read_up_to END,
        mail_due_at = CASE WHEN p.account_id <> sender AND p.mailed_at IS NULL THEN
            coalesce(p.mail_due_at, CASE coalesce((SELECT r.message_mail FROM preference r WHERE r.account_id = p.account_id), 'at_once')
                WHEN 'at_once' THEN due_at_once WHEN 'daily' THEN due_daily END) END
    FROM (SELECT sender AS author_id, written_at AS sent_at) m
    WHERE p.conversation_id = talk AND p.left_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM block b WHERE b.account_id = p.account_id AND b.blocked_id = m.author_id
        AND m.sent_at >= b.began_at AND m.sent_at < coalesce(b.ended_at, 'infinity') OFFSET 0);
    RETURN written_at;
END
$$;
