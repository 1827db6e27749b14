-- What screening found, for institutions only: who asked, what was advised, and which listing the advice followed from. A
-- discreet row is one that the answer did not show. `members` are those whose listings were found. One partition a UTC day
-- (hits_YYYYMMDD), made when its first hit is written and dropped whole when its time is over.
CREATE SEQUENCE screening.hit_numbers;
CREATE TABLE screening.hits (
  number bigint NOT NULL DEFAULT nextval('screening.hit_numbers'),
  at timestamptz NOT NULL,
  institution text NOT NULL,
  key text NOT NULL,
  advice text NOT NULL,
  kind text NOT NULL,
  matched text NOT NULL,
  listing uuid NOT NULL,
  members text[] NOT NULL,
  discreet boolean NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX hits_by_number ON screening.hits (number);
