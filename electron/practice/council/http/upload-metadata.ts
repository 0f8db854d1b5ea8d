import { ProblemError } from './problems.ts'

const longestName = 200

/** What `Upload-Metadata` says: pairs of a key and a value in base64, divided by commas. */
export function readUploadMetadata(header: string): { caseId: string; name: string; type: string } {
  const values = new Map(
    header.split(',').map((pair): [string, string] => {
      const [key = '', value = ''] = pair.trim().split(' ')
      return [key, decoded(value)]
    }),
  )
  const caseId = values.get('caseId') ?? ''
  const name = fileName(values.get('filename') ?? '')
  const type = values.get('filetype') ?? ''
  if (caseId === '' || caseId.length > 80 || caseId.includes('\0') || name === '')
    throw new ProblemError('upload/malformed')
  return { caseId, name, type }
}

function decoded(base64: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    throw new ProblemError('upload/malformed')
  }
}

/** A name and nothing else: no folders, nothing that turns the reading direction round or ends a line. */
const fileName = (text: string): string =>
  text
    .replace(/[\p{C}/\\]/gu, '_')
    .trim()
    .slice(0, longestName)
