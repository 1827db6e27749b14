-- The lists of a desk, each the newest first: what is awaited, what is written and not sent, what an officer must let out,
-- and what went one way. Of what is over there is ever more: these do not hold it.
CREATE INDEX requests_open ON liaison.requests (opened_at DESC, id DESC)
  WHERE state IN ('sent', 'received', 'acknowledged', 'in-work', 'partly-answered');
CREATE INDEX requests_drafts ON liaison.requests (opened_at DESC, id DESC) WHERE state IN ('drafted', 'approved');
CREATE INDEX requests_waiting ON liaison.requests (opened_at DESC, id DESC) WHERE waits;
CREATE INDEX requests_by_asking ON liaison.requests (asking, opened_at DESC, id DESC);
CREATE INDEX requests_by_asked ON liaison.requests (asked, opened_at DESC, id DESC);
