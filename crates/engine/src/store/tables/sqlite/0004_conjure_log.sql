-- The audit log of Conjure.
CREATE TABLE IF NOT EXISTS "conjure_audit_log" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "model_label" varchar(100) NOT NULL,
    "object_pk" varchar(64) NOT NULL,
    "object_repr" varchar(200) NOT NULL,
    "action" varchar(20) NOT NULL,
    "diff" text NULL CHECK ((JSON_VALID("diff") OR "diff" IS NULL)),
    "ip" char(39) NULL,
    "created_at" datetime NOT NULL,
    "actor_id" integer NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX IF NOT EXISTS "conjure_audit_target_idx" ON "conjure_audit_log" ("model_label", "object_pk");
CREATE INDEX IF NOT EXISTS "conjure_audit_created_idx" ON "conjure_audit_log" ("created_at" DESC);
CREATE INDEX IF NOT EXISTS "conjure_audit_log_actor_id_005339fa" ON "conjure_audit_log" ("actor_id");
