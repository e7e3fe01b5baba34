-- Sessions, as Django's application sessions makes them.
CREATE TABLE IF NOT EXISTS django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL,
    CONSTRAINT django_session_pkey PRIMARY KEY (session_key)
);
CREATE INDEX IF NOT EXISTS django_session_expire_date_a5c62663 ON django_session (expire_date);
CREATE INDEX IF NOT EXISTS django_session_session_key_c0390e0f_like ON django_session (session_key varchar_pattern_ops);
