-- A person of an institution without software of its own, who came in by one of its keys and acts for it. Ends with the key.
CREATE TABLE access.institution_sessions (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  institution text COLLATE "C" NOT NULL REFERENCES access.institutions,
  key uuid NOT NULL REFERENCES access.keys,
  clerk text NOT NULL CHECK (char_length(clerk) BETWEEN 1 AND 100),
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
CREATE INDEX institution_sessions_by_institution ON access.institution_sessions (institution, created_at);
CREATE INDEX institution_sessions_by_creation ON access.institution_sessions (created_at);

-- How each officer's desk looks. `profile` is the JSON text that the contract describes.
CREATE TABLE access.profiles (
  officer text COLLATE "C" PRIMARY KEY REFERENCES access.officers,
  profile text NOT NULL
);
