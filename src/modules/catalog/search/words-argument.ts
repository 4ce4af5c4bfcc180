import { z } from 'zod';

/** What is searched for, as somebody says it. PostgreSQL has no text with a NUL in it. */
export const words = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine((text) => !text.includes('\0'), 'must not have a NUL character in it');
