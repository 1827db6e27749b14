-- A request as it stands here, on either side: a projection of what both members said, and what stays at home about it.
CREATE TABLE liaison.requests (
  id uuid PRIMARY KEY,
  asking text NOT NULL,
  asked text NOT NULL,
  book text NOT NULL,
  kind text NOT NULL,
  priority text NOT NULL,
  -- Of the newest revision that was said; 0 while it is only a draft.
  revision integer NOT NULL,
  body text NOT NULL,
  handling text NOT NULL,
  state text NOT NULL,
  -- What was written and is not said yet: the first revision or a later one; its edition, and what keeps it here.
  draft text,
  edition integer NOT NULL,
  waits boolean NOT NULL,
  drafted_by text,
  approved_by text,
  owner text,
  desk text,
  opened_at timestamptz NOT NULL,
  -- All of the newest revision.
  sent_at timestamptz,
  received_at timestamptz,
  acknowledged_at timestamptz,
  answered_at timestamptz,
  acknowledge_by timestamptz,
  act_by timestamptz,
  change bigint NOT NULL
);
CREATE INDEX requests_newest ON liaison.requests (opened_at DESC, id DESC);
CREATE INDEX requests_by_state ON liaison.requests (state, opened_at DESC, id DESC);
CREATE INDEX requests_by_owner ON liaison.requests (owner, opened_at DESC, id DESC) WHERE owner IS NOT NULL;
CREATE INDEX requests_by_change ON liaison.requests (change);
CREATE INDEX requests_by_sent ON liaison.requests (sent_at) WHERE revision > 0;
CREATE SEQUENCE liaison.changes;

-- Number: the statement's own in its book; null until this member's own is numbered.
CREATE TABLE liaison.revisions (
  request uuid NOT NULL,
  member text NOT NULL,
  revision integer NOT NULL,
  at timestamptz NOT NULL,
  author text NOT NULL,
  handling text NOT NULL,
  body text NOT NULL,
  book text NOT NULL,
  number bigint,
  PRIMARY KEY (request, member, revision)
);
CREATE INDEX revisions_by_number ON liaison.revisions (number, member, book);
CREATE TABLE liaison.deeds (
  request uuid NOT NULL,
  member text NOT NULL,
  deed_number integer NOT NULL,
  revision integer NOT NULL,
  deed text NOT NULL,
  at timestamptz NOT NULL,
  author text NOT NULL,
  body text NOT NULL,
  book text NOT NULL,
  number bigint,
  PRIMARY KEY (request, member, deed_number)
);
CREATE INDEX deeds_by_number ON liaison.deeds (number, member, book);

-- What a request is about, hashed: by it overlapping ones are recognised.
CREATE TABLE liaison.touches (
  request uuid NOT NULL,
  touch uuid NOT NULL,
  PRIMARY KEY (request, touch)
);
CREATE INDEX touches_by_touch ON liaison.touches (touch);
-- Requests that are about the same: known here only.
CREATE TABLE liaison.joined (
  earlier uuid NOT NULL,
  later uuid NOT NULL,
  PRIMARY KEY (earlier, later)
);
CREATE INDEX joined_by_later ON liaison.joined (later);
-- Alerts, traces and cases that belong to a request.
CREATE TABLE liaison.links (
  request uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('alert', 'trace', 'case')),
  id uuid NOT NULL,
  PRIMARY KEY (request, kind, id)
);
-- From whom to whom a request went at home.
CREATE TABLE liaison.moves (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  request uuid NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  from_officer text,
  to_officer text,
  desk text,
  note text
);
CREATE INDEX moves_by_request ON liaison.moves (request, number);

CREATE TABLE liaison.terms (
  member text PRIMARY KEY,
  revision integer NOT NULL,
  body text NOT NULL
);

CREATE TABLE liaison.shifts (
  id uuid PRIMARY KEY,
  officer text NOT NULL,
  from_at timestamptz NOT NULL,
  until_at timestamptz NOT NULL,
  reach text NOT NULL,
  handed_over boolean NOT NULL DEFAULT false
);
CREATE INDEX shifts_by_end ON liaison.shifts (until_at, id);
CREATE TABLE liaison.desk (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  name text NOT NULL,
  deputy text,
  head text
);
