SELECT 'x'::regclass
