import { z } from 'zod'

/** The file IT puts on a desk (`adviser-desktop.json`). Without one the desk starts in practice mode. */
export const config = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('practice') }),
  z.strictObject({
    mode: z.literal('live'),
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
