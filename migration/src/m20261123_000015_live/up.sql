-- Whatever ends a session (its person, a deletion, an administrator, the sweep): open event streams end with it.
CREATE FUNCTION announce_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('stammtisch', 's:' || OLD.account_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER session_end AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION announce_session();

-- When somebody left or a message went: of rows that are gone nobody could see that.
ALTER TABLE conversation ADD COLUMN changed_at timestamptz;
