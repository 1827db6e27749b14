-- The newest state of every listing that this server has seen, its own and other members'. A listing is in force while
-- state = 'listed' and since <= now < until: nothing has to happen for it to end.
CREATE TABLE registry.listings (
  member text NOT NULL,
  id uuid NOT NULL,
  revision integer NOT NULL,
  state text NOT NULL CHECK (state IN ('listed', 'withdrawn', 'released')),
  key text COLLATE "C" NOT NULL,
  tier smallint NOT NULL,
  typologies integer NOT NULL,
  offence text NOT NULL,
  source_grade text NOT NULL,
  information_grade smallint NOT NULL,
  grounds text NOT NULL,
  source text,
  presented boolean NOT NULL,
  discreet boolean NOT NULL,
  book text NOT NULL,
  tlp text NOT NULL,
  conditions text[] NOT NULL,
  restriction text,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  office text NOT NULL,
  acted_by text[] NOT NULL,
  import uuid,
  PRIMARY KEY (id, member)
);
CREATE INDEX listings_by_key ON registry.listings (key, id);
CREATE INDEX listings_by_change ON registry.listings (changed_at, id);
CREATE INDEX listings_by_tier ON registry.listings (tier, changed_at, id) WHERE state = 'listed';

-- A feed being taken in, and how far. `digest` is that of everything taken so far, so that a client which comes back
-- with the same file goes on where it stopped, and one with another file begins anew.
CREATE TABLE registry.imports (
  id uuid PRIMARY KEY,
  source text NOT NULL,
  terms text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'finished', 'undone')),
  started_by text NOT NULL,
  office text NOT NULL,
  approved_by text,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  items bigint NOT NULL DEFAULT 0,
  digest text NOT NULL DEFAULT '',
  taken bigint NOT NULL DEFAULT 0,
  known bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0
);
CREATE INDEX imports_by_start ON registry.imports (started_at, id);
