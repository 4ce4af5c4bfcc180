/** What a tool may demand of its caller, as `verb:thing`. A tool names exactly one. */
export const PERMISSIONS = ['read:analytics'] as const;

export type Permission = (typeof PERMISSIONS)[number];
