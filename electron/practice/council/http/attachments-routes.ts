import { createRoute, z } from '@hono/zod-openapi'
import { bearer, failures, problems } from './describe.ts'
import type { CouncilApp, Services } from './environment.ts'
import { ProblemError } from './problems.ts'

const route = createRoute({
  method: 'get',
  path: '/v1/attachments/{attachmentId}',
  summary: 'Read a file of a case',
  description: 'Of a case in the adviser’s scope. Every reading is kept for audit.',
  security: bearer,
  request: { params: z.object({ attachmentId: z.string().max(80) }) },
  responses: {
    200: {
      description: 'The file',
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    ...problems,
    ...failures('attachment/unknown', 'attachment/gone'),
  },
})

export function attachmentsRoutes(app: CouncilApp, { attachments, readAudit }: Services): void {
  app.openAPIRegistry.registerPath(route)
  app.get('/v1/attachments/:attachmentId', async (c) => {
    const id = c.req.param('attachmentId')
    const { adviser, queueIds } = c.var.signedIn
    const found = id.includes('\0')
      ? undefined
      : await attachments.find({ adviserId: adviser.id, queueIds }, id)
    if (!found) throw new ProblemError('attachment/unknown')
    if (found.state === 'deleted') throw new ProblemError('attachment/gone')
    await readAudit.opened(adviser.id, 'attachment', id)
    const name = encodeURIComponent(found.name).replace(
      /['()*]/g,
      (each) => `%${each.charCodeAt(0).toString(16)}`,
    )
    return c.body(ReadableStream.from(attachments.read(id)) as ReadableStream<Uint8Array>, 200, {
      'content-type': found.type,
      'content-length': String(found.sizeBytes),
      // Whatever it is, it is shown by nobody but the desk (RFC 6266).
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
  })
}
