-- Families of refresh tokens, each with the only token that may be used next.
CREATE TABLE IF NOT EXISTS factotum_refresh_tokens (
    family varchar(32) NOT NULL PRIMARY KEY,
    token varchar(32) NOT NULL,
    owner varchar(255) NOT NULL,
    until bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS factotum_refresh_tokens_owner ON factotum_refresh_tokens (owner);
CREATE INDEX IF NOT EXISTS factotum_refresh_tokens_until ON factotum_refresh_tokens (until);
