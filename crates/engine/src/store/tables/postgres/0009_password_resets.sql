-- Resets of forgotten passwords: the digest of what was sent, whose it is, and until when it is good.
CREATE TABLE IF NOT EXISTS factotum_password_resets (
    digest varchar(64) NOT NULL PRIMARY KEY,
    owner varchar(255) NOT NULL,
    until bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS factotum_password_resets_owner ON factotum_password_resets (owner);
CREATE INDEX IF NOT EXISTS factotum_password_resets_until ON factotum_password_resets (until);
