-- Other members' listings stand beside our own. `number` is that of the listing's statement in its book (null for our
-- own), so that an erasure finds it; `keep_until` is how long its author lets us keep it; a `barred` one names something
-- on our allow-list: it is kept but never acted on here. `bound_to` is the book beyond which the claim that this one
-- repeats may not go; `corroborates` is that claim, as member/id.
ALTER TABLE registry.listings
  ADD COLUMN number bigint,
  ADD COLUMN keep_until timestamptz,
  ADD COLUMN barred boolean NOT NULL DEFAULT false,
  ADD COLUMN bound_to text,
  ADD COLUMN corroborates text;
CREATE INDEX listings_by_number ON registry.listings (number) WHERE number IS NOT NULL;
CREATE INDEX listings_by_keep ON registry.listings USING brin (keep_until) WITH (autosummarize = on);

-- How far a listing had come of which no body is here: what ended before it was heard of, what was erased, and what its
-- author contradicted. Nothing older of it is applied. The key stays only while it says what later statements must name.
CREATE TABLE registry.tombstones (
  member text NOT NULL,
  id uuid NOT NULL,
  revision integer NOT NULL,
  state text NOT NULL CHECK (state IN ('withdrawn', 'released', 'erased', 'void')),
  key text COLLATE "C",
  at timestamptz NOT NULL,
  PRIMARY KEY (id, member)
);
CREATE INDEX tombstones_by_time ON registry.tombstones (at) WHERE key IS NOT NULL;

-- Statements of other members whose bodies were erased: one that comes late is not applied any more.
CREATE TABLE registry.erased (
  member text NOT NULL,
  book text NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (member, book, number)
);

-- The allow-list under which `barred` was last decided.
CREATE TABLE registry.allow_list (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  patterns text NOT NULL
);
