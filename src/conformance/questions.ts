import type { Question } from '../kernel/client-link.ts';

/** A question for one text. */
export function askFor(field: string, message: string): Question {
  return form(message, { [field]: { type: 'string' } });
}

export function form(
  message: string,
  properties: Question['schema']['properties'],
  required = Object.keys(properties),
): Question {
  return { message, schema: { type: 'object', properties, required } };
}

export const CONFIRMATION = form('Please confirm', { ok: { type: 'boolean' } });

/** A default of each kind. */
export const DEFAULTS = form(
  'Please check these values',
  {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
  [],
);

const OPTIONS = ['option1', 'option2', 'option3'];
const titled = (...titles: readonly string[]) =>
  titles.map((title, index) => ({ const: `value${index + 1}`, title }));

/** A choice of each kind. */
export const CHOICES = form(
  'Please choose',
  {
    untitledSingle: { type: 'string', enum: OPTIONS },
    titledSingle: { type: 'string', oneOf: titled('First Option', 'Second Option', 'Third Option') },
    legacyEnum: {
      ...{ type: 'string', enum: ['opt1', 'opt2', 'opt3'] },
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: OPTIONS } },
    titledMulti: {
      ...{ type: 'array' },
      items: { anyOf: titled('First Choice', 'Second Choice', 'Third Choice') },
    },
  },
  [],
);
