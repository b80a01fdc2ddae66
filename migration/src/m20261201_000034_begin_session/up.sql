-- Begins a session of somebody whose device is known and who has no second factor: what `authentication/session_store.rs`
-- asks and writes one after the other, in one statement. False: nothing was done. Each statement in it sees what was
-- committed before it, so that what is asked under the account's lock is so (R7).
CREATE FUNCTION begin_session(
    owner uuid, checked_version integer, new_id uuid, new_key_hash bytea, begun_at timestamptz, ends_at timestamptz,
    browser_family text, system_family text, event_id uuid
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM account a WHERE a.id = owner AND a.status = 'active' FOR KEY SHARE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO session (id, key_hash, account_id, created_at, last_used_at, expires_at, proved_at, browser, system, second_factor)
    SELECT new_id, new_key_hash, owner, begun_at, begun_at, ends_at, begun_at, browser_family, system_family, false
    FROM credential c WHERE c.account_id = owner AND c.version = checked_version
      AND NOT EXISTS (SELECT 1 FROM totp t WHERE t.account_id = owner)
      AND NOT EXISTS (SELECT 1 FROM passkey p WHERE p.account_id = owner);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO audit_event (id, at, code, actor_id, account_id, subject_id)
    VALUES (event_id, begun_at, 'session.begun', owner, owner, new_id);
    RETURN true;
END
$$;
