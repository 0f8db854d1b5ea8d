import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { ScriptDraft } from '#shared/contract/script-lifecycle.ts'

const seenDraft = z.object({ revision: z.number().int(), textHash: z.string() })
const file = z.record(z.string(), seenDraft)

export type SeenDraft = z.infer<typeof seenDraft>

/** Which drafts somebody at this computer has last read or sent, so that nobody overwrites what they have not seen. */
export interface SeenDrafts {
  of(scriptId: string): Promise<SeenDraft | undefined>
  saw(draft: ScriptDraft): Promise<void>
}

/** `who` is the service and the person, so that two people at one computer are two. */
export function createSeenDrafts(path: string, who: string): SeenDrafts {
  const read = async (): Promise<z.infer<typeof file>> => {
    try {
      return file.parse(JSON.parse(await readFile(path, 'utf8')))
    } catch {
      return {}
    }
  }
  return {
    of: async (scriptId) => (await read())[`${who} ${scriptId}`],
    saw: async ({ scriptId, revision, text }) => {
      const all = { ...(await read()), [`${who} ${scriptId}`]: { revision, textHash: hashOf(text) } }
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, `${JSON.stringify(all, null, 2)}\n`)
    },
  }
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')
