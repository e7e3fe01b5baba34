-- The people of litestar-admin.
CREATE TABLE IF NOT EXISTS admin_users (
    id VARCHAR(36) NOT NULL,
    email VARCHAR(255) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    roles JSON NOT NULL,
    permissions JSON NOT NULL,
    is_active BOOLEAN NOT NULL,
    is_superuser BOOLEAN NOT NULL,
    name VARCHAR(255),
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_login TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_admin_users_created_at ON admin_users (created_at);
CREATE UNIQUE INDEX IF NOT EXISTS ix_admin_users_email ON admin_users (email);
CREATE INDEX IF NOT EXISTS ix_admin_users_email_active ON admin_users (email, is_active);
CREATE INDEX IF NOT EXISTS ix_admin_users_is_active ON admin_users (is_active);
CREATE INDEX IF NOT EXISTS ix_admin_users_is_superuser ON admin_users (is_superuser);
