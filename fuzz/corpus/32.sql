SELECT regr_sxy(0.5::float8, 0.5::float8), date_bin(interval '1 day', localtimestamp, localtimestamp) FROM orders
