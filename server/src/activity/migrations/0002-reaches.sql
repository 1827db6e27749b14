-- A record reaches the partitions of all its keys, not of the first alone. What was stored before reaches all.
ALTER TABLE activity.records ADD COLUMN reaches integer NOT NULL DEFAULT 65535;
COMMENT ON COLUMN activity.records.reaches IS 'One bit for each partition that the record reaches';
-- Neither read nor written any more; the previous release still writes it.
ALTER TABLE activity.records ALTER COLUMN partition DROP NOT NULL;

-- With NATS_URL (platform/nats-stream.ts): the name of the stream that holds the text of the records whose numbers are greater than base. Their
-- rows in activity.records say who sent what and have no text.
CREATE TABLE activity.nats (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  stream text NOT NULL,
  base bigint NOT NULL
);
