-- Full text and vectors.

SELECT name FROM products WHERE to_tsvector('english', name || ' ' || description) @@ plainto_tsquery('english', 'hammer');
SELECT name, ts_rank(to_tsvector('english', name), q) AS rank FROM products, websearch_to_tsquery('english', 'hammer -sledge') AS q WHERE to_tsvector('english', name) @@ q ORDER BY rank DESC;
SELECT ts_headline('english', name, to_tsquery('english', 'hammer'), 'StartSel=<b>, StopSel=</b>') FROM products;
SELECT ts_rank_cd(to_tsvector(name), phraseto_tsquery('claw hammer')), numnode(to_tsquery('a & b')), querytree('a & b'::tsquery) FROM products;
SELECT to_tsvector('english', subject) || to_tsvector('english', body) @@ to_tsquery('english', 'head & loose:*') FROM support_tickets;
SELECT setweight(to_tsvector('english', subject), 'A') || setweight(to_tsvector('english', body), 'B') FROM support_tickets;
SELECT 'fat & rat'::tsquery && 'cat'::tsquery, !! 'fat'::tsquery, 'fat'::tsquery <-> 'rat'::tsquery, 'a:1 b:2'::tsvector, strip('a:1'::tsvector), tsvector_to_array('a b'::tsvector), 'a'::tsquery @> 'a'::tsquery;
SELECT lexeme, positions FROM unnest(to_tsvector('english', 'the quick brown fox'));
SELECT ticket_id FROM support_tickets WHERE to_tsvector(body) @@ 'loose' OR body ILIKE '%refund%';
SELECT '[1,2,3]'::vector <-> '[1,2,4]', '[1,2,3]'::vector(3) <=> '[1,2,4]'::vector, '[1,2,3]'::vector <#> '[1,2,4]', '[1,2,3]'::vector <+> '[1,2,4]';
SELECT cosine_distance('[1,2]'::vector, '[2,1]'), l2_distance('[1,2]'::vector, '[2,1]'::vector), inner_product('[1,2]'::vector, '[2,1]'::vector), vector_dims('[1,2]'::vector), vector_norm('[3,4]'::vector);
SELECT '[1,2]'::extensions.vector OPERATOR(extensions.<=>) '[2,1]'::vector, extensions.l2_distance('[1]'::vector, '[2]'::vector);
