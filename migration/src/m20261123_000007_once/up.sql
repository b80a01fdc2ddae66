-- A form or a request that arrives twice is done once: the keys of holds and enquiries, like those of messages.
ALTER TABLE hold ADD COLUMN idempotency_hash bytea;
CREATE UNIQUE INDEX hold_idempotency ON hold (placed_by, idempotency_hash) WHERE idempotency_hash IS NOT NULL;

ALTER TABLE enquiry ADD COLUMN idempotency_hash bytea;
CREATE UNIQUE INDEX enquiry_idempotency ON enquiry (account_id, idempotency_hash) WHERE idempotency_hash IS NOT NULL;

-- R4: no samples of them.
ALTER TABLE hold ALTER COLUMN idempotency_hash SET STATISTICS 0;
ALTER TABLE enquiry ALTER COLUMN idempotency_hash SET STATISTICS 0;
