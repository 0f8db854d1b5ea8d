/** Bytes written one after another into memory that grows. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  length = 0

  constructor(room = 1 << 16) {
    this.#bytes = new Uint8Array(room)
  }

  clear(): void {
    this.length = 0
  }

  byte(value: number): void {
    if (this.length === this.#bytes.length) this.#grow(1)
    this.#bytes[this.length] = value
    this.length += 1
  }

  /** Seven bits a byte, the lowest first, the highest bit set on all but the last. */
  number(value: number): void {
    let left = value
    while (left > 127) {
      this.byte((left & 127) | 128)
      left >>>= 7
    }
    this.byte(left)
  }

  copy(from: Uint8Array, start: number, end: number): void {
    const count = end - start
    if (this.length + count > this.#bytes.length) this.#grow(count)
    if (count < 32)
      for (let at = 0; at < count; at += 1) this.#bytes[this.length + at] = from[start + at] as number
    else this.#bytes.set(from.subarray(start, end), this.length)
    this.length += count
  }

  /** Room for so many bytes, to be written through the answer. */
  reserve(count: number): Uint8Array<ArrayBuffer> {
    if (this.length + count > this.#bytes.length) this.#grow(count)
    const reserved = this.#bytes.subarray(this.length, this.length + count)
    this.length += count
    return reserved
  }

  written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length)
  }

  #grow(least: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + least))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

/** Thrown when a segment says what no builder wrote, in spite of its checksum: a bug or bad memory. */
export const damaged = (): Error => new Error('a search segment is damaged')
