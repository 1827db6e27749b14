-- How many alerts are not closed, by audience and priority: what every desk asks for all the time. Kept where alerts are
-- written, whoever writes them; they wait for each other already (see 0001), and so nobody waits longer for these rows.
CREATE TABLE alerts.counts (
  audience text COLLATE "C" NOT NULL,
  priority smallint NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (audience, priority)
);

-- Nothing is written between the first count and the triggers.
LOCK TABLE alerts.alerts IN SHARE ROW EXCLUSIVE MODE;
INSERT INTO alerts.counts (audience, priority, count)
  SELECT audience, priority, count(*) FROM alerts.alerts WHERE state <> 'closed' GROUP BY audience, priority;

CREATE FUNCTION alerts.count_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO alerts.counts AS known (audience, priority, count)
    SELECT audience, priority, count(*) FROM fresh WHERE state <> 'closed' GROUP BY audience, priority
    ON CONFLICT (audience, priority) DO UPDATE SET count = known.count + excluded.count;
  RETURN NULL;
END $$;

-- Most changes leave an alert where it was.
CREATE FUNCTION alerts.count_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO alerts.counts AS known (audience, priority, count)
    SELECT audience, priority, sum(step) FROM (
      SELECT audience, priority, 1 AS step FROM fresh WHERE state <> 'closed'
      UNION ALL
      SELECT audience, priority, -1 FROM stale WHERE state <> 'closed') AS one
    GROUP BY audience, priority HAVING sum(step) <> 0
    ON CONFLICT (audience, priority) DO UPDATE SET count = known.count + excluded.count;
  RETURN NULL;
END $$;

CREATE FUNCTION alerts.count_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE alerts.counts AS known SET count = known.count - gone.count
    FROM (SELECT audience, priority, count(*) FROM stale WHERE state <> 'closed' GROUP BY audience, priority) AS gone
    WHERE (known.audience, known.priority) = (gone.audience, gone.priority);
  RETURN NULL;
END $$;

CREATE TRIGGER alerts_counted_in AFTER INSERT ON alerts.alerts
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION alerts.count_in();
CREATE TRIGGER alerts_counted_again AFTER UPDATE ON alerts.alerts
  REFERENCING NEW TABLE AS fresh OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION alerts.count_again();
CREATE TRIGGER alerts_counted_out AFTER DELETE ON alerts.alerts
  REFERENCING OLD TABLE AS stale FOR EACH STATEMENT EXECUTE FUNCTION alerts.count_out();
