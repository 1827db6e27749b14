-- What detectors found. One partition a UTC day (findings_YYYYMMDD), dropped whole when its time is over.
CREATE TABLE detection.findings (
  number bigint NOT NULL,
  id text COLLATE "C" NOT NULL,
  record bigint NOT NULL,
  at timestamptz NOT NULL,
  found timestamptz NOT NULL,
  detector text COLLATE "C" NOT NULL,
  version smallint NOT NULL,
  mode text NOT NULL CHECK (mode IN ('on', 'shadow')),
  typology text NOT NULL,
  urgency smallint NOT NULL CHECK (urgency BETWEEN 1 AND 4),
  subject text COLLATE "C" NOT NULL,
  facts jsonb NOT NULL,
  counterparts text[] NOT NULL,
  strength real NOT NULL,
  institution text NOT NULL,
  score jsonb
) PARTITION BY RANGE (found);
COMMENT ON COLUMN detection.findings.record IS 'The number of the record of activity that showed it';
COMMENT ON COLUMN detection.findings.score IS 'How suspicious the payment is as a whole, and which reasons come to how much of it';
CREATE UNIQUE INDEX findings_by_id ON detection.findings (id, found);
CREATE INDEX findings_by_number ON detection.findings (number);
CREATE INDEX findings_by_subject ON detection.findings (subject, number);
CREATE INDEX findings_by_detector ON detection.findings (detector, number);

-- The last number that was given. Several processes find at once: whoever gives numbers holds its row until the commit.
CREATE TABLE detection.finding_numbers (is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), last bigint NOT NULL);
INSERT INTO detection.finding_numbers (last) VALUES (0);

-- What officers made of alerts that came from findings: one verdict for each alert and detector, the last one.
CREATE TABLE detection.verdicts (
  alert uuid NOT NULL,
  detector text COLLATE "C" NOT NULL,
  is_right boolean NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (alert, detector)
);
CREATE INDEX verdicts_by_detector ON detection.verdicts (detector, at);

-- How many findings a detector made in an hour, and how many records were looked at: what drift is seen by.
CREATE TABLE detection.hours (
  hour timestamptz NOT NULL,
  detector text COLLATE "C" NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (detector, hour)
);
COMMENT ON COLUMN detection.hours.detector IS 'A detector, or empty for the records themselves';

-- Who watches which partitions, one row for each: up to which record it was watched, and by whom until when. A process that
-- is not its watcher any more may not store what it found.
CREATE TABLE detection.partitions (
  partition smallint PRIMARY KEY,
  number bigint NOT NULL DEFAULT 0,
  watcher text,
  until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO detection.partitions (partition) SELECT generate_series(0, 15);

-- What processes that watch different partitions tell each other: a stream as that of activity (activity/migrations).
CREATE TABLE detection.records (
  number bigint NOT NULL,
  kind smallint NOT NULL,
  source text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL,
  reaches integer NOT NULL,
  at bigint NOT NULL,
  received bigint NOT NULL,
  day date NOT NULL,
  text text COLLATE "C" NOT NULL
) PARTITION BY RANGE (day);
CREATE UNIQUE INDEX records_by_id ON detection.records (source, kind, id, day);
CREATE INDEX records_by_number ON detection.records (number);
CREATE TABLE detection.numbers (is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), last bigint NOT NULL);
INSERT INTO detection.numbers (last) VALUES (0);
CREATE TABLE detection.cursors (name text PRIMARY KEY, number bigint NOT NULL);
CREATE TABLE detection.nats (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  stream text NOT NULL,
  base bigint NOT NULL
);

-- Changes of limits that were tried on what was stored.
CREATE TABLE detection.replays (
  id uuid PRIMARY KEY,
  asked timestamptz NOT NULL,
  officer text NOT NULL,
  wish jsonb NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
  records bigint NOT NULL DEFAULT 0,
  result jsonb
);
