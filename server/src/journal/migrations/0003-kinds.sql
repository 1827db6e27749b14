-- What was said of a kind, for our ledger. Nearly everything is a listing, and is found without an index.
CREATE INDEX statements_by_kind ON journal.statements (kind, append, seq) WHERE kind <> 'listing';
