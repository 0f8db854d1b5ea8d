import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRoute, z } from '@hono/zod-openapi'
import { directory as directorySchema } from '#shared/contract/rest.ts'
import { bearer, json, problems } from './describe.ts'
import { holds } from './entity-tags.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const directoryRoute = createRoute({
  method: 'get',
  path: '/v1/directory',
  summary: 'Whom an adviser may call or transfer to',
  security: bearer,
  responses: {
    200: json(directorySchema, 'Directory'),
    304: { description: 'The caller has it' },
    ...problems,
  },
})

const whisperRoute = createRoute({
  method: 'get',
  path: '/v1/queues/{id}/whisper',
  summary: 'The queue’s name as a sound, for the adviser’s ear alone; 404 when there is none',
  security: bearer,
  request: { params: z.object({ id: z.string().max(80) }) },
  responses: {
    200: { description: 'WAV', content: { 'audio/wav': { schema: z.string() } } },
    ...problems,
  },
})

export function directoryRoutes(app: CouncilApp, { directory, whispersFolder }: Services): void {
  app.openAPIRegistry.registerPath(directoryRoute)
  app.get(directoryRoute.path, (c) => {
    // Weak, because `asAt` differs from answer to answer.
    c.header('etag', `W/"${directory.hash}"`)
    c.header('cache-control', 'private, no-cache')
    if (holds(c.req.header('if-none-match'), directory.hash)) return c.body(null, 304)
    return c.json(directory.read(), 200)
  })

  app.openAPIRegistry.registerPath(whisperRoute)
  app.get('/v1/queues/:id/whisper', async (c) => {
    const { id } = c.req.param()
    const takes = c.var.signedIn.queueIds.includes(id)
    const sound = takes && whispersFolder !== null ? await readSound(join(whispersFolder, `${id}.wav`)) : null
    if (sound === null) throw new ProblemError('queue/no-whisper')
    return c.body(sound, 200, { 'content-type': 'audio/wav' })
  })
}

async function readSound(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await readFile(file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
