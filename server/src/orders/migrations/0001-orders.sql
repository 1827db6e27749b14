-- `terms` is what the office signed, as one JSON text; what is looked for stands beside it.
CREATE TABLE orders.orders (
  id uuid PRIMARY KEY,
  institution text NOT NULL,
  office text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  reference text NOT NULL,
  state text NOT NULL CHECK (state IN ('issued', 'placed', 'partly', 'gone', 'refused', 'ended')),
  revision integer NOT NULL,
  terms text NOT NULL,
  created_at timestamptz NOT NULL,
  answer_by timestamptz NOT NULL,
  until timestamptz,
  reminders integer NOT NULL DEFAULT 0,
  late_at timestamptz,
  -- The last answer, and to which revision it was given.
  outcome text,
  answered_revision integer,
  answered_at timestamptz,
  ended_why text,
  ended_at timestamptz,
  ended_court text,
  confirm_by timestamptz,
  confirmed_at timestamptz,
  -- Of its last change, in the order in which changes were told; null until it is told.
  change bigint
);
CREATE SEQUENCE orders.changes;
CREATE INDEX orders_by_time ON orders.orders (created_at, id);
CREATE INDEX orders_by_institution ON orders.orders (institution, created_at, id);
CREATE INDEX orders_waiting ON orders.orders (institution, created_at, id)
  WHERE state = 'issued' OR (confirm_by IS NOT NULL AND confirmed_at IS NULL);
CREATE INDEX orders_unanswered ON orders.orders (answer_by) WHERE state = 'issued';
-- A key may be longer than a tree's row.
CREATE INDEX orders_by_subject ON orders.orders USING hash (subject);
CREATE UNIQUE INDEX orders_by_change ON orders.orders (change);
CREATE INDEX orders_untold ON orders.orders (id) WHERE change IS NULL;

CREATE TABLE orders.history (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id uuid NOT NULL REFERENCES orders.orders,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  what text NOT NULL,
  details text NOT NULL
);
CREATE INDEX history_by_order ON orders.history (order_id, number);

-- Every office that has ever signed an order: their keys are published.
CREATE TABLE orders.offices (office text PRIMARY KEY);
