-- What other members decided on appeals against their own acts, as they told their acts' readers.
CREATE TABLE redress.foreign_decisions (
  member text NOT NULL,
  appeal uuid NOT NULL,
  act_kind text NOT NULL,
  act_id text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('upheld', 'dismissed', 'lapsed')),
  releases boolean NOT NULL,
  grounds text NOT NULL,
  lodged_at timestamptz NOT NULL,
  decided_at timestamptz NOT NULL,
  book text NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (member, appeal)
);
CREATE INDEX foreign_decisions_by_act ON redress.foreign_decisions (act_kind, act_id);
CREATE INDEX foreign_decisions_by_number ON redress.foreign_decisions (number);
