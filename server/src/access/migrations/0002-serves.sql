-- How the keys of an institution's own customers begin: what concerns them is told to it.
ALTER TABLE access.institutions ADD COLUMN serves text[] NOT NULL DEFAULT '{}';
