-- Where institutions want to be told. The secret that signs is derived from the id and the generation and stored nowhere.
CREATE TABLE alerts.webhook_endpoints (
  id uuid PRIMARY KEY,
  institution text NOT NULL,
  url text NOT NULL,
  types text[],
  kinds text[],
  description text NOT NULL,
  created_at timestamptz NOT NULL,
  generation integer NOT NULL DEFAULT 1,
  renewed_at timestamptz,
  disabled text,
  -- Since the last one that was delivered.
  failures integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  delivered_at timestamptz,
  -- Whoever delivers holds the lease; nobody is called before `not_before`.
  not_before timestamptz,
  lease uuid,
  leased_until timestamptz,
  served_at timestamptz
);
CREATE INDEX webhook_endpoints_by_institution ON alerts.webhook_endpoints (institution, id);

CREATE TABLE alerts.webhook_deliveries (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  endpoint uuid NOT NULL REFERENCES alerts.webhook_endpoints ON DELETE CASCADE,
  type text NOT NULL,
  payload text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  last_status integer,
  last_error text,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX webhook_deliveries_by_state ON alerts.webhook_deliveries (endpoint, state, number);
CREATE INDEX webhook_deliveries_due ON alerts.webhook_deliveries (endpoint, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_ended ON alerts.webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;
