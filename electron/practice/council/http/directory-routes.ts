import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRoute, z } from '@hono/zod-openapi'
import { directory as directorySchema } from '#shared/contract/rest.ts'
import { bearer, failures, json, problems } from './describe.ts'
import { holds } from './entity-tags.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const directoryRoute = createRoute({
  method: 'get',
  path: '/v1/directory',
  summary: 'List whom an adviser may call or transfer to',
  description: 'With an entity tag, so that it is sent once.',
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
  summary: 'Fetch the name of a queue as a sound',
  description: 'For the adviser’s ear alone, of queues the adviser takes.',
  security: bearer,
  request: { params: z.object({ id: z.string().max(80) }) },
  responses: {
    200: { description: 'WAV', content: { 'audio/wav': { schema: z.string() } } },
    ...problems,
    ...failures('queue/no-whisper'),
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
