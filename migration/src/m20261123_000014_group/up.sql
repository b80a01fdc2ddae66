-- Groups: conversations that people join by invitation and leave. Rules named R… are those of the erasure concept.
ALTER TABLE conversation
    ADD COLUMN is_group boolean NOT NULL DEFAULT false,
    -- Nobody is in it any more: the sweep ends it (R13).
    ADD COLUMN is_abandoned boolean NOT NULL DEFAULT false;
CREATE INDEX conversation_abandoned ON conversation (id) WHERE is_abandoned;

-- The key under which somebody opened a group, once.
ALTER TABLE participation ADD COLUMN idempotency_hash bytea;
CREATE UNIQUE INDEX participation_idempotency ON participation (account_id, idempotency_hash)
    WHERE idempotency_hash IS NOT NULL;
ALTER TABLE participation ALTER COLUMN idempotency_hash SET STATISTICS 0;

-- Several may invite the same person: one invitation says nothing of another, nor of whom that person blocked.
CREATE TABLE group_invitation (
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    invited_by uuid NOT NULL,
    invited_at timestamptz NOT NULL,
    CONSTRAINT group_invitation_pkey PRIMARY KEY (id),
    CONSTRAINT group_invitation_once UNIQUE (conversation_id, account_id, invited_by),
    CONSTRAINT group_invitation_conversation_fkey FOREIGN KEY (conversation_id)
        REFERENCES conversation (id) ON DELETE CASCADE,
    CONSTRAINT group_invitation_account_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT,
    CONSTRAINT group_invitation_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES account (id) ON DELETE RESTRICT,
    CONSTRAINT group_invitation_of_another CHECK (account_id <> invited_by)
);
CREATE INDEX group_invitation_account ON group_invitation (account_id, id DESC);
CREATE INDEX group_invitation_invited_by ON group_invitation (invited_by);
CREATE INDEX group_invitation_invited ON group_invitation (invited_at);

-- Who was removed from a group comes back only if whoever manages it wants so.
CREATE TABLE group_removal (
    conversation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    removed_at timestamptz NOT NULL,
    CONSTRAINT group_removal_pkey PRIMARY KEY (conversation_id, account_id),
    CONSTRAINT group_removal_conversation_fkey FOREIGN KEY (conversation_id)
        REFERENCES conversation (id) ON DELETE CASCADE,
    CONSTRAINT group_removal_account_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT
);
CREATE INDEX group_removal_account ON group_removal (account_id);

-- R18: subjects that were replaced, and earlier times in a group that somebody left and joined again, while a hold lay
-- on them. They refer to no conversation, so that they are kept whatever becomes of it.
CREATE TABLE superseded_subject (
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    subject text NOT NULL,
    superseded_at timestamptz NOT NULL,
    CONSTRAINT superseded_subject_pkey PRIMARY KEY (id),
    CONSTRAINT superseded_subject_account_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT
);
CREATE INDEX superseded_subject_account ON superseded_subject (account_id);

CREATE TABLE superseded_participation (
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    joined_at timestamptz NOT NULL,
    last_activity_at timestamptz NOT NULL,
    read_up_to uuid,
    left_at timestamptz NOT NULL,
    CONSTRAINT superseded_participation_pkey PRIMARY KEY (id),
    CONSTRAINT superseded_participation_account_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT
);
CREATE INDEX superseded_participation_account ON superseded_participation (account_id);

-- R4: no samples of them.
ALTER TABLE group_invitation
    ALTER COLUMN account_id SET STATISTICS 0, ALTER COLUMN invited_by SET STATISTICS 0,
    ALTER COLUMN invited_at SET STATISTICS 0;
ALTER TABLE group_removal ALTER COLUMN account_id SET STATISTICS 0, ALTER COLUMN removed_at SET STATISTICS 0;
ALTER TABLE superseded_subject ALTER COLUMN subject SET STATISTICS 0;
ALTER TABLE superseded_participation
    ALTER COLUMN joined_at SET STATISTICS 0, ALTER COLUMN last_activity_at SET STATISTICS 0,
    ALTER COLUMN read_up_to SET STATISTICS 0, ALTER COLUMN left_at SET STATISTICS 0;
