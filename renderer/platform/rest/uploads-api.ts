import type { CouncilApi } from '#shared/cases/council-api.ts'
import type { CasesErrorCode } from '#shared/cases/errors.ts'
import { appError } from '#shared/kernel/app-error.ts'
import { err, ok, type Result } from '#shared/kernel/result.ts'
import type { Call, Wire } from './wire.ts'

type UploadsApi = Pick<
  CouncilApi,
  'beginUpload' | 'uploadedBytes' | 'uploadChunk' | 'endUpload' | 'attachment'
>

export type Sha256 = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>

const tus = { 'Tus-Resumable': '1.0.0' }
const path = '/v1/uploads'
const chunkTimeoutMs = 30_000
const fileTimeoutMs = 60_000

/** Files of cases, by tus 1.0.0: each call is one request, and how far a file is is asked of the service. */
export function createUploadsApi(
  { send, refusal, notTheCouncil }: Wire,
  sha256: Sha256 = platformSha256,
): UploadsApi {
  const placeOf = (uploadId: string) => `${path}/${encodeURIComponent(uploadId)}`
  /** `expected` is the status of success; anything else is no answer of this protocol. */
  const speak = <T>(
    call: Call,
    expected: number,
    read: (response: Response) => Result<T>,
  ): Promise<Result<T>> =>
    send({ ...call, headers: { ...tus, ...call.headers } }, async (response) => {
      if (!response.ok) return refusal(call, response)
      await response.body?.cancel()
      return response.status === expected ? read(response) : notTheCouncil(response)
    })

  return {
    beginUpload: ({ caseId, name, type, sizeBytes }) => {
      const headers = {
        'Upload-Length': String(sizeBytes),
        'Upload-Metadata': metadata({ caseId, filename: name, filetype: type }),
      }
      return speak({ method: 'POST', path, headers }, 201, (response) => {
        const uploadId = response.headers.get('location')?.split('/').at(-1) ?? ''
        const expiresAt = Date.parse(response.headers.get('upload-expires') ?? '')
        if (uploadId === '') return malformed('POST')
        return ok({ uploadId, expiresAt: Number.isNaN(expiresAt) ? null : expiresAt })
      })
    },
    uploadedBytes: (uploadId) =>
      speak({ method: 'HEAD', path: placeOf(uploadId) }, 200, (response) => offsetOf(response, 'HEAD')),
    uploadChunk: async (uploadId, offsetBytes, bytes) => {
      const headers = {
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': String(offsetBytes),
        'Upload-Checksum': `sha256 ${base64(await sha256(bytes))}`,
      }
      const call: Call = {
        method: 'PATCH',
        path: placeOf(uploadId),
        bytes,
        headers,
        timeoutMs: chunkTimeoutMs,
      }
      return speak(call, 204, (response) => offsetOf(response, 'PATCH'))
    },
    endUpload: (uploadId) => speak({ method: 'DELETE', path: placeOf(uploadId) }, 204, () => ok(null)),
    attachment: (attachmentId) => {
      const call: Call = {
        method: 'GET',
        path: `/v1/attachments/${encodeURIComponent(attachmentId)}`,
        accept: '*/*',
        timeoutMs: fileTimeoutMs,
      }
      return send(call, async (response) => {
        if (!response.ok) return refusal(call, response)
        const name = nameIn(response.headers.get('content-disposition'))
        // The page of a captive portal is no download.
        if (name === null) return notTheCouncil(response)
        const type = response.headers.get('content-type') ?? 'application/octet-stream'
        return ok({ name, type, bytes: await response.arrayBuffer() })
      })
    },
  }
}

const platformSha256: Sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))

const malformed = (method: string): Result<never> =>
  err(appError('cases/malformed-answer' satisfies CasesErrorCode, 'later', `${method} ${path}`))

function offsetOf(response: Response, method: string): Result<number> {
  const text = response.headers.get('upload-offset') ?? ''
  return /^\d{1,15}$/.test(text) ? ok(Number(text)) : malformed(method)
}

const metadata = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${base64(new TextEncoder().encode(value))}`)
    .join(',')

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

/** RFC 6266 and RFC 8187. */
function nameIn(disposition: string | null): string | null {
  const encoded = /^attachment;.*filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded)
  } catch {
    return null
  }
}
