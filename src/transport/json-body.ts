import { ValidationError } from '../kernel/errors.ts';

/** Deeper than any honest request, and far from where a recursive walk would overflow the stack. */
const MAX_NESTING = 100;

/** Parses a body. Throws `ValidationError` for what is no JSON, or is nested past any use. */
export function parseJsonBody(text: string): unknown {
  if (mayBeNested(text) && nesting(text) > MAX_NESTING)
    throw new ValidationError(`The body is nested deeper than ${MAX_NESTING} levels.`);
  try {
    return JSON.parse(text);
  } catch {
    throw new ValidationError('The body is not valid JSON.');
  }
}

/** Whether there are brackets enough, in strings or not: a search that costs next to nothing, and spares most texts the other. */
function mayBeNested(text: string): boolean {
  let opened = 0;
  for (const bracket of ['{', '[']) {
    let at = text.indexOf(bracket);
    while (at !== -1 && opened <= MAX_NESTING) {
      opened += 1;
      at = text.indexOf(bracket, at + 1);
    }
  }
  return opened > MAX_NESTING;
}

/** How deep brackets go outside of strings; stops counting once it is too deep. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length && deepest <= MAX_NESTING; index += 1) {
    const char = text.charCodeAt(index);
    if (char === 0x22) quoted = !quoted;
    else if (quoted) index += char === 0x5c ? 1 : 0;
    else if (char === 0x5b || char === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (char === 0x5d || char === 0x7d) depth -= 1;
  }
  return deepest;
}
