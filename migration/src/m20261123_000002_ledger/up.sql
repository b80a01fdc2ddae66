-- The ledger's files, receipts that say until when, and what watches the deadline. Rules named R… are those of the
-- erasure concept.

-- Which installation this database belongs to: the ledger's files begin with its id (R19). One row, written when the
-- ledger begins.
CREATE TABLE installation (
    only_one boolean NOT NULL DEFAULT true,
    id uuid NOT NULL,
    begun_at timestamptz NOT NULL,
    CONSTRAINT installation_pkey PRIMARY KEY (only_one),
    CONSTRAINT installation_is_one_row CHECK (only_one)
);

-- How far each of the ledger's files is known (R21): its last line, how long it is up to there, and the latest
-- instant in it.
CREATE TABLE ledger_head (
    file text NOT NULL,
    seq bigint NOT NULL,
    hash text NOT NULL,
    bytes bigint NOT NULL,
    latest_at timestamptz NOT NULL,
    CONSTRAINT ledger_head_pkey PRIMARY KEY (file)
);

-- `erasing` goes to the file directly.
DELETE FROM ledger_event WHERE event = 'erasing';
ALTER TABLE ledger_event DROP CONSTRAINT ledger_event_known;
ALTER TABLE ledger_event ADD CONSTRAINT ledger_event_known CHECK (event IN
    ('requested', 'undone', 'hold_placed', 'hold_released', 'changed', 'item_erased', 'erased', 'breached'));

-- `breached_at`: when it was recorded that the deadline has passed (R22). `look_over_since`: since when the member is
-- to be asked whether their data is right, because it changed after the backup that was restored (R20).
ALTER TABLE account ADD COLUMN breached_at timestamptz;
ALTER TABLE account ADD COLUMN look_over_since timestamptz;

ALTER TABLE receipt ADD COLUMN erase_by timestamptz;
UPDATE receipt r SET erase_by = coalesce(
    (SELECT a.erase_by FROM account a WHERE a.id = r.account_id), r.requested_at + interval '24 hours');
ALTER TABLE receipt ALTER COLUMN erase_by SET NOT NULL;

-- How the last sweep of any process ended, well or not (R22).
ALTER TABLE sweep_state ADD COLUMN last_ended_at timestamptz;
ALTER TABLE sweep_state ADD COLUMN last_outcome text;
ALTER TABLE sweep_state ADD COLUMN last_milliseconds bigint;

-- What is wrong now, since when, and when administrators were last told (R22).
CREATE TABLE alert (
    cause text NOT NULL,
    since timestamptz NOT NULL,
    mailed_at timestamptz,
    CONSTRAINT alert_pkey PRIMARY KEY (cause)
);
