CREATE TABLE access.offices (
  id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9-]{1,62}$'),
  name text NOT NULL,
  kind text NOT NULL,
  created_at timestamptz NOT NULL
);

-- Nobody is ever deleted: what they did keeps its author. `password` is a PHC string, which carries its own parameters;
-- `code_hash` is the one-time code that lets the officer set it.
CREATE TABLE access.officers (
  id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9-]{1,62}$'),
  office text COLLATE "C" NOT NULL REFERENCES access.offices,
  name text NOT NULL,
  roles text[] NOT NULL,
  active boolean NOT NULL DEFAULT true,
  password text,
  code_hash bytea UNIQUE,
  code_expires_at timestamptz,
  first_signed_in_at timestamptz,
  created_at timestamptz NOT NULL
);

-- Only hashes of tokens: whoever reads this table cannot act with what they read.
CREATE TABLE access.sessions (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  officer text COLLATE "C" NOT NULL REFERENCES access.officers,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  stepped_up_at timestamptz
);
CREATE INDEX sessions_by_officer ON access.sessions (officer);
CREATE INDEX sessions_by_creation ON access.sessions (created_at);

-- Attempts to sign in under a name since the last that succeeded. No reference to officers: a name that nobody bears is
-- locked just the same, so that a lock tells nothing.
CREATE TABLE access.attempts (
  officer text COLLATE "C" PRIMARY KEY,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL,
  locked_until timestamptz
);

CREATE TABLE access.institutions (
  id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[a-z][a-z0-9-]{1,62}$'),
  name text NOT NULL,
  kind text NOT NULL,
  quota_per_second integer NOT NULL CHECK (quota_per_second > 0),
  quota_burst integer NOT NULL CHECK (quota_burst > 0),
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL
);

CREATE TABLE access.keys (
  id uuid PRIMARY KEY,
  institution text COLLATE "C" NOT NULL REFERENCES access.institutions,
  secret_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  used_at timestamptz
);
CREATE INDEX keys_by_institution ON access.keys (institution, created_at);

-- The key of the commands on the server's own machine: one, replaced at each start.
CREATE TABLE access.local_key (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  secret_hash bytea NOT NULL
);

-- An act that waits for its second person, or (`performed`) one that was done for want of any and waits for review.
-- `payload` and `result` are the JSON text that the act's own room gave; `office` and `permissions` are the proposer's of
-- that time.
CREATE TABLE access.proposals (
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  id uuid PRIMARY KEY,
  act text NOT NULL,
  variant text,
  permission text NOT NULL,
  subject text NOT NULL,
  payload text NOT NULL,
  result text,
  performed boolean NOT NULL,
  proposer text COLLATE "C" NOT NULL,
  office text NOT NULL,
  permissions text[] NOT NULL,
  purpose text,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'rejected', 'withdrawn', 'lapsed')),
  proposed_at timestamptz NOT NULL,
  decide_by timestamptz NOT NULL,
  decided_by text COLLATE "C",
  decided_at timestamptz,
  note text
);
CREATE INDEX proposals_open ON access.proposals (permission, number) WHERE state = 'open';
CREATE INDEX proposals_by_proposer ON access.proposals (proposer, number);
CREATE INDEX proposals_closed ON access.proposals (decided_at) WHERE state <> 'open';

-- Who read personal data, and why. Rows are added, and go when the policy's retention ends; they never change.
CREATE TABLE access.reads (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  office text,
  purpose text,
  what text NOT NULL,
  subject text,
  count integer NOT NULL CHECK (count >= 0)
);
CREATE INDEX reads_by_time ON access.reads (at);
CREATE INDEX reads_by_actor ON access.reads (actor, number);

CREATE TABLE access.changes (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  what text NOT NULL,
  subject text NOT NULL,
  details text NOT NULL
);

CREATE FUNCTION access.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is not allowed: it is a record of what happened', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER reads_stay BEFORE UPDATE OR TRUNCATE ON access.reads FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
CREATE TRIGGER changes_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON access.changes FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change();
