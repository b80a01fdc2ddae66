-- R18: why somebody reported a message, after the reported person has gone and their reports with them, while a hold
-- lies on the reporter's enquiries. It says nothing of the reported person.
CREATE TABLE superseded_report (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    reason text NOT NULL,
    reported_at timestamptz NOT NULL,
    superseded_at timestamptz NOT NULL,
    CONSTRAINT superseded_report_pkey PRIMARY KEY (id),
    CONSTRAINT superseded_report_account_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT
);
CREATE INDEX superseded_report_account ON superseded_report (account_id);
-- R4: no samples of it.
ALTER TABLE superseded_report ALTER COLUMN reason SET STATISTICS 0;

-- R4: indexes keep words that are gone from their tables, so those over people's words are built anew, if something
-- went since. That is counted by a sequence: at once, by many at a time, and never taken back.
CREATE SEQUENCE words_gone;
SELECT setval('words_gone', 1);
CREATE FUNCTION count_words_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM nextval('public.words_gone');
    RETURN NULL;
END
$$;
-- After the statement: whoever sees the count and then waits for the table's writers has waited for this one.
CREATE TRIGGER profile_words_gone AFTER DELETE OR UPDATE ON profile
    FOR EACH STATEMENT EXECUTE FUNCTION count_words_gone();
CREATE TRIGGER email_address_words_gone AFTER DELETE OR UPDATE ON email_address
    FOR EACH STATEMENT EXECUTE FUNCTION count_words_gone();
CREATE TRIGGER consent_words_gone AFTER DELETE OR UPDATE ON consent
    FOR EACH STATEMENT EXECUTE FUNCTION count_words_gone();
-- When that was last done, and what had been counted before.
ALTER TABLE sweep_state ADD COLUMN rebuilt_at timestamptz, ADD COLUMN rebuilt_through bigint;
