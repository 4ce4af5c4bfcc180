SELECT tanh(0.5::float8), int8multirange(NULL::int8range) FROM orders, LATERAL (SELECT NULL AS a FROM orders AS o) AS t
