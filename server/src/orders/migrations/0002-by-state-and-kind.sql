-- What few orders are is found without looking through all of them.
CREATE INDEX orders_by_state ON orders.orders (state, created_at, id);
CREATE INDEX orders_by_kind ON orders.orders (kind, created_at, id);
