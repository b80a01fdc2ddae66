-- What members chose about mails and read marks. Without a row the defaults hold.
CREATE TABLE preference (
    account_id uuid NOT NULL,
    message_mail text NOT NULL DEFAULT 'at_once',
    share_read boolean NOT NULL DEFAULT true,
    CONSTRAINT preference_pkey PRIMARY KEY (account_id),
    CONSTRAINT preference_account_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT,
    CONSTRAINT preference_message_mail_known CHECK (message_mail IN ('at_once', 'daily', 'never'))
);
ALTER TABLE preference ALTER COLUMN message_mail SET STATISTICS 0;
ALTER TABLE preference ALTER COLUMN share_read SET STATISTICS 0;

-- `mail_due_at`: when whoever takes part is to be told by mail that something waits here. `mailed_at`: when they were
-- told; empty again as soon as they have read, so that there is one mail until then.
ALTER TABLE participation
    ADD COLUMN mail_due_at timestamptz,
    ADD COLUMN mailed_at timestamptz;
ALTER TABLE participation ALTER COLUMN mail_due_at SET STATISTICS 0;
ALTER TABLE participation ALTER COLUMN mailed_at SET STATISTICS 0;
-- What is due, oldest first; and all that is due of one person, for the one mail a day.
CREATE INDEX participation_mail_due ON participation (mail_due_at) WHERE mail_due_at IS NOT NULL;
CREATE INDEX participation_mail ON participation (account_id) WHERE mail_due_at IS NOT NULL;

-- Each mail about messages carries a link that ends these mails, and those of earlier mails stay good beside it.
ALTER TABLE confirmation DROP CONSTRAINT confirmation_purpose_known;
ALTER TABLE confirmation ADD CONSTRAINT confirmation_purpose_known CHECK (purpose IN
    ('confirm', 'withdraw', 'reset', 'email_change', 'undo', 'unsubscribe'));
ALTER TABLE confirmation DROP CONSTRAINT confirmation_account_purpose_key;
CREATE UNIQUE INDEX confirmation_account_purpose ON confirmation (account_id, purpose) WHERE purpose <> 'unsubscribe';
CREATE INDEX confirmation_account ON confirmation (account_id);
