/**
 * The allow-list of functions, by schema and subject. To allow another one, add its name to a group below; whatever isn't
 * here is refused. Every entry must be free of side effects, must read nothing but its arguments, the clock or a random
 * source, and must not turn a small argument into a huge value or an uninterruptible computation. Those few that can,
 * yet are too useful to miss, are bounded in `argument-rules.ts` and marked † here. Tests hold the list against real
 * databases: a name that PostgreSQL doesn't have, or that is volatile, has to be named once more at the end of this file.
 *
 * Left out on purpose, beside everything that reads or changes the server:
 *   array_fill, normalize, is_normalized     amplify; minutes of work that no timeout interrupts
 *   jsonb_pretty                             indents: seconds and 100 MB for a few kB of brackets, uninterrupted
 *   bpchar, varchar, bit as functions        pad to any width (as casts their width is bounded)
 *   *_populate_record*                       cast to row types, which are user types
 *   ts_stat, ts_rewrite, query_to_xml …      run the SQL given to them as text
 *   quote_*, pg_typeof, version, current_*   write SQL or describe the server: nothing to do with the data
 *   convert*, to_ascii                       look up conversions, which are user-definable
 *   setseed, txid_*, nextval, lo_*           state of the session or the database
 */
export const words = (...texts: readonly string[]) => texts.flatMap((text) => text.trim().split(/\s+/));

/** Built in: allowed unqualified or as `pg_catalog.name`. */
const PG_CATALOG = {
  // † power, pow and factorial are bounded
  numbers: `abs cbrt ceil ceiling degrees div exp factorial floor gcd lcm ln log log10 min_scale mod pi pow
    power radians random random_normal round scale sign sqrt trim_scale trunc width_bucket acos asin atan atan2
    cos cot sin tan acosd asind atand atan2d cosd cotd sind tand sinh cosh tanh asinh acosh atanh erf erfc gamma lgamma`,
  // † format, lpad, repeat, replace and rpad are bounded
  text: `ascii bit_count bit_length btrim casefold char_length character_length chr concat concat_ws decode
    encode format initcap left length like_escape lower lpad ltrim md5 octet_length overlay position repeat
    replace reverse right rpad rtrim sha224 sha256 sha384 sha512 similar_to_escape split_part starts_with
    string_to_array string_to_table strpos substr substring to_hex to_bin to_oct translate unistr upper crc32 crc32c`,
  // † regexp_replace is bounded
  regularExpressions: `regexp_count regexp_instr regexp_like regexp_match regexp_matches regexp_replace
    regexp_split_to_array regexp_split_to_table regexp_substr`,
  datesAndTimes: `age clock_timestamp date_add date_bin date_part date_subtract date_trunc extract isfinite
    justify_days justify_hours justify_interval make_date make_interval make_time make_timestamp
    make_timestamptz now overlaps statement_timestamp timezone to_char to_date to_number to_timestamp
    transaction_timestamp`,
  casts: `bool date float4 float8 int2 int4 int8 numeric text`,
  aggregates: `any_value array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp
    every json_agg json_agg_strict json_object_agg json_object_agg_strict json_object_agg_unique
    json_object_agg_unique_strict jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict
    jsonb_object_agg_unique jsonb_object_agg_unique_strict max min range_agg range_intersect_agg regr_avgx
    regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy stddev stddev_pop
    stddev_samp string_agg sum var_pop var_samp variance`,
  // Ordered-set and hypothetical-set aggregates
  orderedSets: 'mode percentile_cont percentile_disc rank dense_rank percent_rank cume_dist',
  windows:
    'row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value',
  // † generate_series is bounded
  rows: `generate_series generate_subscripts unnest`,
  json: `array_to_json json_array_element json_array_elements json_array_elements_text json_array_length
    json_build_array json_build_object json_each json_each_text json_extract_path json_extract_path_text
    json_object json_object_keys json_strip_nulls json_to_record json_to_recordset json_typeof
    jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object
    jsonb_concat jsonb_contains jsonb_each jsonb_each_text jsonb_exists jsonb_exists_all jsonb_exists_any
    jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists
    jsonb_path_exists_tz jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array
    jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz
    jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof
    row_to_json to_json to_jsonb`,
  arrays: `array_append array_cat array_dims array_length array_lower array_ndims array_position
    array_positions array_prepend array_remove array_replace array_reverse array_sample array_shuffle
    array_sort array_to_string array_upper cardinality trim_array`,
  ranges: `daterange datemultirange int4range int4multirange int8range int8multirange numrange nummultirange
    tsrange tsmultirange tstzrange tstzmultirange isempty lower_inc lower_inf upper_inc upper_inf multirange
    range_merge`,
  fullText: `array_to_tsvector json_to_tsvector jsonb_to_tsvector numnode phraseto_tsquery plainto_tsquery
    querytree setweight strip to_tsquery to_tsvector ts_delete ts_filter ts_headline ts_rank ts_rank_cd
    tsquery_phrase tsvector_to_array websearch_to_tsquery`,
  identifiers: `gen_random_uuid uuidv4 uuidv7 uuid_extract_timestamp uuid_extract_version abbrev broadcast family
    host hostmask inet_merge inet_same_family masklen netmask network enum_first enum_last enum_range`,
  conditions: `num_nonnulls num_nulls`,
} as const;

/** From extensions: allowed unqualified, or in a schema of the search path; where they live is the operator's choice. */
export const EXTENSIONS = {
  pg_trgm: 'similarity word_similarity strict_word_similarity show_trgm',
  vector: `cosine_distance l2_distance l1_distance inner_product hamming_distance jaccard_distance
    vector_dims vector_norm l2_norm l2_normalize binary_quantize subvector`,
  fuzzystrmatch: 'levenshtein levenshtein_less_equal soundex difference metaphone dmetaphone',
  unaccent: 'unaccent',
} as const;

/** Of them, those that are volatile and harmless: they answer anew each time and change nothing. */
export const VOLATILE_FUNCTIONS: ReadonlySet<string> = new Set(
  words(`random random_normal clock_timestamp gen_random_uuid uuidv4 uuidv7 array_shuffle array_sample`),
);

/** Those that not every supported version has, by the first that does. An older server answers that there is none. */
export const ADDED_IN: ReadonlyMap<number, readonly string[]> = new Map([
  [
    16,
    words(`any_value array_sample array_shuffle date_add date_subtract erf erfc random_normal
    json_agg_strict json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict
    jsonb_agg_strict jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict`),
  ],
  [17, words('to_bin to_oct uuid_extract_timestamp uuid_extract_version')],
  [18, words('array_reverse array_sort casefold crc32 crc32c gamma lgamma uuidv4 uuidv7')],
]);

/** Those that compute on numerics of any length for long, uninterrupted: counted by the bound `arithmetic`. */
export const ARITHMETIC_FUNCTIONS: ReadonlySet<string> = new Set(
  words('cbrt div exp factorial gcd lcm ln log log10 mod pow power sqrt'),
);

export const CORE_FUNCTIONS: ReadonlySet<string> = new Set(words(...Object.values(PG_CATALOG)));
export const EXTENSION_FUNCTIONS: ReadonlySet<string> = new Set(words(...Object.values(EXTENSIONS)));

/** Columns of the row that a built-in function returns, where it names them itself. */
export const FUNCTION_COLUMNS: ReadonlyMap<string, readonly string[]> = new Map([
  ['json_each', ['key', 'value']],
  ['json_each_text', ['key', 'value']],
  ['jsonb_each', ['key', 'value']],
  ['jsonb_each_text', ['key', 'value']],
  ['json_array_elements', ['value']],
  ['json_array_elements_text', ['value']],
  ['jsonb_array_elements', ['value']],
  ['jsonb_array_elements_text', ['value']],
]);

/**
 * Built-in functions outside the allow-list that accept any row and could therefore be called as `table.name`.
 * Names that start with `pg_` need no entry: they are refused as fields altogether.
 */
export const ROW_FUNCTIONS: ReadonlySet<string> = new Set(
  words(`any_out anycompatible_out anycompatiblenonarray_out anyelement_out anynonarray_out hash_record
    quote_literal quote_nullable record_out record_send`),
);
