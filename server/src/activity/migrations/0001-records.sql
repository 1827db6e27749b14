-- The stream of what institutions report (platform/postgres-stream.ts). One partition a UTC day in which records were
-- received (records_YYYYMMDD), made when its first record comes and dropped whole when its time is over, so that a late
-- record never makes an old day anew. A sender's id is unique within a day here; within the time that the stream remembers,
-- its writer sees to it.
CREATE TABLE activity.records (
  number bigint NOT NULL,
  partition smallint NOT NULL,
  kind smallint NOT NULL,
  source text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  received bigint NOT NULL,
  day date NOT NULL,
  text text COLLATE "C" NOT NULL
) PARTITION BY RANGE (day);
COMMENT ON COLUMN activity.records.at IS 'Milliseconds since the Unix epoch, as is received';
CREATE UNIQUE INDEX records_by_id ON activity.records (source, kind, id, day);
CREATE INDEX records_by_number ON activity.records (number);

-- The last number that was given. Whoever gives numbers holds its row until the commit, so they become visible in order.
CREATE TABLE activity.numbers (is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only), last bigint NOT NULL);
INSERT INTO activity.numbers (last) VALUES (0);

-- How far each consumer has read.
CREATE TABLE activity.cursors (name text PRIMARY KEY, number bigint NOT NULL);
