import { z } from 'zod'

/* What the parts of the script format call things by. */

/** Lower-case words joined by hyphens, so that it reads as one name in a condition: `which-bin = "food"`. */
export const stepId = z
  .string()
  .max(60)
  .regex(
    /^(?!constructor$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'Use lower-case words joined by hyphens, such as which-bin',
  )

/** A field of the case, a fact of the council, or a decision table. */
export const fieldName = z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'Use one word in camelCase, such as binType')
