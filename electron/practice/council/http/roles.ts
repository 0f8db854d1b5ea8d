import type { Role } from '#shared/contract/rest.ts'
import type { SignedIn } from '../sessions.ts'
import { ProblemError } from './problems.ts'

const nouns: Readonly<Record<Role, string>> = {
  editor: 'an editor of scripts',
  approver: 'an approver of scripts',
  supervisor: 'a supervisor',
  auditor: 'an auditor',
}

/** Refuses whoever has none of the roles, and says which it takes. */
export function requireRole({ roles }: SignedIn, ...needed: readonly Role[]): void {
  if (needed.some((role) => roles.includes(role))) return
  throw new ProblemError('role/needed', `It takes ${needed.map((role) => nouns[role]).join(' or ')}.`)
}
