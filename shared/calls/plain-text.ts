/**
 * Text from the network as it may be shown: control characters, bidirectional overrides, zero-width characters and
 * half surrogates removed, white space run together, at most `maxLength` characters. Never markup.
 */
export function plainText(text: string, maxLength: number): string {
  // More than is kept, less than would cost time on a hostile header.
  const bounded = text.slice(0, maxLength * 8)
  const cleaned = [...bounded]
    .filter((character) => !isHidden(character.codePointAt(0) ?? 0))
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
  return [...cleaned].slice(0, maxLength).join('').trim()
}

function isHidden(code: number): boolean {
  // White space among the control characters is kept for now: it becomes one blank.
  if (code === 0x09 || code === 0x0a || code === 0x0d) return false
  return hiddenRanges.some(([from, to]) => code >= from && code <= to)
}

const hiddenRanges: readonly (readonly [number, number])[] = [
  [0x00, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad], // soft hyphen
  [0x061c, 0x061c], // Arabic letter mark
  [0x180e, 0x180e],
  [0x200b, 0x200f], // zero width, direction marks
  [0x202a, 0x202e], // embeddings and overrides
  [0x2060, 0x206f], // word joiner, isolates, deprecated format characters
  [0xd800, 0xdfff], // half surrogates
  [0xfeff, 0xfeff],
  [0xfff9, 0xfffb],
  [0xe0000, 0xe007f], // tags
]
