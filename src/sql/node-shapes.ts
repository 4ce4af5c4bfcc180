/**
 * The allow-list of the grammar: the node types that may occur, and of each the fields that may be set. A type or
 * a field that is not here is refused, so what a new parser version adds is closed until somebody opens it.
 *
 *   node    wrapped nodes (or lists of them), walked generically
 *   value   names, flags and numbers: nothing below them to walk
 *   typed   fields whose node type the grammar fixes and libpg-query therefore prints bare
 *
 * Left out on purpose: XmlExpr, XmlSerialize, RangeTableFunc (XML), ParamRef, SetToDefault, MergeSupportFunc,
 * CurrentOfExpr, IntoClause, LockingClause, and every statement but SelectStmt.
 */
interface Shape {
  readonly node?: string;
  readonly value?: string;
  readonly typed?: ReadonlyMap<string, string>;
}

export type FieldKind =
  | { readonly is: 'node' }
  | { readonly is: 'value' }
  | { readonly is: 'typed'; readonly type: string };

const typed = (...pairs: readonly (readonly [field: string, type: string])[]) => new Map(pairs);

const SHAPES: readonly (readonly [type: string, shape: Shape])[] = [
  // Statements. `withClause` counts as a value because `walkSelect` walks it itself, in its own scopes.
  [
    'SelectStmt',
    {
      node: 'distinctClause targetList fromClause whereClause groupClause havingClause windowClause valuesLists sortClause limitOffset limitCount',
      value: 'withClause groupDistinct limitOption op all',
      typed: typed(['larg', 'SelectStmt'], ['rarg', 'SelectStmt']),
    },
  ],
  [
    'CommonTableExpr',
    {
      node: 'aliascolnames ctequery',
      value: 'ctename ctematerialized',
      typed: typed(['search_clause', 'CTESearchClause'], ['cycle_clause', 'CTECycleClause']),
    },
  ],
  ['CTESearchClause', { node: 'search_col_list', value: 'search_breadth_first search_seq_column' }],
  [
    'CTECycleClause',
    {
      node: 'cycle_col_list cycle_mark_value cycle_mark_default',
      value: 'cycle_mark_column cycle_path_column',
    },
  ],
  ['ResTarget', { node: 'val', value: 'name' }],
  ['SortBy', { node: 'node', value: 'sortby_dir sortby_nulls useOp' }],
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
    { value: 'colname is_local', typed: typed(['typeName', 'TypeName'], ['collClause', 'CollateClause']) },
  ],
  ['RangeTableSample', { node: 'relation args repeatable', value: 'method' }],
  [
    'JoinExpr',
    {
      node: 'larg rarg usingClause quals',
      value: 'jointype isNatural',
      typed: typed(['join_using_alias', 'Alias'], ['alias', 'Alias']),
    },
  ],

  // Expressions
  ['ColumnRef', { node: 'fields' }],
  ['A_Star', {}],
  ['A_Const', { value: 'ival fval boolval sval bsval isnull' }],
  ['A_Expr', { node: 'lexpr rexpr', value: 'kind name rexpr_list_start rexpr_list_end' }],
  ['A_ArrayExpr', { node: 'elements', value: 'list_start list_end' }],
  ['A_Indices', { node: 'lidx uidx', value: 'is_slice' }],
  ['A_Indirection', { node: 'arg indirection' }],
  ['BoolExpr', { node: 'args', value: 'boolop' }],
  ['NullTest', { node: 'arg', value: 'nulltesttype argisrow' }],
  ['BooleanTest', { node: 'arg', value: 'booltesttype' }],
  ['CaseExpr', { node: 'arg args defresult' }],
  ['CaseWhen', { node: 'expr result' }],
  ['CoalesceExpr', { node: 'args' }],
  ['MinMaxExpr', { node: 'args', value: 'op' }],
  ['RowExpr', { node: 'args colnames', value: 'row_format' }],
  ['SubLink', { node: 'testexpr subselect', value: 'subLinkType operName' }],
  [
    'FuncCall',
    {
      node: 'args agg_order agg_filter',
      value: 'funcname agg_within_group agg_star agg_distinct func_variadic funcformat',
      typed: typed(['over', 'WindowDef']),
    },
  ],
  ['NamedArgExpr', { node: 'arg', value: 'name argnumber' }],
  ['GroupingFunc', { node: 'args' }],
  ['SQLValueFunction', { value: 'op typmod' }],
  ['TypeCast', { node: 'arg', typed: typed(['typeName', 'TypeName']) }],
  ['TypeName', { node: 'typmods', value: 'names typemod arrayBounds' }],
  ['CollateClause', { node: 'arg', value: 'collname' }],
  ['List', { node: 'items' }],
  ['String', { value: 'sval' }],
  ['Integer', { value: 'ival' }],
  ['Float', { value: 'fval' }],

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
  ['JsonValueExpr', { node: 'raw_expr', typed: typed(['format', 'JsonFormat']) }],
  ['JsonFormat', { value: 'format_type encoding' }],
  ['JsonOutput', { typed: typed(['typeName', 'TypeName'], ['returning', 'JsonReturning']) }],
  ['JsonReturning', { typed: typed(['format', 'JsonFormat']) }],
  ['JsonBehavior', { node: 'expr', value: 'btype' }],
  [
    'JsonFuncExpr',
    {
      node: 'pathspec passing',
      value: 'op wrapper quotes',
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

const words = (text: string | undefined): readonly string[] => text?.split(' ') ?? [];

function fieldsOf(shape: Shape): ReadonlyMap<string, FieldKind> {
  return new Map<string, FieldKind>([
    ['location', { is: 'value' }],
    ...words(shape.node).map((field): [string, FieldKind] => [field, { is: 'node' }]),
    ...words(shape.value).map((field): [string, FieldKind] => [field, { is: 'value' }]),
    ...[...(shape.typed ?? [])].map(([field, type]): [string, FieldKind] => [field, { is: 'typed', type }]),
  ]);
}

export const NODE_SHAPES: ReadonlyMap<string, ReadonlyMap<string, FieldKind>> = new Map(
  SHAPES.map(([type, shape]) => [type, fieldsOf(shape)]),
);
