-- The audit log of litestar-admin.
CREATE TABLE IF NOT EXISTS admin_audit_log (
    id VARCHAR(36) NOT NULL,
    timestamp TIMESTAMP WITH TIME ZONE NOT NULL,
    action VARCHAR(50) NOT NULL,
    actor_id VARCHAR(255),
    actor_email VARCHAR(255),
    model_name VARCHAR(255),
    record_id VARCHAR(255),
    changes JSON,
    metadata JSON,
    ip_address VARCHAR(45),
    user_agent TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX IF NOT EXISTS ix_admin_audit_log_action ON admin_audit_log (action);
CREATE INDEX IF NOT EXISTS ix_admin_audit_log_actor_email ON admin_audit_log (actor_email);
CREATE INDEX IF NOT EXISTS ix_admin_audit_log_actor_id ON admin_audit_log (actor_id);
CREATE INDEX IF NOT EXISTS ix_admin_audit_log_ip_address ON admin_audit_log (ip_address);
CREATE INDEX IF NOT EXISTS ix_admin_audit_log_model_name ON admin_audit_log (model_name);
CREATE INDEX IF NOT EXISTS ix_admin_audit_log_record_id ON admin_audit_log (record_id);
CREATE INDEX IF NOT EXISTS ix_admin_audit_log_timestamp ON admin_audit_log (timestamp);
CREATE INDEX IF NOT EXISTS ix_audit_log_actor_action ON admin_audit_log (actor_id, action);
CREATE INDEX IF NOT EXISTS ix_audit_log_model_record ON admin_audit_log (model_name, record_id);
CREATE INDEX IF NOT EXISTS ix_audit_log_timestamp_action ON admin_audit_log (timestamp, action);
