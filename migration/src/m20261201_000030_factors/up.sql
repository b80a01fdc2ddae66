-- An authenticator app (RFC 6238): its secret, sealed by the key file, and the last step a code of which was accepted.
CREATE TABLE totp (
    account_id uuid NOT NULL,
    secret bytea NOT NULL,
    last_step bigint NOT NULL,
    set_up_at timestamptz NOT NULL,
    CONSTRAINT totp_pkey PRIMARY KEY (account_id),
    CONSTRAINT totp_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);
ALTER TABLE totp ALTER COLUMN secret SET STATISTICS 0;
ALTER TABLE totp ALTER COLUMN set_up_at SET STATISTICS 0;

-- What lets somebody in once who has no other factor at hand: hashes of codes that nobody can guess.
CREATE TABLE recovery_code (
    account_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    CONSTRAINT recovery_code_pkey PRIMARY KEY (account_id, code_hash),
    CONSTRAINT recovery_code_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);
ALTER TABLE recovery_code ALTER COLUMN code_hash SET STATISTICS 0;

-- A WebAuthn credential: its id and public key, and what its person calls it.
CREATE TABLE passkey (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    credential jsonb NOT NULL,
    name text NOT NULL,
    set_up_at timestamptz NOT NULL,
    last_used_at timestamptz,
    CONSTRAINT passkey_pkey PRIMARY KEY (id),
    CONSTRAINT passkey_credential_id_key UNIQUE (credential_id),
    CONSTRAINT passkey_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);
CREATE INDEX passkey_account ON passkey (account_id);
ALTER TABLE passkey ALTER COLUMN credential_id SET STATISTICS 0;
ALTER TABLE passkey ALTER COLUMN credential SET STATISTICS 0;
ALTER TABLE passkey ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE passkey ALTER COLUMN set_up_at SET STATISTICS 0;
ALTER TABLE passkey ALTER COLUMN last_used_at SET STATISTICS 0;

-- What was begun and waits for its second half: a sign-in for its code, an app or a passkey for being set up. What the
-- portal must remember meanwhile is sealed; who goes on shows a key, of which the hash is kept. None has an account
-- until a passkey says which.
CREATE TABLE ceremony (
    key_hash bytea NOT NULL,
    kind text NOT NULL,
    account_id uuid,
    state bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT ceremony_pkey PRIMARY KEY (key_hash),
    CONSTRAINT ceremony_account_fkey FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT ceremony_kind_known CHECK (kind IN ('sign_in', 'totp', 'passkey', 'assertion'))
);
CREATE INDEX ceremony_account ON ceremony (account_id);
CREATE INDEX ceremony_expiry ON ceremony (expires_at);
ALTER TABLE ceremony ALTER COLUMN key_hash SET STATISTICS 0;
ALTER TABLE ceremony ALTER COLUMN state SET STATISTICS 0;
ALTER TABLE ceremony ALTER COLUMN expires_at SET STATISTICS 0;

-- Somebody lost all of it: an administrator has it removed, after a wait in which its person can stop that.
CREATE TABLE factor_removal (
    account_id uuid NOT NULL,
    requested_by uuid,
    requested_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    CONSTRAINT factor_removal_pkey PRIMARY KEY (account_id),
    CONSTRAINT factor_removal_account_fkey FOREIGN KEY (account_id) REFERENCES account (id)
);
CREATE INDEX factor_removal_due ON factor_removal (due_at);
ALTER TABLE factor_removal ALTER COLUMN requested_at SET STATISTICS 0;
ALTER TABLE factor_removal ALTER COLUMN due_at SET STATISTICS 0;

-- Whether the session took more than a password.
ALTER TABLE session ADD COLUMN second_factor boolean NOT NULL DEFAULT false;
