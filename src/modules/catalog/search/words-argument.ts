import { z } from 'zod';

/** What is searched for, as somebody says it. */
export const words = z.string().trim().min(1).max(500);
