-- Signed records about members, the secretariat and observers, as they came from officers here and from neighbours.
CREATE TABLE directory.records (
  id text PRIMARY KEY,
  bytes text NOT NULL,
  received_at timestamptz NOT NULL
);
-- Signatures that were verified when they came, one a key.
CREATE TABLE directory.signatures (
  record text NOT NULL REFERENCES directory.records (id) ON DELETE CASCADE,
  party text NOT NULL,
  public_key text NOT NULL,
  signature text NOT NULL,
  PRIMARY KEY (record, party, public_key)
);
-- The one founding that this server trusts.
CREATE TABLE directory.anchor (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  record text NOT NULL REFERENCES directory.records (id)
);
-- This member's own decisions about its neighbours; they are told to nobody.
CREATE TABLE directory.pauses (
  party text PRIMARY KEY,
  direction text NOT NULL CHECK (direction IN ('in', 'out', 'both')),
  reason text NOT NULL,
  paused_by text NOT NULL,
  paused_at timestamptz NOT NULL
);
CREATE TABLE directory.isolation (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  reason text NOT NULL,
  isolated_by text NOT NULL,
  isolated_at timestamptz NOT NULL
);
-- Who did what here, about whom or what, and why.
CREATE TABLE directory.acts (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  act text NOT NULL,
  subject text NOT NULL,
  reason text
);
