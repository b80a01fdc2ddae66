-- Moderators decide about reports, data protection officers about holds: what each may do is the program's table.
ALTER TABLE account
    DROP CONSTRAINT account_role_known,
    ADD CONSTRAINT account_role_known CHECK (role IN ('member', 'moderator', 'administrator', 'data_protection_officer'));

-- Whom to ask, or to write to: a handful of people among all.
CREATE INDEX account_role ON account (role, id) WHERE role <> 'member';
DROP INDEX account_administrators;
