/**
 * Every node type of PostgreSQL's grammar that `node-shapes.ts` does not allow, by the reason. Nothing looks here to
 * decide: a type that is allowed nowhere is refused. The list is kept so that a new parser version shows what it has added
 * (a test compares) and somebody says why it stays out.
 */
export const REFUSED_NODES = {
  'changes data or its definition, or the session, or locks': `
    InsertStmt UpdateStmt DeleteStmt MergeStmt TruncateStmt CopyStmt LockStmt
    CreateStmt CreateTableAsStmt CreateSchemaStmt CreateExtensionStmt CreateFunctionStmt CreateDomainStmt CreateEnumStmt
    CreateRangeStmt CompositeTypeStmt CreateSeqStmt CreateStatsStmt CreateTrigStmt CreateEventTrigStmt CreatePolicyStmt
    CreateRoleStmt CreateAmStmt CreatePLangStmt CreateCastStmt CreateConversionStmt CreateTransformStmt CreateOpClassStmt
    CreateOpFamilyStmt CreateTableSpaceStmt CreatedbStmt CreateFdwStmt CreateForeignServerStmt CreateForeignTableStmt
    CreateUserMappingStmt CreatePublicationStmt CreateSubscriptionStmt ImportForeignSchemaStmt DefineStmt IndexStmt RuleStmt
    ViewStmt AlterTableStmt AlterTableMoveAllStmt AlterTableSpaceOptionsStmt AlterCollationStmt AlterDatabaseStmt
    AlterDatabaseRefreshCollStmt AlterDatabaseSetStmt AlterDefaultPrivilegesStmt AlterDomainStmt AlterEnumStmt
    AlterEventTrigStmt AlterExtensionStmt AlterExtensionContentsStmt AlterFdwStmt AlterForeignServerStmt AlterFunctionStmt
    AlterObjectDependsStmt AlterObjectSchemaStmt AlterOpFamilyStmt AlterOperatorStmt AlterOwnerStmt AlterPolicyStmt
    AlterPublicationStmt AlterRoleStmt AlterRoleSetStmt AlterSeqStmt AlterStatsStmt AlterSubscriptionStmt AlterSystemStmt
    AlterTSConfigurationStmt AlterTSDictionaryStmt AlterTypeStmt AlterUserMappingStmt DropStmt DropOwnedStmt DropRoleStmt
    DropSubscriptionStmt DropTableSpaceStmt DropUserMappingStmt DropdbStmt ReassignOwnedStmt RenameStmt CommentStmt
    SecLabelStmt GrantStmt GrantRoleStmt RefreshMatViewStmt ReindexStmt ClusterStmt VacuumStmt CheckPointStmt
    ReplicaIdentityStmt VariableSetStmt ConstraintsSetStmt DiscardStmt TransactionStmt ListenStmt NotifyStmt UnlistenStmt`,
  'runs something given as text, under a name or in another language': `
    CallStmt CallContext DoStmt InlineCodeBlock LoadStmt PrepareStmt ExecuteStmt DeallocateStmt DeclareCursorStmt FetchStmt
    ClosePortalStmt`,
  'tells of the server, not of the data': 'ExplainStmt VariableShowStmt',
  'stands only inside of functions, not in a query': 'ReturnStmt PLAssignStmt',
  'part of a statement that is refused': `
    RawStmt DefElem RoleSpec ObjectWithArgs AccessPriv FunctionParameter TableLikeClause Constraint IndexElem StatsElem
    PartitionElem PartitionSpec PartitionBoundSpec PartitionRangeDatum PartitionCmd AlterTableCmd ATAlterConstraint
    CreateOpClassItem TriggerTransition PublicationTable PublicationObjSpec VacuumRelation IntoClause LockingClause
    InferClause OnConflictClause MergeWhenClause ReturningClause ReturningOption MultiAssignRef CurrentOfExpr SetToDefault
    MergeSupportFunc`,
  'a placeholder, where nobody gives a value': 'ParamRef',
  'XML: its parser expands entities and its functions take SQL as text': `
    XmlExpr XmlSerialize RangeTableFunc RangeTableFuncCol`,
  "made by PostgreSQL's analysis and planning, never from text": `
    Query RangeTblEntry RTEPermissionInfo RangeTblFunction RangeTblRef TableFunc TableSampleClause TargetEntry FromExpr
    OnConflictExpr MergeAction WithCheckOption SortGroupClause WindowClause RowMarkClause SetOperationStmt InferenceElem
    Var Param Aggref WindowFunc WindowFuncRunCondition SubscriptingRef FuncExpr OpExpr DistinctExpr NullIfExpr
    ScalarArrayOpExpr SubPlan AlternativeSubPlan FieldSelect FieldStore RelabelType CoerceViaIO ArrayCoerceExpr
    ConvertRowtypeExpr CollateExpr CaseTestExpr ArrayExpr RowCompareExpr CoerceToDomain CoerceToDomainValue NextValueExpr
    ReturningExpr JsonConstructorExpr JsonExpr JsonTablePath JsonTablePathScan JsonTableSiblingJoin OidList IntList`,
  "libpg-query's own answers, not nodes":
    'ParseResult ScanResult ScanToken SummaryResult Table Function FilterColumn',
} as const;
