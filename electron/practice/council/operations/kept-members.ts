/** Members of a part of an operation that the contract does not know; a newer desk's are kept as they are. */
export function extraMembers(raw: Readonly<Record<string, unknown>>, part: string): Record<string, unknown> {
  const value = raw[part]
  return value !== null && typeof value === 'object' ? { ...value } : {}
}
