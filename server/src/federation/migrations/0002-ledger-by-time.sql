-- What was given since an instant, in our ledger of all times.
CREATE INDEX deliveries_by_time ON federation.deliveries (last_at);
