-- Few listings have ended by a word, and a desk looks for them among a million that stand.
CREATE INDEX listings_ended ON registry.listings (state, changed_at, id) WHERE state <> 'listed';
CREATE INDEX listings_by_typologies ON registry.listings (typologies, changed_at, id);
