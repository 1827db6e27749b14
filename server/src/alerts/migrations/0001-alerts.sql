-- One growing record for what somebody should look at: per recipient (`officers`, or `institution:<id>`), subject, and
-- whether it is discreet, as long as it is not closed. `reasons` and `told` are JSON text. `priority` and `base` run from 1,
-- the most urgent, to 4. `change` grows in the order of the commits over all rows: whoever writes here holds the room's
-- advisory lock. `due_at` is the next time at which the record changes by itself.
CREATE SEQUENCE alerts.changes;
CREATE TABLE alerts.alerts (
  id uuid PRIMARY KEY,
  recipient text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  discreet boolean NOT NULL,
  kind text NOT NULL,
  priority smallint NOT NULL,
  base smallint NOT NULL,
  state text NOT NULL CHECK (state IN ('new', 'taken', 'snoozed', 'closed')),
  owner text COLLATE "C",
  outcome text,
  note text,
  snoozed_until timestamptz,
  reasons text NOT NULL,
  count bigint NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  roles text[] NOT NULL,
  offices text[] NOT NULL,
  watchers text[] NOT NULL,
  quiet boolean NOT NULL,
  escalated smallint NOT NULL,
  escalate_at timestamptz,
  previous uuid,
  closed_at timestamptz,
  told text,
  tell_at timestamptz,
  waits boolean NOT NULL,
  hooked text,
  hook_at timestamptz,
  due_at timestamptz,
  change bigint NOT NULL,
  -- Who sees it by its routes, with its state and kind, as JSON text: all that a list asks for by equality.
  audience text COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX alerts_open ON alerts.alerts (recipient, subject, discreet) WHERE state <> 'closed';
CREATE INDEX alerts_ended ON alerts.alerts (recipient, subject, discreet, change DESC) WHERE state = 'closed';
CREATE UNIQUE INDEX alerts_by_change ON alerts.alerts (change);
CREATE INDEX alerts_urgent ON alerts.alerts (audience, priority, last_at DESC, id DESC);
CREATE INDEX alerts_newest ON alerts.alerts (audience, last_at DESC, id DESC);
CREATE INDEX alerts_by_watcher ON alerts.alerts USING gin (watchers) WHERE watchers <> '{}';
CREATE INDEX alerts_due ON alerts.alerts (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX alerts_closed ON alerts.alerts (closed_at) WHERE state = 'closed';
CREATE INDEX alerts_quiet ON alerts.alerts (change) WHERE quiet AND state = 'new';
CREATE INDEX alerts_by_owner ON alerts.alerts (owner, state) WHERE owner IS NOT NULL;

CREATE TABLE alerts.audiences (audience text COLLATE "C" PRIMARY KEY);

-- Who did what to an alert. How it grew, its reasons tell.
CREATE TABLE alerts.history (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert uuid NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  what text NOT NULL,
  details text NOT NULL
);
CREATE INDEX history_by_alert ON alerts.history (alert, number);

-- How far a source of findings has been read. It moves in the transaction of what was found. `text` where one number does
-- not say it.
CREATE TABLE alerts.cursors (
  name text COLLATE "C" PRIMARY KEY,
  number bigint NOT NULL,
  text text
);

-- Every member's listings that stand, or stood, as far as alerts need them: of one listing the highest revision stands.
-- `book` and `number` are the statement's place.
CREATE TABLE alerts.listed (
  member text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  revision integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  stands boolean NOT NULL,
  discreet boolean NOT NULL,
  until timestamptz NOT NULL,
  book text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (id, member)
);
CREATE INDEX listed_by_key ON alerts.listed (key) WHERE stands;
CREATE INDEX listed_by_place ON alerts.listed (member, book, number);
CREATE INDEX listed_by_end ON alerts.listed (until);

-- The highest revision of each alert that another member told us of, with its reasons as JSON text.
CREATE TABLE alerts.heard (
  member text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  revision integer NOT NULL,
  reasons text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (member, id)
);
CREATE INDEX heard_by_time ON alerts.heard (at);

-- What is the matter now and ends by itself: a neighbour that is not heard, a decision that is due.
CREATE TABLE alerts.conditions (
  subject text COLLATE "C" NOT NULL,
  code text COLLATE "C" NOT NULL,
  since timestamptz NOT NULL,
  PRIMARY KEY (subject, code)
);

-- Standing wishes to be alerted. `owner` is `officer:<id>` or `institution:<id>`.
CREATE TABLE alerts.watches (
  id uuid PRIMARY KEY,
  owner text COLLATE "C" NOT NULL,
  pattern text COLLATE "C" NOT NULL,
  delivery text NOT NULL CHECK (delivery IN ('now', 'digest')),
  note text NOT NULL,
  created_at timestamptz NOT NULL,
  until timestamptz NOT NULL
);
CREATE UNIQUE INDEX watches_by_owner ON alerts.watches (owner, pattern);
CREATE INDEX watches_by_end ON alerts.watches (until);

-- What was gathered instead of told one by one; `entries` is JSON text. `change` is of the same numbers as an alert's.
CREATE TABLE alerts.digests (
  change bigint PRIMARY KEY,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  entries text NOT NULL
);
