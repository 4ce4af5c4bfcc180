SELECT concat(VARIADIC ARRAY['a', 'b']), regexp_replace('a1', '[0-9]', '', 'g'), (regexp_match('ab', '(a)(b)'))[1], md5('x'), gen_random_uuid(), random() < 2
