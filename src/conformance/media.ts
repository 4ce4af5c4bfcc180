import type { Content } from '../kernel/content.ts';

/** One red pixel. */
export const PIXEL: Content = {
  type: 'image',
  data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  mimeType: 'image/png',
};

/** A sound without samples. */
export const SILENCE: Content = {
  type: 'audio',
  data: 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=',
  mimeType: 'audio/wav',
};

export function embedded(uri: string, text: string, mimeType = 'text/plain'): Content {
  return { type: 'resource', resource: { uri, mimeType, text } };
}
