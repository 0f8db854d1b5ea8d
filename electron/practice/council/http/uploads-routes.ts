import { createHash } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { type Attachments, fileTypes, largestFileBytes, type Upload } from '../attachments.ts'
import type { SignedIn } from '../sessions.ts'
import { bearer, failures, problems } from './describe.ts'
import type { CouncilApp, Environment, Services } from './environment.ts'
import { ProblemError } from './problems.ts'
import { readUploadMetadata } from './upload-metadata.ts'

/* tus 1.0.0, https://tus.io/protocols/resumable-upload: core, creation, termination, expiration, checksum. */

const tusVersion = '1.0.0'
/** Bytes that are kept at once; a connection that breaks loses less than this. */
const pieceBytes = 256 * 1024
/** Bytes with a checksum are kept when it is known to be theirs, so they are in memory until then. */
const largestCheckedBytes = 4 * 1024 * 1024
/** By their names in the protocol and in Node. */
const checksums = ['sha1', 'sha256'] as const

const path = '/v1/uploads'
const upload = { params: z.object({ uploadId: z.string().max(80) }) }

const beginRoute = createRoute({
  method: 'post',
  path,
  summary: 'Begin to upload a file of a case',
  description:
    'tus creation. `Upload-Length` is at most 25 MB, `Upload-Metadata` has `caseId`, `filename` and `filetype`. `Location` ' +
    'is where the bytes go; the last part of it is the file’s identifier in the case’s `attachments` when all have arrived.',
  security: bearer,
  responses: {
    201: { description: 'Begun' },
    ...problems,
    ...failures(
      'tus/version',
      'upload/malformed',
      'upload/case-unknown',
      'upload/too-large',
      'upload/type-refused',
    ),
  },
})

const askRoute = createRoute({
  method: 'get',
  path: `${path}/{uploadId}`,
  summary: 'Ask how much of a file has arrived',
  description: 'tus core: asked with HEAD. `Upload-Offset` is where to go on.',
  security: bearer,
  request: upload,
  responses: { 200: { description: 'See the headers' }, ...problems, ...failures('upload/unknown') },
})

const addRoute = createRoute({
  method: 'patch',
  path: `${path}/{uploadId}`,
  summary: 'Add bytes to a file',
  description:
    'tus core and checksum (`sha1`, `sha256`; then at most 4 MB). What arrived before a connection broke is kept, but for ' +
    'bytes with a checksum, of which all or none are.',
  security: bearer,
  request: upload,
  responses: {
    204: { description: 'Kept; `Upload-Offset` is where to go on' },
    ...problems,
    ...failures(
      'tus/version',
      'upload/malformed',
      'upload/unknown',
      'upload/wrong-offset',
      'upload/whole',
      'upload/too-large',
      'upload/not-offset-octets',
      'upload/checksum-mismatch',
      'upload/checksum-unknown',
    ),
  },
})

const endRoute = createRoute({
  method: 'delete',
  path: `${path}/{uploadId}`,
  summary: 'Give up an upload, or delete the file',
  description: 'tus termination, by whoever uploaded it. A file that was listed stays listed as deleted.',
  security: bearer,
  request: upload,
  responses: { 204: { description: 'Gone' }, ...problems, ...failures('tus/version', 'upload/unknown') },
})

/** What the protocol says on every answer, and to OPTIONS, which comes before any sign-in. */
export const speakTus: MiddlewareHandler<Environment> = async (c, next) => {
  c.header('tus-resumable', tusVersion)
  if (c.req.method === 'OPTIONS') {
    c.header('tus-version', tusVersion)
    c.header('tus-extension', 'creation,termination,expiration,checksum')
    c.header('tus-max-size', String(largestFileBytes))
    c.header('tus-checksum-algorithm', checksums.join(','))
  }
  await next()
}

export function uploadsRoutes(app: CouncilApp, { attachments }: Services): void {
  for (const route of [beginRoute, askRoute, addRoute, endRoute]) app.openAPIRegistry.registerPath(route)

  app.post(path, async (c) => {
    requireTus(c)
    const { adviser, queueIds } = c.var.signedIn
    const sizeBytes = wholeNumber(c.req.header('upload-length'))
    if (sizeBytes > largestFileBytes) throw new ProblemError('upload/too-large')
    const { caseId, name, type } = readUploadMetadata(c.req.header('upload-metadata') ?? '')
    if (!fileTypes.includes(type)) throw new ProblemError('upload/type-refused')
    const scope = { adviserId: adviser.id, queueIds }
    const begun = await attachments.begin(adviser, scope, { caseId, name, type, sizeBytes })
    if (!begun) throw new ProblemError('upload/case-unknown')
    return c.body(null, 201, { location: `${path}/${begun.id}`, ...standing(begun) })
  })

  app.get(`${path}/:uploadId`, async (c) => {
    const found = await own(attachments, c.var.signedIn, c.req.param('uploadId'))
    return c.body(null, 200, {
      'upload-offset': String(found.arrivedBytes),
      'upload-length': String(found.sizeBytes),
      'cache-control': 'no-store',
      ...standing(found),
    })
  })

  app.patch(`${path}/:uploadId`, async (c) => {
    requireTus(c)
    if (c.req.header('content-type') !== 'application/offset+octet-stream')
      throw new ProblemError('upload/not-offset-octets')
    const offset = wholeNumber(c.req.header('upload-offset'))
    const found = await own(attachments, c.var.signedIn, c.req.param('uploadId'))
    if (found.state !== 'arriving') throw new ProblemError('upload/whole')
    if (offset !== found.arrivedBytes) throw new ProblemError('upload/wrong-offset')
    const length = Number(c.req.header('content-length') ?? 0)
    if (offset + length > found.sizeBytes) throw tooLarge()
    const checksum = c.req.header('upload-checksum')
    const pieces =
      checksum === undefined
        ? inPieces(bodyOf(c), found.sizeBytes - offset)
        : checked(bodyOf(c), checksum, found.sizeBytes - offset)
    let arrived = offset
    for await (const piece of pieces) {
      const next = await attachments.append(c.var.signedIn.adviser, found.id, arrived, piece)
      if (next === undefined) throw new ProblemError('upload/wrong-offset')
      arrived = next
    }
    return c.body(null, 204, { 'upload-offset': String(arrived), ...standing(found) })
  })

  app.delete(`${path}/:uploadId`, async (c) => {
    requireTus(c)
    const found = await own(attachments, c.var.signedIn, c.req.param('uploadId'))
    await attachments.remove(found.id)
    return c.body(null, 204)
  })
}

async function own(attachments: Attachments, { adviser }: SignedIn, id: string): Promise<Upload> {
  const found = id.includes('\0') ? undefined : await attachments.own(adviser.id, id)
  if (!found || found.state === 'deleted') throw new ProblemError('upload/unknown')
  return found
}

/** The protocol's headers: a finished upload does not expire. */
const standing = ({ state, expiresAt }: Upload): Record<string, string> =>
  state === 'arriving' ? { 'upload-expires': new Date(expiresAt).toUTCString() } : {}

function requireTus(c: Context): void {
  if (c.req.header('tus-resumable') === tusVersion) return
  throw new ProblemError('tus/version', undefined, { 'tus-version': tusVersion })
}

function wholeNumber(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw new ProblemError('upload/malformed')
  return Number(text)
}

type Bytes = AsyncIterable<Uint8Array>
const bodyOf = (c: Context): Bytes =>
  c.req.raw.body ?? new ReadableStream<Uint8Array>({ start: (s) => s.close() })

/** The rest of the body is not read, so the connection is of no more use. */
const tooLarge = () => new ProblemError('upload/too-large', undefined, { connection: 'close' })

/** What came before a connection broke comes first; then the failure. */
async function* inPieces(body: Bytes, mostBytes: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let heldBytes = 0
  let total = 0
  let failure: unknown
  try {
    for await (const chunk of body) {
      total += chunk.length
      if (total > mostBytes) throw tooLarge()
      held.push(chunk)
      heldBytes += chunk.length
      if (heldBytes < pieceBytes) continue
      const piece = Buffer.concat(held)
      held = []
      heldBytes = 0
      yield piece
    }
  } catch (error) {
    failure = error
  }
  if (heldBytes > 0) yield Buffer.concat(held)
  if (failure !== undefined) throw failure
}

/** All of the body when it is what the checksum says, else nothing. */
async function* checked(body: Bytes, checksum: string, mostBytes: number): AsyncGenerator<Uint8Array> {
  const [algorithm = '', expected = ''] = checksum.split(' ')
  if (!checksums.some((each) => each === algorithm)) throw new ProblemError('upload/checksum-unknown')
  const held: Uint8Array[] = []
  let total = 0
  for await (const chunk of body) {
    total += chunk.length
    if (total > mostBytes || total > largestCheckedBytes) throw tooLarge()
    held.push(chunk)
  }
  const bytes = Buffer.concat(held)
  if (createHash(algorithm).update(bytes).digest('base64') !== expected)
    throw new ProblemError('upload/checksum-mismatch')
  yield bytes
}
