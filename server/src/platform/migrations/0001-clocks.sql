-- One row a deadline. A clock that has fired or was cancelled is gone: what it did is in its room's own tables.
CREATE TABLE platform.clocks (
  kind text NOT NULL,
  subject text NOT NULL,
  due_at timestamptz NOT NULL,
  warn_at timestamptz,
  set_at timestamptz NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX clocks_by_next ON platform.clocks ((least(due_at, coalesce(warn_at, due_at))));
