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
