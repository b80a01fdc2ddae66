-- The first schema. Rules named R… are those of the erasure concept.

-- Words are compared without regard to case, accents and umlauts: "Müller" is found by "muller" and,
-- through directory_words, by "mueller".
CREATE FUNCTION fold_words(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(
        lower(regexp_replace(normalize(replace(replace(words, 'ß', 'ss'), 'ẞ', 'ss'), NFKD), '[\u0300-\u036f]', '', 'g')),
        '[-+/\\.,;:_@()&''"]+', ' ', 'g')
$$;

CREATE FUNCTION directory_words(words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('simple'::regconfig, fold_words(words))
        || to_tsvector('simple'::regconfig, fold_words(
            replace(replace(replace(replace(replace(replace(
                normalize(words, NFC), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'Ä', 'Ae'), 'Ö', 'Oe'), 'Ü', 'Ue')))
$$;

-- R1: no personal datum here. `erased` lists the clusters that are gone already, `event_no` numbers the
-- account's ledger events, `due_at` is when the sweep has something to do here (R9).
CREATE TABLE account (
    id uuid NOT NULL,
    status text NOT NULL,
    status_before text,
    role text NOT NULL DEFAULT 'member',
    created_at timestamptz NOT NULL,
    deleted_at timestamptz,
    undo_until timestamptz,
    erase_by timestamptz,
    due_at timestamptz,
    next_try_at timestamptz,
    failed_tries integer NOT NULL DEFAULT 0,
    erased text[] NOT NULL DEFAULT '{}',
    event_no bigint NOT NULL DEFAULT 0,
    CONSTRAINT account_pkey PRIMARY KEY (id),
    CONSTRAINT account_status_known CHECK (status IN
        ('unconfirmed', 'pending', 'rejected', 'active', 'suspended', 'deleted', 'erasing')),
    CONSTRAINT account_status_before_known CHECK (status_before IN
        ('unconfirmed', 'pending', 'rejected', 'active', 'suspended')),
    CONSTRAINT account_role_known CHECK (role IN ('member', 'administrator')),
    CONSTRAINT account_deleted_is_dated CHECK (
        (status IN ('deleted', 'erasing'))
        = (status_before IS NOT NULL AND deleted_at IS NOT NULL AND undo_until IS NOT NULL AND erase_by IS NOT NULL))
);
CREATE INDEX account_due ON account (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX account_leaving ON account (erase_by, id) WHERE status IN ('deleted', 'erasing');
CREATE INDEX account_newest ON account (created_at DESC, id DESC);
CREATE INDEX account_pending ON account (id) WHERE status = 'pending';
CREATE INDEX account_administrators ON account (id) WHERE role = 'administrator';

-- Cluster contact. A superseded address stays only under a hold (R18); a released one stands in nobody's way (R16).
CREATE TABLE email_address (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    address text NOT NULL,
    released boolean NOT NULL DEFAULT false,
    superseded_at timestamptz,
    CONSTRAINT email_address_pkey PRIMARY KEY (id),
    CONSTRAINT email_address_account_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT email_address_superseded_is_released CHECK (superseded_at IS NULL OR released)
);
CREATE UNIQUE INDEX email_address_taken ON email_address (address) WHERE NOT released;
CREATE UNIQUE INDEX email_address_current ON email_address (account_id) WHERE superseded_at IS NULL;
CREATE INDEX email_address_account ON email_address (account_id);

CREATE TABLE email_change (
    account_id uuid NOT NULL,
    address text NOT NULL,
    requested_at timestamptz NOT NULL,
    CONSTRAINT email_change_pkey PRIMARY KEY (account_id),
    CONSTRAINT email_change_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);

CREATE INDEX email_change_requested ON email_change (requested_at);

-- Cluster credentials. `version` counts changes of the password, not of its hash (R7).
CREATE TABLE credential (
    account_id uuid NOT NULL,
    password_hash text NOT NULL,
    version integer NOT NULL DEFAULT 1,
    changed_at timestamptz NOT NULL,
    CONSTRAINT credential_pkey PRIMARY KEY (account_id),
    CONSTRAINT credential_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);

CREATE TABLE organisation (
    id uuid NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT organisation_pkey PRIMARY KEY (id),
    CONSTRAINT organisation_name_key UNIQUE (name)
);
CREATE TABLE organisation_domain (
    domain text NOT NULL,
    organisation_id uuid NOT NULL,
    CONSTRAINT organisation_domain_pkey PRIMARY KEY (domain),
    CONSTRAINT organisation_domain_organisation_fkey FOREIGN KEY (organisation_id)
        REFERENCES organisation (id) ON DELETE CASCADE
);
CREATE INDEX organisation_domain_organisation ON organisation_domain (organisation_id);

-- Cluster master_data. `search` holds what its member made visible and nothing else; `version` is the ETag.
CREATE TABLE profile (
    account_id uuid NOT NULL,
    first_name text NOT NULL,
    last_name text NOT NULL,
    display_name text,
    organisation text NOT NULL,
    organisation_decided boolean NOT NULL DEFAULT false,
    department text,
    position text,
    phone text,
    about text,
    listed boolean NOT NULL DEFAULT true,
    organisation_visible boolean NOT NULL DEFAULT true,
    department_visible boolean NOT NULL DEFAULT false,
    position_visible boolean NOT NULL DEFAULT false,
    phone_visible boolean NOT NULL DEFAULT false,
    about_visible boolean NOT NULL DEFAULT false,
    locale text NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    sort_name text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold_words(last_name || ' ' || first_name)) STORED,
    search tsvector NOT NULL GENERATED ALWAYS AS (directory_words(
        first_name || ' ' || last_name || ' ' || coalesce(display_name, '')
        || CASE WHEN organisation_visible THEN ' ' || organisation ELSE '' END
        || CASE WHEN department_visible THEN ' ' || coalesce(department, '') ELSE '' END
        || CASE WHEN position_visible THEN ' ' || coalesce(position, '') ELSE '' END
        || CASE WHEN phone_visible THEN ' ' || coalesce(phone, '') ELSE '' END
        || CASE WHEN about_visible THEN ' ' || coalesce(about, '') ELSE '' END)) STORED,
    CONSTRAINT profile_pkey PRIMARY KEY (account_id),
    CONSTRAINT profile_account_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT profile_locale_known CHECK (locale IN ('de', 'en'))
);
CREATE INDEX profile_directory ON profile (sort_name, account_id) WHERE listed;
CREATE INDEX profile_search ON profile USING gin (search) WHERE listed;

-- R18: master data that was replaced while a hold lay on it.
CREATE TABLE superseded_profile (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    field text NOT NULL,
    value text NOT NULL,
    superseded_at timestamptz NOT NULL,
    CONSTRAINT superseded_profile_pkey PRIMARY KEY (id),
    CONSTRAINT superseded_profile_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);
CREATE INDEX superseded_profile_account ON superseded_profile (account_id);

-- How someone came in: what they wrote to the desk, and who decided by which rule.
CREATE TABLE registration (
    account_id uuid NOT NULL,
    message text,
    registered_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    reminded_at timestamptz,
    decided_at timestamptz,
    decided_by uuid,
    decided_rule text,
    CONSTRAINT registration_pkey PRIMARY KEY (account_id),
    CONSTRAINT registration_account_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT registration_rule_known CHECK (decided_rule IN ('mail_domain', 'administrator', 'no_approval', 'command_line'))
);

-- Cluster consents.
CREATE TABLE consent (
    account_id uuid NOT NULL,
    kind text NOT NULL,
    version text NOT NULL,
    given_at timestamptz NOT NULL,
    CONSTRAINT consent_pkey PRIMARY KEY (account_id, kind, version),
    CONSTRAINT consent_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);

-- Cluster activity: sessions, links, mails, and requests that a worker has not looked at yet.
CREATE TABLE session (
    id uuid NOT NULL,
    key_hash bytea NOT NULL,
    account_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT session_pkey PRIMARY KEY (id),
    CONSTRAINT session_key_hash_key UNIQUE (key_hash),
    CONSTRAINT session_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE confirmation (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    purpose text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT confirmation_pkey PRIMARY KEY (id),
    CONSTRAINT confirmation_account_purpose_key UNIQUE (account_id, purpose),
    CONSTRAINT confirmation_account_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT confirmation_purpose_known CHECK (purpose IN ('confirm', 'withdraw', 'reset', 'email_change', 'undo'))
);
CREATE INDEX confirmation_expiry ON confirmation (expires_at);

CREATE TABLE confirmation_token (
    token_hash bytea NOT NULL,
    confirmation_id uuid NOT NULL,
    CONSTRAINT confirmation_token_pkey PRIMARY KEY (token_hash),
    CONSTRAINT confirmation_token_confirmation_fkey FOREIGN KEY (confirmation_id)
        REFERENCES confirmation (id) ON DELETE CASCADE
);
CREATE INDEX confirmation_token_confirmation ON confirmation_token (confirmation_id);

CREATE TABLE mail (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    recipient text NOT NULL,
    locale text NOT NULL,
    letter jsonb,
    confirmation_id uuid,
    queued_at timestamptz NOT NULL,
    next_try_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    given_up_at timestamptz,
    failure text,
    CONSTRAINT mail_pkey PRIMARY KEY (id),
    CONSTRAINT mail_account_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT mail_confirmation_fkey FOREIGN KEY (confirmation_id) REFERENCES confirmation (id) ON DELETE CASCADE,
    CONSTRAINT mail_given_up_or_waiting CHECK ((given_up_at IS NULL) = (next_try_at IS NOT NULL)),
    CONSTRAINT mail_given_up_says_nothing CHECK ((given_up_at IS NULL) = (letter IS NOT NULL))
);
CREATE INDEX mail_account ON mail (account_id);
CREATE INDEX mail_confirmation ON mail (confirmation_id);
CREATE INDEX mail_next_try ON mail (next_try_at) WHERE next_try_at IS NOT NULL;
CREATE INDEX mail_given_up ON mail (given_up_at) WHERE given_up_at IS NOT NULL;

CREATE TABLE noted_request (
    id uuid NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,
    details jsonb NOT NULL,
    noted_at timestamptz NOT NULL,
    CONSTRAINT noted_request_pkey PRIMARY KEY (id),
    CONSTRAINT noted_request_kind_known CHECK (kind IN ('registration', 'password_reset'))
);

CREATE INDEX noted_request_noted ON noted_request (noted_at);

-- One mail of a kind in 10 minutes and 5 a day for an address, kept under a keyed hash.
CREATE TABLE mail_allowance (
    address_key bytea NOT NULL,
    kind text NOT NULL,
    day_began_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    count integer NOT NULL,
    CONSTRAINT mail_allowance_pkey PRIMARY KEY (address_key, kind)
);
CREATE INDEX mail_allowance_day ON mail_allowance (day_began_at);

-- Cluster messages. `pair_low` and `pair_high` make the conversation of two unique.
CREATE TABLE conversation (
    id uuid NOT NULL,
    subject text,
    subject_by uuid,
    pair_low uuid,
    pair_high uuid,
    former_members integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    CONSTRAINT conversation_pkey PRIMARY KEY (id),
    CONSTRAINT conversation_subject_by_fkey FOREIGN KEY (subject_by) REFERENCES account (id),
    CONSTRAINT conversation_subject_has_author CHECK ((subject IS NULL) = (subject_by IS NULL)),
    CONSTRAINT conversation_pair_in_order CHECK (pair_low < pair_high),
    CONSTRAINT conversation_pair_complete CHECK ((pair_low IS NULL) = (pair_high IS NULL))
);
CREATE UNIQUE INDEX conversation_pair ON conversation (pair_low, pair_high) WHERE pair_low IS NOT NULL;
CREATE INDEX conversation_subject_by ON conversation (subject_by) WHERE subject_by IS NOT NULL;

CREATE TABLE participation (
    conversation_id uuid NOT NULL,
    account_id uuid NOT NULL,
    joined_at timestamptz NOT NULL,
    last_activity_at timestamptz NOT NULL,
    read_up_to uuid,
    CONSTRAINT participation_pkey PRIMARY KEY (conversation_id, account_id),
    CONSTRAINT participation_conversation_fkey FOREIGN KEY (conversation_id) REFERENCES conversation (id) ON DELETE CASCADE,
    CONSTRAINT participation_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);
CREATE INDEX participation_account ON participation (account_id, last_activity_at DESC, conversation_id DESC);

CREATE TABLE message (
    id uuid NOT NULL,
    conversation_id uuid NOT NULL,
    author_id uuid NOT NULL,
    body text NOT NULL,
    sent_at timestamptz NOT NULL,
    idempotency_hash bytea,
    withdrawn_at timestamptz,
    CONSTRAINT message_pkey PRIMARY KEY (id),
    CONSTRAINT message_conversation_fkey FOREIGN KEY (conversation_id) REFERENCES conversation (id) ON DELETE CASCADE,
    CONSTRAINT message_author_fkey FOREIGN KEY (author_id) REFERENCES account (id)
);
CREATE INDEX message_conversation ON message (conversation_id, id DESC);
CREATE INDEX message_author ON message (author_id);
CREATE UNIQUE INDEX message_idempotency ON message (author_id, idempotency_hash) WHERE idempotency_hash IS NOT NULL;
CREATE INDEX message_withdrawn ON message (author_id) WHERE withdrawn_at IS NOT NULL;

-- Cluster enquiries.
CREATE TABLE enquiry (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    asked_at timestamptz NOT NULL,
    answer text,
    answered_by uuid,
    answered_at timestamptz,
    CONSTRAINT enquiry_pkey PRIMARY KEY (id),
    CONSTRAINT enquiry_account_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT enquiry_answer_complete CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX enquiry_account ON enquiry (account_id, id DESC);
CREATE INDEX enquiry_open ON enquiry (id) WHERE answered_at IS NULL;

-- Cluster administration: what administrators order and type; it goes with the account (R3).
CREATE TABLE hold (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    categories text[] NOT NULL,
    basis text NOT NULL,
    reference text NOT NULL,
    review_at timestamptz NOT NULL,
    expires_at timestamptz,
    disclose boolean NOT NULL DEFAULT true,
    placed_by uuid NOT NULL,
    placed_at timestamptz NOT NULL,
    reviewed_at timestamptz,
    release_requested_by uuid,
    released_by uuid,
    released_at timestamptz,
    CONSTRAINT hold_pkey PRIMARY KEY (id),
    CONSTRAINT hold_account_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT hold_categories_known CHECK (cardinality(categories) > 0
        AND categories <@ ARRAY['contact', 'master_data', 'messages', 'enquiries', 'consents']),
    CONSTRAINT hold_basis_known CHECK (basis IN ('statutory_retention', 'open_claim', 'legal_proceedings', 'authority_order'))
);
CREATE INDEX hold_account ON hold (account_id);
CREATE INDEX hold_active ON hold (account_id) WHERE released_at IS NULL;

CREATE TABLE administrative_note (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    subject text NOT NULL,
    subject_id uuid,
    body text NOT NULL,
    written_by uuid NOT NULL,
    written_at timestamptz NOT NULL,
    CONSTRAINT administrative_note_pkey PRIMARY KEY (id),
    CONSTRAINT administrative_note_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);
CREATE INDEX administrative_note_account ON administrative_note (account_id);

-- No foreign keys from here on: these rows outlive the accounts they speak of, and hold codes, ids and instants only.
CREATE TABLE receipt (
    id uuid NOT NULL,
    code_hash bytea NOT NULL,
    account_id uuid,
    requested_at timestamptz NOT NULL,
    undone_at timestamptz,
    erased_at timestamptz,
    CONSTRAINT receipt_pkey PRIMARY KEY (id),
    CONSTRAINT receipt_code_hash_key UNIQUE (code_hash),
    CONSTRAINT receipt_erased_names_nobody CHECK (erased_at IS NULL OR account_id IS NULL)
);
CREATE INDEX receipt_account ON receipt (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX receipt_erased ON receipt (erased_at) WHERE erased_at IS NOT NULL;

CREATE TABLE audit_event (
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    code text NOT NULL,
    actor_id uuid,
    account_id uuid,
    subject_id uuid,
    CONSTRAINT audit_event_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_event_account ON audit_event (account_id, id DESC);

CREATE TABLE ledger_event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    event text NOT NULL,
    account_id uuid NOT NULL,
    no bigint NOT NULL,
    details jsonb NOT NULL,
    CONSTRAINT ledger_event_pkey PRIMARY KEY (id),
    CONSTRAINT ledger_event_known CHECK (event IN
        ('requested', 'undone', 'hold_placed', 'hold_released', 'changed', 'item_erased', 'erasing', 'erased'))
);
CREATE UNIQUE INDEX ledger_event_account ON ledger_event (account_id, no) WHERE event <> 'erasing';
CREATE INDEX ledger_event_at ON ledger_event (at);

-- One row: what the sweep knows of itself (R9, R23).
CREATE TABLE sweep_state (
    id integer NOT NULL DEFAULT 1,
    last_swept_at timestamptz,
    trusted_at timestamptz,
    holds_frozen_at timestamptz,
    CONSTRAINT sweep_state_pkey PRIMARY KEY (id),
    CONSTRAINT sweep_state_is_one_row CHECK (id = 1)
);
INSERT INTO sweep_state DEFAULT VALUES;

-- R4: sampled values survive DELETE, VACUUM and ANALYZE in pg_stats, so none is sampled where personal data stands.
DO $$
DECLARE
    target record;
BEGIN
    FOR target IN
        SELECT c.table_name, c.column_name FROM information_schema.columns c
        JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
          AND c.data_type IN ('text', 'jsonb', 'tsvector', 'bytea')
          AND c.table_name NOT IN ('account', 'audit_event', 'ledger_event', 'organisation', 'organisation_domain', 'seaql_migrations')
    LOOP
        EXECUTE format('ALTER TABLE %I ALTER COLUMN %I SET STATISTICS 0', target.table_name, target.column_name);
    END LOOP;
END
$$;
