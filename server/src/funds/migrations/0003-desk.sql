-- What the desk asks. `change`: of the last change, in the order in which changes were told; null until it is told.
ALTER TABLE funds.traces ADD COLUMN change bigint;
CREATE SEQUENCE funds.trace_changes;
CREATE UNIQUE INDEX traces_by_change ON funds.traces (change);
CREATE INDEX traces_untold ON funds.traces (id) WHERE change IS NULL AND summary IS NOT NULL;
CREATE INDEX traces_by_state ON funds.traces (state, opened_at DESC, id DESC);
CREATE INDEX traces_by_request ON funds.traces (request) WHERE request IS NOT NULL;
CREATE INDEX reports_by_reference ON funds.reports (reference COLLATE "C") WHERE reference IS NOT NULL;
CREATE INDEX trace_reports_by_report ON funds.trace_reports (report);

ALTER TABLE funds.holds ADD COLUMN change bigint;
CREATE SEQUENCE funds.hold_changes;
CREATE UNIQUE INDEX holds_by_change ON funds.holds (change);
CREATE INDEX holds_untold ON funds.holds (id) WHERE change IS NULL;
CREATE INDEX holds_by_institution ON funds.holds (institution, number);

CREATE INDEX returns_newest ON funds.returns (opened_at DESC, id DESC);
CREATE INDEX returns_by_state ON funds.returns (state, opened_at DESC, id DESC);
