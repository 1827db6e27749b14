-- Stops on amounts. Amounts are minor units of `currency`; `stolen` those of the theft.
CREATE TABLE funds.holds (
  id uuid PRIMARY KEY,
  number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  trace uuid NOT NULL,
  place uuid NOT NULL,
  key text COLLATE "C" NOT NULL,
  institution text,
  hop integer NOT NULL,
  place_end text NOT NULL,
  currency text NOT NULL,
  taint numeric(18, 0) NOT NULL CHECK (taint >= 0),
  stolen numeric(18, 0) NOT NULL CHECK (stolen >= 0),
  stolen_currency text NOT NULL,
  balance numeric(18, 0),
  payment text NOT NULL,
  debit_confirmed boolean NOT NULL,
  reported_by text NOT NULL,
  request uuid,
  state text NOT NULL,
  revision integer NOT NULL,
  order_id uuid,
  -- Never more than the taint, and never more held and gone than was ordered.
  ordered numeric(18, 0) CHECK (ordered > 0 AND ordered <= taint),
  by_rule boolean NOT NULL,
  held numeric(18, 0) NOT NULL CHECK (held >= 0 AND held <= coalesce(ordered, 0)),
  gone numeric(18, 0) NOT NULL CHECK (gone >= 0 AND held + gone <= coalesce(ordered, 0)),
  peak numeric(18, 0) NOT NULL CHECK (peak >= held),
  returned numeric(18, 0) NOT NULL CHECK (returned >= 0 AND returned <= held),
  refusal text,
  stage text,
  stage_times integer NOT NULL,
  until timestamptz,
  complaint text,
  court text,
  acted_by text[] NOT NULL,
  proposed_at timestamptz NOT NULL,
  ordered_at timestamptz,
  held_at timestamptz,
  ended_at timestamptz,
  ended_why text,
  confirmed_at timestamptz,
  notice_made_at timestamptz,
  notice_deferred_until timestamptz,
  notice_delivered_at timestamptz
);
COMMENT ON COLUMN funds.holds.peak IS 'The most that was ever held: what was still there when it was stopped';
COMMENT ON COLUMN funds.holds.by_rule IS 'The amount that is ordered now was ordered by standing rule';
-- One that has not ended for each place of a trace.
CREATE UNIQUE INDEX holds_standing ON funds.holds (trace, place) WHERE ended_at IS NULL;
CREATE INDEX holds_by_trace ON funds.holds (trace, number);
CREATE INDEX holds_by_key ON funds.holds (key, number);
CREATE INDEX holds_by_state ON funds.holds (state, number);
CREATE INDEX holds_by_proposed ON funds.holds (proposed_at);
CREATE INDEX holds_by_until ON funds.holds (until, number) WHERE until IS NOT NULL;
CREATE INDEX holds_by_held ON funds.holds (held_at) WHERE held_at IS NOT NULL;
CREATE INDEX holds_to_tell ON funds.holds (institution, number)
  WHERE notice_made_at IS NOT NULL AND notice_delivered_at IS NULL;

CREATE TABLE funds.hold_deeds (
  hold uuid NOT NULL REFERENCES funds.holds,
  revision integer NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  deed text NOT NULL,
  details text NOT NULL,
  PRIMARY KEY (hold, revision)
);

-- What goes back to victims.
CREATE TABLE funds.returns (
  id uuid PRIMARY KEY,
  revision integer NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'decided', 'paid')),
  traces uuid[] NOT NULL,
  opened_by text NOT NULL,
  opened_at timestamptz NOT NULL,
  claims_until timestamptz NOT NULL,
  method text,
  court text,
  decided_by text[],
  decided_at timestamptz
);
CREATE INDEX returns_by_trace ON funds.returns USING gin (traces);

CREATE TABLE funds.return_claims (
  id uuid PRIMARY KEY,
  return uuid NOT NULL REFERENCES funds.returns,
  number integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  report uuid,
  amount numeric(18, 0) NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  claimed_at timestamptz NOT NULL,
  reference text,
  paid_at timestamptz,
  UNIQUE (return, number)
);
COMMENT ON COLUMN funds.return_claims.key IS 'The account to which it goes back';
COMMENT ON COLUMN funds.return_claims.reference IS 'Of the payment by which it was paid';

CREATE TABLE funds.return_payments (
  return uuid NOT NULL REFERENCES funds.returns,
  claim uuid NOT NULL REFERENCES funds.return_claims,
  hold uuid NOT NULL REFERENCES funds.holds,
  amount numeric(18, 0) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (claim, hold)
);
CREATE INDEX return_payments_by_hold ON funds.return_payments (hold);
CREATE INDEX return_payments_by_return ON funds.return_payments (return);

-- Payments that an institution did not carry out because it was warned, by the hour.
CREATE TABLE funds.prevented (
  hour timestamptz NOT NULL,
  currency text NOT NULL,
  amount numeric(30, 0) NOT NULL,
  payments bigint NOT NULL,
  PRIMARY KEY (hour, currency)
);
