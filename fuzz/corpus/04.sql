SELECT name FROM products WHERE name LIKE 'x!%' ESCAPE '!' AND name SIMILAR TO '(a|b)%' AND name ~* '^c' AND unit_price BETWEEN SYMMETRIC 2 AND 1 AND name COLLATE "C" >= 'a'
