/**
 * The allow-list of the grammar: the node types that may occur, and of each the fields that may be set. A type or
 * a field that is not here is refused, so what a new parser version adds is closed until somebody opens it.
 * `refused-nodes.ts` names the other types; a test holds both against the parser's own definitions.
 *
 *   node      wrapped nodes (or lists of them), walked generically
 *   typed     fields whose node type the grammar fixes and libpg-query therefore prints bare
 *   value     names, flags and numbers: nothing below them to walk
 *   read      names and constants in nodes of their own, which a rule reads and the walk need not
 *   refused   what SQL can say and may not say here
 *   analysed  what only PostgreSQL's analysis fills in: never in a tree that comes from text, refused like the rest
 */
interface Shape {
  readonly node?: string;
  readonly typed?: ReadonlyMap<string, string>;
  readonly value?: string;
  readonly read?: string;
  readonly refused?: string;
  readonly analysed?: string;
}

export type FieldKind =
  | { readonly is: 'node' }
  | { readonly is: 'value' }
  | { readonly is: 'read' }
  | { readonly is: 'typed'; readonly type: string };

const typed = (...pairs: readonly (readonly [field: string, type: string])[]) => new Map(pairs);

const SHAPES: readonly (readonly [type: string, shape: Shape])[] = [
  // Statements. The walk reads `withClause` itself, because each of its queries has a scope of its own.
  [
    'SelectStmt',
    {
      node: 'distinctClause targetList fromClause whereClause groupClause havingClause windowClause valuesLists sortClause limitOffset limitCount',
      typed: typed(['larg', 'SelectStmt'], ['rarg', 'SelectStmt']),
      value: 'groupDistinct limitOption op all',
      read: 'withClause',
      refused: 'intoClause lockingClause', // creates a table; locks rows
    },
  ],
  ['WithClause', { node: 'ctes', value: 'recursive' }],
  [
    'CommonTableExpr',
    {
      node: 'aliascolnames ctequery',
      typed: typed(['search_clause', 'CTESearchClause'], ['cycle_clause', 'CTECycleClause']),
      value: 'ctename ctematerialized',
      analysed: 'cterecursive cterefcount ctecolnames ctecoltypes ctecoltypmods ctecolcollations',
    },
  ],
  ['CTESearchClause', { node: 'search_col_list', value: 'search_breadth_first search_seq_column' }],
  [
    'CTECycleClause',
    {
      node: 'cycle_col_list cycle_mark_value cycle_mark_default',
      value: 'cycle_mark_column cycle_path_column',
      analysed: 'cycle_mark_type cycle_mark_typmod cycle_mark_collation cycle_mark_neop',
    },
  ],
  ['ResTarget', { node: 'val', value: 'name', refused: 'indirection' }], // `SET a.b = …`, `INSERT INTO t (a[1])`
  ['SortBy', { node: 'node', value: 'sortby_dir sortby_nulls', read: 'useOp' }],
  ['GroupingSet', { node: 'content', value: 'kind' }],
  [
    'WindowDef',
    { node: 'partitionClause orderClause startOffset endOffset', value: 'name refname frameOptions' },
  ],

  // FROM
  [
    'RangeVar',
    { value: 'catalogname schemaname relname inh relpersistence', typed: typed(['alias', 'Alias']) },
  ],
  ['Alias', { node: 'colnames', value: 'aliasname' }],
  ['RangeSubselect', { node: 'subquery', value: 'lateral', typed: typed(['alias', 'Alias']) }],
  [
    'RangeFunction',
    {
      node: 'functions coldeflist',
      value: 'lateral ordinality is_rowsfrom',
      typed: typed(['alias', 'Alias']),
    },
  ],
  [
    'ColumnDef',
    {
      typed: typed(['typeName', 'TypeName'], ['collClause', 'CollateClause']),
      value: 'colname is_local',
      // Of CREATE TABLE.
      refused: `compression inhcount is_not_null is_from_type storage storage_name raw_default cooked_default identity
        identitySequence generated constraints fdwoptions`,
      analysed: 'collOid',
    },
  ],
  ['RangeTableSample', { node: 'relation args repeatable', read: 'method' }],
  [
    'JoinExpr',
    {
      node: 'larg rarg usingClause quals',
      value: 'jointype isNatural',
      typed: typed(['join_using_alias', 'Alias'], ['alias', 'Alias']),
      analysed: 'rtindex',
    },
  ],

  // Expressions
  ['ColumnRef', { node: 'fields' }],
  ['A_Star', {}],
  ['A_Const', { value: 'isnull', read: 'ival fval boolval sval bsval' }],
  ['A_Expr', { node: 'lexpr rexpr', value: 'kind rexpr_list_start rexpr_list_end', read: 'name' }],
  ['A_ArrayExpr', { node: 'elements', value: 'list_start list_end' }],
  ['A_Indices', { node: 'lidx uidx', value: 'is_slice' }],
  ['A_Indirection', { node: 'arg indirection' }],
  ['BoolExpr', { node: 'args', value: 'boolop', analysed: 'xpr' }],
  ['NullTest', { node: 'arg', value: 'nulltesttype argisrow', analysed: 'xpr' }],
  ['BooleanTest', { node: 'arg', value: 'booltesttype', analysed: 'xpr' }],
  ['CaseExpr', { node: 'arg args defresult', analysed: 'xpr casetype casecollid' }],
  ['CaseWhen', { node: 'expr result', analysed: 'xpr' }],
  ['CoalesceExpr', { node: 'args', analysed: 'xpr coalescetype coalescecollid' }],
  ['MinMaxExpr', { node: 'args', value: 'op', analysed: 'xpr minmaxtype minmaxcollid inputcollid' }],
  ['RowExpr', { node: 'args colnames', value: 'row_format', analysed: 'xpr row_typeid' }],
  [
    'SubLink',
    { node: 'testexpr subselect', value: 'subLinkType', read: 'operName', analysed: 'xpr subLinkId' },
  ],
  [
    'FuncCall',
    {
      node: 'args agg_order agg_filter',
      value: 'agg_within_group agg_star agg_distinct func_variadic funcformat',
      read: 'funcname',
      typed: typed(['over', 'WindowDef']),
    },
  ],
  ['NamedArgExpr', { node: 'arg', value: 'name argnumber', analysed: 'xpr' }],
  ['GroupingFunc', { node: 'args', analysed: 'xpr refs agglevelsup' }],
  ['SQLValueFunction', { value: 'op typmod', analysed: 'xpr type' }],
  ['TypeCast', { node: 'arg', typed: typed(['typeName', 'TypeName']) }],
  [
    'TypeName',
    {
      node: 'typmods',
      value: 'typemod',
      read: 'names arrayBounds',
      refused: 'setof pct_type', // a set is no value; `t.c%TYPE` looks up the catalogue
      analysed: 'typeOid',
    },
  ],
  ['CollateClause', { node: 'arg', read: 'collname' }],
  ['List', { node: 'items' }],
  ['String', { value: 'sval' }],
  ['Integer', { value: 'ival' }],
  ['Float', { value: 'fval' }],
  ['Boolean', { value: 'boolval' }],
  ['BitString', { value: 'bsval' }],

  // SQL/JSON
  [
    'JsonTable',
    {
      node: 'passing columns',
      value: 'lateral',
      typed: typed(
        ['context_item', 'JsonValueExpr'],
        ['pathspec', 'JsonTablePathSpec'],
        ['on_error', 'JsonBehavior'],
        ['alias', 'Alias'],
      ),
    },
  ],
  [
    'JsonTableColumn',
    {
      node: 'columns',
      value: 'coltype name wrapper quotes',
      typed: typed(
        ['typeName', 'TypeName'],
        ['pathspec', 'JsonTablePathSpec'],
        ['format', 'JsonFormat'],
        ['on_empty', 'JsonBehavior'],
        ['on_error', 'JsonBehavior'],
      ),
    },
  ],
  ['JsonTablePathSpec', { node: 'string', value: 'name name_location' }],
  ['JsonArgument', { value: 'name', typed: typed(['val', 'JsonValueExpr']) }],
  ['JsonValueExpr', { node: 'raw_expr', typed: typed(['format', 'JsonFormat']), analysed: 'formatted_expr' }],
  ['JsonFormat', { value: 'format_type encoding' }],
  ['JsonOutput', { typed: typed(['typeName', 'TypeName'], ['returning', 'JsonReturning']) }],
  ['JsonReturning', { typed: typed(['format', 'JsonFormat']), analysed: 'typid typmod' }],
  ['JsonBehavior', { node: 'expr', value: 'btype', analysed: 'coerce' }],
  [
    'JsonFuncExpr',
    {
      node: 'pathspec passing',
      value: 'op wrapper quotes',
      analysed: 'column_name',
      typed: typed(
        ['context_item', 'JsonValueExpr'],
        ['output', 'JsonOutput'],
        ['on_empty', 'JsonBehavior'],
        ['on_error', 'JsonBehavior'],
      ),
    },
  ],
  ['JsonKeyValue', { node: 'key', typed: typed(['value', 'JsonValueExpr']) }],
  [
    'JsonParseExpr',
    { value: 'unique_keys', typed: typed(['expr', 'JsonValueExpr'], ['output', 'JsonOutput']) },
  ],
  ['JsonScalarExpr', { node: 'expr', typed: typed(['output', 'JsonOutput']) }],
  ['JsonSerializeExpr', { typed: typed(['expr', 'JsonValueExpr'], ['output', 'JsonOutput']) }],
  [
    'JsonObjectConstructor',
    { node: 'exprs', value: 'absent_on_null unique', typed: typed(['output', 'JsonOutput']) },
  ],
  [
    'JsonArrayConstructor',
    { node: 'exprs', value: 'absent_on_null', typed: typed(['output', 'JsonOutput']) },
  ],
  [
    'JsonArrayQueryConstructor',
    {
      node: 'query',
      value: 'absent_on_null',
      typed: typed(['output', 'JsonOutput'], ['format', 'JsonFormat']),
    },
  ],
  [
    'JsonAggConstructor',
    { node: 'agg_filter agg_order', typed: typed(['output', 'JsonOutput'], ['over', 'WindowDef']) },
  ],
  [
    'JsonObjectAgg',
    {
      value: 'absent_on_null unique',
      typed: typed(['constructor', 'JsonAggConstructor'], ['arg', 'JsonKeyValue']),
    },
  ],
  [
    'JsonArrayAgg',
    {
      value: 'absent_on_null',
      typed: typed(['constructor', 'JsonAggConstructor'], ['arg', 'JsonValueExpr']),
    },
  ],
  [
    'JsonIsPredicate',
    { node: 'expr', value: 'item_type unique_keys', typed: typed(['format', 'JsonFormat']) },
  ],
];

const words = (text = '') => text.split(/\s+/).filter((word) => word !== '');

function fieldsOf(shape: Shape): ReadonlyMap<string, FieldKind> {
  const kinds = (['node', 'value', 'read'] as const).flatMap((is) =>
    words(shape[is]).map((field): [string, FieldKind] => [field, { is }]),
  );
  const types = [...(shape.typed ?? [])].map(([field, type]): [string, FieldKind] => [
    field,
    { is: 'typed', type },
  ]);
  return new Map<string, FieldKind>([['location', { is: 'value' }], ...kinds, ...types]);
}

export const NODE_SHAPES: ReadonlyMap<string, ReadonlyMap<string, FieldKind>> = new Map(
  SHAPES.map(([type, shape]) => [type, fieldsOf(shape)]),
);

/** The fields of allowed types that are refused: with `NODE_SHAPES`, all that the grammar has. */
export const REFUSED_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  SHAPES.map(([type, { refused, analysed }]) => [type, new Set([...words(refused), ...words(analysed)])]),
);
