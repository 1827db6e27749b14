-- What waits, or waited, for an approving officer before it leaves the country, and what became of it. `id` is the
-- proposal's; `withheld` was never proposed, for want of anybody who could approve it (`why` has the code).
CREATE TABLE registry.exports (
  id uuid PRIMARY KEY,
  listing uuid,
  subject text NOT NULL,
  discreet boolean NOT NULL,
  book text NOT NULL,
  state text NOT NULL CHECK (state IN ('proposed', 'approved', 'rejected', 'lapsed', 'withdrawn', 'withheld')),
  why text,
  proposed_by text NOT NULL,
  proposed_at timestamptz NOT NULL,
  decide_by timestamptz,
  decided_by text,
  decided_at timestamptz
);
CREATE INDEX exports_by_time ON registry.exports (proposed_at, id);
CREATE INDEX exports_by_state ON registry.exports (state, proposed_at, id);
