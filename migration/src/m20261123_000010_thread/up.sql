-- Enquiries become threads. All of one is its member's, whoever wrote it (R3): `account_id` says whose, `written_by` which
-- administrator answered, as long as they have an account.
CREATE TABLE enquiry_entry (
    id uuid NOT NULL,
    enquiry_id uuid NOT NULL,
    account_id uuid NOT NULL,
    by_operator boolean NOT NULL,
    written_by uuid,
    body text NOT NULL,
    written_at timestamptz NOT NULL,
    idempotency_hash bytea,
    CONSTRAINT enquiry_entry_pkey PRIMARY KEY (id),
    CONSTRAINT enquiry_entry_enquiry_fkey FOREIGN KEY (enquiry_id) REFERENCES enquiry (id) ON DELETE CASCADE,
    CONSTRAINT enquiry_entry_account_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT,
    CONSTRAINT enquiry_entry_written_by_fkey FOREIGN KEY (written_by) REFERENCES account (id) ON DELETE RESTRICT,
    CONSTRAINT enquiry_entry_writer_is_of_operator CHECK (by_operator OR written_by IS NULL)
);
-- R4: no samples, before the first row. Of administrators neither: they are few, so that the commonest would stay in the
-- statistics after they are gone, and a sweep would be planned as if everybody had a quarter of all enquiries.
ALTER TABLE enquiry_entry ALTER COLUMN written_by SET STATISTICS 0;
ALTER TABLE enquiry_entry ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE enquiry_entry ALTER COLUMN idempotency_hash SET STATISTICS 0;

-- What was asked keeps its enquiry's id; an answer gets one of its own time (version 7), behind it.
INSERT INTO enquiry_entry (id, enquiry_id, account_id, by_operator, body, written_at)
SELECT id, id, account_id, false, body, asked_at FROM enquiry;
INSERT INTO enquiry_entry (id, enquiry_id, account_id, by_operator, written_by, body, written_at)
SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING substring(int8send(
           (extract(epoch FROM greatest(e.answered_at, e.asked_at + interval '1 millisecond')) * 1000)::bigint) FROM 3)
           FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid,
       e.id, e.account_id, true, a.id, e.answer, e.answered_at
FROM enquiry e LEFT JOIN account a ON a.id = e.answered_by WHERE e.answer IS NOT NULL;

-- The thread, and its latest answer.
CREATE INDEX enquiry_entry_enquiry ON enquiry_entry (enquiry_id, id DESC);
CREATE INDEX enquiry_entry_answer ON enquiry_entry (enquiry_id, id DESC) WHERE by_operator;
-- What a member was answered lately.
CREATE INDEX enquiry_entry_account ON enquiry_entry (account_id, written_at);
CREATE INDEX enquiry_entry_written_by ON enquiry_entry (written_by) WHERE written_by IS NOT NULL;
CREATE UNIQUE INDEX enquiry_entry_idempotency ON enquiry_entry (enquiry_id, by_operator, idempotency_hash)
    WHERE idempotency_hash IS NOT NULL;

-- `waiting_since`: since when an answer is waited for. The old columns go before the rows are written anew, so that no
-- row keeps what stood in them.
DROP INDEX enquiry_open;
ALTER TABLE enquiry
    DROP CONSTRAINT enquiry_answer_complete,
    DROP COLUMN body, DROP COLUMN answer, DROP COLUMN answered_by, DROP COLUMN answered_at,
    ADD COLUMN state text,
    ADD COLUMN waiting_since timestamptz,
    ADD COLUMN last_activity_at timestamptz,
    ADD COLUMN assigned_to uuid;
ALTER TABLE enquiry ALTER COLUMN assigned_to SET STATISTICS 0;
UPDATE enquiry e SET
    state = CASE WHEN t.answered THEN 'answered' ELSE 'open' END,
    waiting_since = CASE WHEN t.answered THEN NULL ELSE e.asked_at END,
    last_activity_at = t.latest
FROM (SELECT enquiry_id, bool_or(by_operator) AS answered, max(written_at) AS latest FROM enquiry_entry GROUP BY enquiry_id) t
WHERE t.enquiry_id = e.id;
ALTER TABLE enquiry
    ALTER COLUMN state SET NOT NULL,
    ALTER COLUMN last_activity_at SET NOT NULL,
    ADD CONSTRAINT enquiry_state_known CHECK (state IN ('open', 'answered', 'closed')),
    ADD CONSTRAINT enquiry_open_waits CHECK ((state = 'open') = (waiting_since IS NOT NULL)),
    ADD CONSTRAINT enquiry_assigned_to_fkey FOREIGN KEY (assigned_to) REFERENCES account (id) ON DELETE RESTRICT;

-- The desk's lists: those that wait, longest first; those in one state, of one administrator, of nobody, newest first.
CREATE INDEX enquiry_waiting ON enquiry (waiting_since, id) WHERE state = 'open';
CREATE INDEX enquiry_state ON enquiry (state, id);
CREATE INDEX enquiry_assigned ON enquiry (assigned_to, id) WHERE assigned_to IS NOT NULL;
CREATE INDEX enquiry_unassigned ON enquiry (id) WHERE assigned_to IS NULL;
