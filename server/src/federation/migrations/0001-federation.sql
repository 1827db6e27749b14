-- What is known of each book of another member beyond the copy that the journal keeps.
CREATE TABLE federation.books (
  member text NOT NULL,
  book text NOT NULL,
  -- The newest checkpoint that was shown, while the copy has not come so far yet; and that the copy, as it is at
  -- `shown_at`, is a beginning of it. With it the author can be given back what it lost, to the last statement.
  shown_size bigint NOT NULL DEFAULT 0,
  shown_note text,
  shown_at bigint,
  shown_proof text[],
  -- Why nothing more is taken from this book, until an officer looks at it: two histories were shown.
  fork jsonb,
  forked_at timestamptz,
  PRIMARY KEY (member, book)
);

-- Bodies that are held back from the rooms. Their leaves stand in the journal's copy; `bytes` is what was sent.
CREATE TABLE federation.quarantine (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  member text NOT NULL,
  book text NOT NULL,
  number bigint NOT NULL,
  code text NOT NULL,
  salt bytea NOT NULL,
  bytes bytea NOT NULL,
  held_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'released', 'rejected', 'erased')),
  decided_at timestamptz,
  decided_by text,
  reason text,
  UNIQUE (member, book, number)
);
CREATE INDEX quarantine_by_state ON federation.quarantine (state, id);

-- A reader's newest receipt for one of our books: what it holds, what its rooms have applied, and its cosignature.
CREATE TABLE federation.receipts (
  reader text NOT NULL,
  book text NOT NULL,
  size bigint NOT NULL,
  applied bigint NOT NULL,
  cosigned text,
  -- The statements that it holds back, as {number, code}.
  held jsonb NOT NULL DEFAULT '[]',
  reader_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (reader, book)
);

-- What we gave: runs of consecutive statements of a book, handed to one reader in one stretch of time.
CREATE TABLE federation.deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reader text NOT NULL,
  book text NOT NULL,
  first bigint NOT NULL,
  next bigint NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL
);
CREATE INDEX deliveries_by_reader ON federation.deliveries (reader, book, next);
CREATE INDEX deliveries_by_book ON federation.deliveries (book, first);

-- What we refused to other parties, counted by minute.
CREATE TABLE federation.refusals (
  party text NOT NULL,
  code text NOT NULL,
  minute timestamptz NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (party, code, minute)
);

-- After a restore: which readers have said what they hold of our books, or whom an officer went on without.
CREATE TABLE federation.recoveries (
  reader text PRIMARY KEY,
  done_at timestamptz NOT NULL,
  -- Null where the reader itself answered.
  waived_by text,
  reason text
);
