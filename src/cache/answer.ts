import type { AnswerOrigin, ToolResult } from '../kernel/tool.ts';

/** An answer as it is kept: text, which nobody can change, and whose size is known. */
export interface Answer {
  /** The structured result as JSON. */
  readonly serialized: string;
  readonly text: string;
}

/** An answer that is given again. Its structure is read from the text when it is asked for: who sends the text needs none. */
export class GivenAnswer implements ToolResult<unknown> {
  readonly serialized: string;
  readonly text: string;
  readonly origin: AnswerOrigin;

  constructor({ serialized, text }: Answer, origin: AnswerOrigin) {
    this.serialized = serialized;
    this.text = text;
    this.origin = origin;
  }

  /** Each time anew, so that no caller can change another's. */
  get structured(): unknown {
    return JSON.parse(this.serialized);
  }
}
