-- What victims told, where their money went, and whom we asked to follow it.
CREATE TABLE funds.reports (
  id uuid PRIMARY KEY,
  sender text NOT NULL,
  reference text,
  channel text NOT NULL,
  at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  typology text NOT NULL,
  debit_confirmed boolean NOT NULL,
  payments jsonb NOT NULL,
  contacts text[] NOT NULL,
  story jsonb,
  victim jsonb,
  exhibits uuid[] NOT NULL,
  state text NOT NULL CHECK (state IN ('opened', 'joined')),
  UNIQUE (sender, reference)
);
COMMENT ON COLUMN funds.reports.victim IS 'How the victim is reached: never in the journal, never abroad';

CREATE TABLE funds.traces (
  id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  opened_at timestamptz NOT NULL,
  reported_at timestamptz NOT NULL,
  typology text NOT NULL,
  method text NOT NULL,
  currency text NOT NULL,
  debit_confirmed boolean NOT NULL,
  -- Of whom heard it last: institution, officer, public, member.
  reported_by text NOT NULL,
  from_member text,
  request uuid,
  -- The places and edges as they were last followed, and the figures of a list.
  result jsonb,
  summary jsonb,
  digest text,
  first_hold_at timestamptz,
  -- What was last said to the member that asked.
  said_revision integer NOT NULL DEFAULT 0,
  said_digest text,
  answered jsonb,
  UNIQUE (from_member, request)
);
CREATE INDEX traces_newest ON funds.traces (opened_at DESC, id DESC);

CREATE TABLE funds.trace_reports (
  trace uuid NOT NULL REFERENCES funds.traces,
  report uuid NOT NULL REFERENCES funds.reports,
  PRIMARY KEY (trace, report)
);

-- Where the stolen money began: what a victim paid or, for a member that goes on, what came from abroad.
CREATE TABLE funds.origins (
  trace uuid NOT NULL REFERENCES funds.traces,
  number integer NOT NULL,
  from_key text COLLATE "C",
  to_key text COLLATE "C",
  amount numeric(18, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  at timestamptz NOT NULL,
  reference text COLLATE "C",
  hop integer NOT NULL,
  PRIMARY KEY (trace, number)
);
CREATE INDEX origins_reference ON funds.origins (reference) WHERE reference IS NOT NULL;
CREATE INDEX origins_payee ON funds.origins (to_key, currency, amount);

-- The accounts that an open trace has reached, so that what they pay next extends it.
CREATE TABLE funds.reached (
  trace uuid NOT NULL REFERENCES funds.traces,
  key text COLLATE "C" NOT NULL,
  PRIMARY KEY (trace, key)
);
CREATE INDEX reached_key ON funds.reached (key);

-- Payments that institutions told in answer to an order, and nobody streams.
CREATE TABLE funds.told_payments (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  institution text NOT NULL,
  id text COLLATE "C" NOT NULL,
  payment jsonb NOT NULL,
  told_at timestamptz NOT NULL,
  UNIQUE (institution, id)
);

-- Orders to report onward payments: one for each account of a trace.
CREATE TABLE funds.onward_orders (
  trace uuid NOT NULL REFERENCES funds.traces,
  key text COLLATE "C" NOT NULL,
  order_id uuid NOT NULL,
  PRIMARY KEY (trace, key)
);

-- Whom we asked to follow a trace, and how far they say that they are.
CREATE TABLE funds.asked (
  trace uuid NOT NULL REFERENCES funds.traces,
  member text NOT NULL,
  request uuid NOT NULL UNIQUE,
  state text NOT NULL,
  amount numeric(18, 0) NOT NULL,
  revision integer NOT NULL DEFAULT 0,
  report jsonb,
  PRIMARY KEY (trace, member)
);
