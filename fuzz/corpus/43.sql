SELECT t.leak FROM unnest(ARRAY['x']) AS t
