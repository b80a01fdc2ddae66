-- The audit trail is append-only for the application's role, where it belongs to another one: old entries end by this
-- function alone, which works with its owner's rights and believes nobody about the time. Who may call it is said when
-- the owner takes the trail over; until then owner and application are one.
REVOKE ALL ON FUNCTION end_audit_events(uuid, bigint) FROM PUBLIC;
