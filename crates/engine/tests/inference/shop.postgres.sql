CREATE TYPE mood AS ENUM ('sad', 'so_so');
CREATE DOMAIN short AS varchar(7) NOT NULL;
CREATE TABLE makers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, "Mood" mood NOT NULL DEFAULT 'so_so', password_hash text NOT NULL);
CREATE TABLE things (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code short UNIQUE, maker_id uuid NOT NULL REFERENCES makers ON DELETE RESTRICT, other uuid REFERENCES makers ON DELETE SET NULL,
  price numeric(8, 3) NOT NULL DEFAULT 1.5, any_number numeric, size smallint CHECK (size >= 0), weight double precision, made date DEFAULT '2020-01-02', at time, seen timestamptz DEFAULT now(), local timestamp, took interval, data jsonb NOT NULL DEFAULT '{}', raw bytea, ip inet, tags text[], spot point,
  status varchar(9) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'shut')), is_new boolean NOT NULL DEFAULT true, double_price numeric(9, 3) GENERATED ALWAYS AS (price * 2) STORED);
CREATE TABLE old (id serial PRIMARY KEY, thing_id bigint);
CREATE TABLE pairs (a int, b int, c int UNIQUE, PRIMARY KEY (a, b));
CREATE TABLE makers_things (id bigserial PRIMARY KEY, maker uuid NOT NULL REFERENCES makers, thing bigint NOT NULL REFERENCES things, UNIQUE (maker, thing));
CREATE VIEW cheap AS SELECT id, code FROM things;
COMMENT ON COLUMN things.code IS 'On the box.';
