-- With which key an app's secret is sealed: its form, and the key's id. Every minute those are looked for that were sealed
-- before a rotation; the index holds nothing of the secret itself.
CREATE INDEX totp_sealed_with ON totp (substring(secret FROM 1 FOR 9));
ALTER INDEX totp_sealed_with ALTER COLUMN 1 SET STATISTICS 0;

-- What the desk counts and lists: what waits without having failed can be everything that is to be told today.
CREATE INDEX mail_failed ON mail (id) WHERE failure IS NOT NULL;
