-- Every key that has signed this member's checkpoints, so that whoever reads a backup or an old checkpoint can verify it.
CREATE TABLE journal.keys (
  public_key bytea PRIMARY KEY,
  algorithm smallint NOT NULL,
  first_used_at timestamptz NOT NULL
);
