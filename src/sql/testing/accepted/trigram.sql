-- What the extensions pg_trgm, fuzzystrmatch and unaccent bring.

SELECT name FROM products WHERE similarity(name, 'hamer') > 0.3 ORDER BY similarity(name, 'hamer') DESC;
SELECT name FROM products WHERE name % 'hamer' ORDER BY name <-> 'hamer' LIMIT 5;
SELECT name, word_similarity('hamer', name), strict_word_similarity('hamer', name) FROM products WHERE 'hamer' <% name AND name %> 'hamer';
SELECT name FROM products WHERE 'hamer' <<% name OR name %>> 'hamer' ORDER BY 'hamer' <<-> name, name <->> 'hamer';
SELECT show_trgm('hammer');
SELECT name FROM products WHERE levenshtein(lower(name), 'claw hamer') < 3 OR levenshtein_less_equal(name, 'x', 2) <= 2;
SELECT soundex(first_name), difference(first_name, 'Anne'), metaphone(first_name, 8), dmetaphone(first_name) FROM customers;
SELECT unaccent(name) FROM products;
