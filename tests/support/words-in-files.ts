import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes that begin a word: most places in a file can be passed over by looking at three. */
const keyBits = 24

/**
 * Looks for words, as UTF-8 and as UTF-16, in every file of a folder. Answers `WORD in FILE` for each that is found, and
 * how many bytes were looked at. A word needs at least five bytes.
 */
export function wordsInFiles(
  folder: string,
  words: readonly string[],
): { readonly found: readonly string[]; readonly searchedBytes: number } {
  const needles = words.flatMap((word) => [
    { word, bytes: Buffer.from(word, 'utf8') },
    { word, bytes: Buffer.from(word, 'utf16le') },
  ])
  const begins = new Uint8Array(1 << keyBits)
  const byKey = new Map<number, { readonly word: string; readonly bytes: Buffer }[]>()
  for (const needle of needles) {
    if (needle.bytes.length < 5) throw new Error(`"${needle.word}" is too short to look for`)
    const key = needle.bytes.readUIntBE(0, 3)
    begins[key] = 1
    byKey.set(key, [...(byKey.get(key) ?? []), needle])
  }
  const found = new Set<string>()
  let searchedBytes = 0
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const bytes = readFileSync(join(file.parentPath, file.name))
    searchedBytes += bytes.length
    let key = 0
    for (let at = 0; at < bytes.length; at++) {
      key = ((key << 8) | (bytes[at] ?? 0)) & 0xff_ffff
      if (begins[key] !== 1 || at < 2) continue
      for (const needle of byKey.get(key) ?? []) {
        const start = at - 2
        if (bytes.subarray(start, start + needle.bytes.length).equals(needle.bytes)) {
          found.add(`${needle.word} in ${file.name}`)
        }
      }
    }
  }
  return { found: [...found], searchedBytes }
}
