-- The settings of litestar-admin.
CREATE TABLE IF NOT EXISTS admin_settings (
    key VARCHAR(255) NOT NULL,
    value JSON,
    description TEXT,
    category VARCHAR(100) NOT NULL,
    is_sensitive BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX IF NOT EXISTS ix_admin_settings_category ON admin_settings (category);
CREATE INDEX IF NOT EXISTS ix_admin_settings_category_key ON admin_settings (category, key);
