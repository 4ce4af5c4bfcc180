import { z } from 'zod';
import type { Clock } from '../../../kernel/clock.ts';
import { defineTool, READ_ONLY, type Tool } from '../../../kernel/tool.ts';

const FORMATS = ['iso', 'epoch', 'date_only'] as const;

function write(now: number, format: (typeof FORMATS)[number]): string {
  if (format === 'epoch') return String(Math.floor(now / 1000));
  const iso = new Date(now).toISOString();
  return format === 'iso' ? iso : iso.slice(0, 10);
}

export function getCurrentUtcDate(clock: Clock): Tool {
  return defineTool({
    name: 'get_current_utc_date',
    title: 'Current UTC date',
    description: 'The date and time now, in UTC.',
    input: z.strictObject({
      format: z.enum(FORMATS).default('iso').describe('epoch: Unix seconds'),
    }),
    output: z.object({ utc: z.string() }),
    permission: 'read:basic_reports',
    annotations: READ_ONLY,
    async run({ format }) {
      const utc = write(clock.now(), format);
      return { structured: { utc }, text: utc };
    },
  });
}
