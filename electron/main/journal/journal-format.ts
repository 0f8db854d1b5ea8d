import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/*
 * The journal file, version 1. Numbers are big-endian.
 *
 *   file    header frame*
 *   header  "ADVJNL" 0 1 · salt 16 · nonce 12 · tag 16           tag over the first 24 bytes: tells a wrong key
 *   frame   "JRNF" · sequence 8 · length 4 · nonce 12 · text · tag 16
 *
 * The key of a file is HKDF-SHA256(data key, its salt). A frame's first 16 bytes are its additional data, so no frame
 * can be changed, cut, or moved into another file. The mark lets a reader find the next frame behind a damaged one.
 */

const magic = Buffer.from('ADVJNL\0\u0001', 'latin1')
const mark = Buffer.from('JRNF', 'latin1')
const saltBytes = 16
const nonceBytes = 12
const tagBytes = 16
const frameHeadBytes = 16
const frameExtraBytes = frameHeadBytes + nonceBytes + tagBytes
const largestTextBytes = 16 * 1024 * 1024

export const headerBytes = magic.length + saltBytes + nonceBytes + tagBytes

export interface FileKey {
  readonly salt: Buffer
  readonly key: Buffer
}

export type Header =
  | { readonly name: 'ok'; readonly fileKey: FileKey }
  /** Shorter than a header: the crash came while the file was made, and nothing was ever in it. */
  | { readonly name: 'incomplete' }
  /** Another key, another format, or damage to the header itself. */
  | { readonly name: 'unreadable' }

export interface Frames {
  readonly texts: readonly string[]
  /** Number for the next frame. */
  readonly nextSequence: number
  /** End of the last good frame. */
  readonly goodBytes: number
  /** Bytes that are no frame, between good ones. A crash does not do that; a failing disk does. */
  readonly damagedInsideBytes: number
}

export function newFileKey(dataKey: Uint8Array): FileKey {
  return fileKeyFor(dataKey, randomBytes(saltBytes))
}

function fileKeyFor(dataKey: Uint8Array, salt: Buffer): FileKey {
  return { salt, key: Buffer.from(hkdfSync('sha256', dataKey, salt, 'adviser-desktop/journal/1', 32)) }
}

export function encodeHeader(fileKey: FileKey): Buffer {
  const start = Buffer.concat([magic, fileKey.salt])
  return Buffer.concat([start, seal(fileKey, start, Buffer.alloc(0))])
}

export function readHeader(file: Buffer, dataKey: Uint8Array): Header {
  if (file.length < headerBytes) return { name: 'incomplete' }
  const start = file.subarray(0, magic.length + saltBytes)
  if (!start.subarray(0, magic.length).equals(magic)) return { name: 'unreadable' }
  const fileKey = fileKeyFor(dataKey, Buffer.from(start.subarray(magic.length)))
  const isOurs = open(fileKey, start, file.subarray(start.length, headerBytes)) !== undefined
  return isOurs ? { name: 'ok', fileKey } : { name: 'unreadable' }
}

export function encodeFrame(fileKey: FileKey, sequence: number, text: string): Buffer {
  const plain = Buffer.from(text, 'utf8')
  if (plain.length > largestTextBytes) throw new RangeError('journal frame is too large')
  const head = Buffer.alloc(frameHeadBytes)
  mark.copy(head)
  head.writeBigUInt64BE(BigInt(sequence), 4)
  head.writeUInt32BE(plain.length, 12)
  return Buffer.concat([head, seal(fileKey, head, plain)])
}

/** Reads all frames that are whole, whatever lies between or behind them. */
export function readFrames(file: Buffer, fileKey: FileKey): Frames {
  const texts: string[] = []
  let goodBytes = headerBytes
  let damagedInsideBytes = 0
  let nextSequence = 1
  for (let at = headerBytes; at !== -1; ) {
    const frame = readFrame(file, at, fileKey)
    if (!frame) {
      at = file.indexOf(mark, at + 1)
      continue
    }
    texts.push(frame.text)
    nextSequence = Math.max(nextSequence, frame.sequence + 1)
    damagedInsideBytes += at - goodBytes
    at += frame.bytes
    goodBytes = at
  }
  return { texts, nextSequence, goodBytes, damagedInsideBytes }
}

function readFrame(
  file: Buffer,
  at: number,
  fileKey: FileKey,
): { text: string; sequence: number; bytes: number } | undefined {
  if (at + frameExtraBytes > file.length) return
  const head = file.subarray(at, at + frameHeadBytes)
  if (!head.subarray(0, mark.length).equals(mark)) return
  const bytes = frameExtraBytes + head.readUInt32BE(12)
  if (at + bytes > file.length) return
  const plain = open(fileKey, head, file.subarray(at + frameHeadBytes, at + bytes))
  return plain && { text: plain.toString('utf8'), sequence: Number(head.readBigUInt64BE(4)), bytes }
}

/** AES-256-GCM: nonce, encrypted text, tag. */
function seal(fileKey: FileKey, additional: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', fileKey.key, nonce)
  cipher.setAAD(additional)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function open(fileKey: FileKey, additional: Buffer, sealed: Buffer): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-gcm', fileKey.key, sealed.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(additional)
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
  try {
    const text = sealed.subarray(nonceBytes, sealed.length - tagBytes)
    return Buffer.concat([decipher.update(text), decipher.final()])
  } catch {
    return
  }
}
