-- An appeal, with the appellant's own words and person, which never leave this member.
CREATE TABLE redress.appeals (
  id uuid PRIMARY KEY,
  act_kind text NOT NULL,
  act_id text NOT NULL,
  subject text NOT NULL,
  book text NOT NULL,
  appellant text NOT NULL,
  grounds text NOT NULL,
  lodged_by text NOT NULL,
  lodged_at timestamptz NOT NULL,
  decide_by timestamptz NOT NULL,
  warned_at timestamptz,
  state text NOT NULL CHECK (state IN ('lodged', 'upheld', 'dismissed', 'lapsed', 'withdrawn')),
  releases boolean,
  decided_by text,
  decided_at timestamptz,
  decision_grounds text
);
-- One appeal at a time against one act; a later one needs the earlier to be over.
CREATE UNIQUE INDEX appeals_open ON redress.appeals (act_kind, act_id) WHERE state = 'lodged';
CREATE INDEX appeals_by_act ON redress.appeals (act_kind, act_id);
CREATE INDEX appeals_by_deadline ON redress.appeals (state, decide_by, id);
