import type { CasesErrorCode } from '#shared/cases/errors.ts'
import type { Unreachable } from '#shared/contract/records.ts'
import type { AppError } from '#shared/kernel/app-error.ts'

/** Which of the reasons people are told an error comes under. */
export function reasonOf(error: AppError): Unreachable {
  switch (error.code as CasesErrorCode) {
    case 'cases/no-network':
      return 'no-network'
    case 'cases/council-unreachable':
      return 'council-unreachable'
    case 'cases/captive-portal':
      return 'captive-portal'
    case 'cases/sign-in-needed':
      return 'sign-in-needed'
    default:
      return 'council-error'
  }
}
