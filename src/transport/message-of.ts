/** The members of a single JSON-RPC message or of its params; none of a batch, or of what is neither. */
export function messageOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
