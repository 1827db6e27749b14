-- An exhibit, and where its chain of custody has got to. What it is never changes; of one that was destroyed the content is gone.
CREATE TABLE evidence.exhibits (
  id uuid PRIMARY KEY,
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  media_type text NOT NULL,
  title text NOT NULL,
  collected_at timestamptz NOT NULL,
  collected_from text NOT NULL,
  means text NOT NULL,
  handling text NOT NULL,
  taken_at timestamptz NOT NULL,
  taken_by text NOT NULL,
  institution text,
  origin_member text,
  origin_exhibit uuid,
  origin_book text,
  origin_number bigint,
  entries integer NOT NULL,
  head text NOT NULL,
  destroyed_at timestamptz
);
CREATE INDEX exhibits_newest ON evidence.exhibits (taken_at DESC, id DESC);
CREATE INDEX exhibits_by_content ON evidence.exhibits (sha256);
CREATE INDEX exhibits_by_institution ON evidence.exhibits (institution, taken_at) WHERE institution IS NOT NULL;

-- The chains: the exact text that each digest is of. It only grows.
CREATE TABLE evidence.custody (
  exhibit uuid NOT NULL REFERENCES evidence.exhibits,
  number integer NOT NULL,
  text text NOT NULL,
  digest text NOT NULL,
  PRIMARY KEY (exhibit, number)
);
CREATE FUNCTION evidence.keep_custody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a chain of custody only grows';
END $$;
CREATE TRIGGER custody_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence.custody
  FOR EACH STATEMENT EXECUTE FUNCTION evidence.keep_custody();

-- To whom an exhibit was given, as part of what.
CREATE TABLE evidence.disclosures (
  exhibit uuid NOT NULL REFERENCES evidence.exhibits,
  book text,
  institution text,
  reference text NOT NULL,
  at timestamptz NOT NULL,
  withdrawn_at timestamptz,
  CHECK (num_nonnulls(book, institution) = 1),
  CONSTRAINT disclosures_once UNIQUE NULLS NOT DISTINCT (exhibit, book, institution, reference)
);

-- What other members gave us to read, by the newest statement of it in each book, and the exhibit that it became here.
CREATE TABLE evidence.abroad (
  member text NOT NULL,
  id uuid NOT NULL,
  book text NOT NULL,
  number bigint NOT NULL,
  at timestamptz NOT NULL,
  sha256 text NOT NULL,
  bytes bigint NOT NULL,
  media_type text NOT NULL,
  title text NOT NULL,
  custody text NOT NULL,
  collected_at timestamptz NOT NULL,
  handling text NOT NULL,
  here uuid REFERENCES evidence.exhibits,
  PRIMARY KEY (member, id, book)
);
CREATE INDEX abroad_newest ON evidence.abroad (at DESC, member, id, book);
CREATE INDEX abroad_by_id ON evidence.abroad (id);
CREATE INDEX abroad_by_number ON evidence.abroad (number);

-- Where its author said that a book's readers are given it no longer; what was said before that number is over.
CREATE TABLE evidence.withdrawals (
  member text NOT NULL,
  id uuid NOT NULL,
  book text NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (member, id, book)
);
