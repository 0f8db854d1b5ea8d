import type { FieldValue } from '#shared/contract/rest.ts'

/**
 * What a service's cases are made of. `{street}` and `{FIELD}` in a text are the resident's street and the case's
 * value of the field. Codes are the LGA's: LGSL for the service, LGIL for the interaction.
 */
export interface ServiceStory {
  readonly serviceCode: number
  readonly interactionCode: number
  readonly name: string
  readonly queueId: string
  /** How often it comes, beside the others. */
  readonly share: number
  readonly subjects: readonly string[]
  readonly fields: Readonly<Record<string, readonly FieldValue[]>>
  /** What the first adviser wrote. */
  readonly opened: readonly string[]
  readonly worked: readonly string[]
  /** Why it waits for the resident. */
  readonly waiting: readonly string[]
  readonly done: readonly string[]
}
