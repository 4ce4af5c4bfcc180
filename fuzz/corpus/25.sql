SELECT regr_intercept(0.5::float8, 0.5::float8), min(NULL::inet) FROM support_tickets AS leak
