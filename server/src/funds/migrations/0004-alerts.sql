-- The alert from which an officer wrote a report down.
ALTER TABLE funds.reports ADD COLUMN alert uuid;
