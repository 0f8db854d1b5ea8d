import { z } from 'zod'

/** The desk asks for the password again when nobody touched it for so long and no call is up; 0 never, 15 when not said. */
const lockAfterIdleMinutes = z.number().int().min(0).max(480).optional()

/** The file IT puts on a desk (`adviser-desktop.json`). Without one the desk starts in practice mode. */
export const config = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('practice'), lockAfterIdleMinutes }),
  z.strictObject({
    mode: z.literal('live'),
    lockAfterIdleMinutes,
    council: z.strictObject({
      name: z.string().min(1),
      /** Base address of the council's backend, for example `https://desk.example.org`. */
      url: z.url({ protocol: /^https?$/ }),
    }),
  }),
])

export type Config = z.infer<typeof config>

/** What is wrong with the file, in words for the person who can mend it. */
export const configProblem = z.object({
  file: z.string(),
  /** Dotted path of the field, empty when the whole file is the problem. */
  field: z.string(),
  problem: z.string(),
  fix: z.string(),
})

export type ConfigProblem = z.infer<typeof configProblem>
