-- Which runs of what was given hold a number: asked for each statement about a key.
CREATE INDEX deliveries_by_numbers ON federation.deliveries USING gist (int8range(first, next));
