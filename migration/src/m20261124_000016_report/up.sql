-- Reports of messages, and what was decided. A report keeps no message: it names it by an id that may lead nowhere.
-- `reported_id` wrote the message; of a reporter who is gone neither id nor words are left.
CREATE TABLE report (
    id uuid NOT NULL,
    message_id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    reported_id uuid NOT NULL,
    reporter_id uuid,
    reason text,
    reported_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open',
    decided_by uuid,
    decided_at timestamptz,
    CONSTRAINT report_pkey PRIMARY KEY (id),
    CONSTRAINT report_reported_fkey FOREIGN KEY (reported_id) REFERENCES account (id) ON DELETE RESTRICT,
    CONSTRAINT report_reporter_fkey FOREIGN KEY (reporter_id) REFERENCES account (id) ON DELETE RESTRICT,
    CONSTRAINT report_state_known CHECK (state IN ('open', 'removed', 'suspended', 'dismissed')),
    CONSTRAINT report_decided_is_dated CHECK ((state = 'open') = (decided_at IS NULL)),
    CONSTRAINT report_reporter_says_why CHECK ((reporter_id IS NULL) = (reason IS NULL)),
    CONSTRAINT report_of_another CHECK (reported_id <> reporter_id)
);
CREATE UNIQUE INDEX report_once ON report (message_id, reporter_id);
CREATE INDEX report_reported ON report (reported_id);
CREATE INDEX report_reporter ON report (reporter_id) WHERE reporter_id IS NOT NULL;
CREATE INDEX report_by_state ON report (state, id);
CREATE INDEX report_decided ON report (decided_at) WHERE decided_at IS NOT NULL;
ALTER TABLE report ALTER COLUMN message_id SET STATISTICS 0;
ALTER TABLE report ALTER COLUMN conversation_id SET STATISTICS 0;
ALTER TABLE report ALTER COLUMN reported_id SET STATISTICS 0;
ALTER TABLE report ALTER COLUMN reporter_id SET STATISTICS 0;
ALTER TABLE report ALTER COLUMN reason SET STATISTICS 0;
ALTER TABLE report ALTER COLUMN reported_at SET STATISTICS 0;
