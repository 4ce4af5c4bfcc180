import type { Permission } from '../../src/kernel/permission.ts';

/**
 * Who may use what: a letter for each of ROLES (store_readonly, store_user, store_manager, store_admin, regional_manager,
 * super_admin, auditor), `y` or `-`. Written by hand, and compared with what the code makes of its own tables.
 */
export const MAY_USE: Readonly<Record<string, string>> = {
  get_current_utc_date: 'yyyyyy-',
  get_multiple_table_schemas: '-yyyyy-',
  execute_sales_query: '-yyyyy-',
  get_store_performance: 'yyyyyy-',
  sales_report: 'yyyyyy-',
  generate_business_insights: '--yyyy-',
  hybrid_product_search: 'yyyyyy-',
  semantic_search_products: 'yyyyyy-',
  get_product_recommendations: 'yyyyyy-',
  get_product: 'yyyyyy-',
  check_inventory: '-yyyyy-',
  search_audit_log: '-----yy',
  review_store: 'yyyyyy-',
  review_category: '-yyyyy-',
  explain_table: '-yyyyy-',
  'database://schema': '-yyyyy-',
  'database://schema/{table}': '-yyyyy-',
  'retail://stores': 'yyyyyy-',
  'catalog://products/{sku}': 'yyyyyy-',
};

/** What each takes, by hand as well: of two permissions that the same roles have only this tells one from the other. */
export const TAKES: Readonly<Record<string, Permission>> = {
  get_current_utc_date: 'read:basic_reports',
  get_multiple_table_schemas: 'read:analytics',
  execute_sales_query: 'read:analytics',
  get_store_performance: 'read:basic_reports',
  sales_report: 'read:basic_reports',
  generate_business_insights: 'read:reports',
  hybrid_product_search: 'read:products',
  semantic_search_products: 'read:products',
  get_product_recommendations: 'read:products',
  get_product: 'read:products',
  check_inventory: 'read:inventory',
  search_audit_log: 'read:audit',
  review_store: 'read:basic_reports',
  review_category: 'read:analytics',
  explain_table: 'read:analytics',
  'database://schema': 'read:analytics',
  'database://schema/{table}': 'read:analytics',
  'retail://stores': 'read:basic_reports',
  'catalog://products/{sku}': 'read:products',
};
