import { QueryRefusedError } from '../kernel/errors.ts';

/** Every reason for which the guard refuses a text. Callers and dashboards rely on these names: add, never rename. */
export const REFUSAL_CODES = [
  'SQL_EMPTY',
  'SQL_BAD_CHARACTER',
  'SQL_TOO_LONG',
  'SQL_TOO_DEEP',
  'SQL_TOO_COMPLEX',
  'SQL_SYNTAX',
  'SQL_PARSER_UNAVAILABLE',
  'SQL_MULTIPLE_STATEMENTS',
  'SQL_NOT_A_SELECT',
  'SQL_INTO_NOT_ALLOWED',
  'SQL_LOCKING_NOT_ALLOWED',
  'SQL_PARAMETER_NOT_ALLOWED',
  'SQL_TABLE_NOT_ALLOWED',
  'SQL_COLUMN_NOT_ALLOWED',
  'SQL_FIELD_NOT_ALLOWED',
  'SQL_FUNCTION_NOT_ALLOWED',
  'SQL_ARGUMENT_NOT_ALLOWED',
  'SQL_OPERATOR_NOT_ALLOWED',
  'SQL_TYPE_NOT_ALLOWED',
  'SQL_CONSTRUCT_NOT_ALLOWED',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Ends the judging of one text; `createGuard` turns it into a verdict. `position` counts UTF-16 units from 0. */
export class Refusal extends QueryRefusedError {
  readonly position: number | undefined;

  constructor(code: RefusalCode, message: string, position?: number) {
    super(code, message);
    this.position = position;
  }
}
