-- The audit log of litestar-admin. Of its ten indexes the seven on single columns are left out: each is one more page that
-- every write of any row pays for, and the others answer what is asked of it.
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
CREATE INDEX IF NOT EXISTS ix_audit_log_actor_action ON admin_audit_log (actor_id, action);
CREATE INDEX IF NOT EXISTS ix_audit_log_model_record ON admin_audit_log (model_name, record_id);
CREATE INDEX IF NOT EXISTS ix_audit_log_timestamp_action ON admin_audit_log (timestamp, action);
