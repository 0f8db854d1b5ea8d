/** Part of what a value is bound to. The layout of the database may change without it. */
const sealFormat = 1
const ivBytes = 12
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Thrown when a value was not sealed with this key for this place: the caller decides what is lost. */
export class UnsealError extends Error {}

/**
 * Seals values for the browser database with keys derived from the adviser's data key (HKDF, RFC 5869). The derived
 * keys cannot be exported and live in this object only: a CryptoKey stored in IndexedDB lies on the disk in plain
 * bytes, so it is never stored.
 */
export interface CacheCipher {
  /** 12 bytes of nonce, then AES-256-GCM ciphertext bound to `place`. */
  seal(place: string, value: unknown): Promise<Uint8Array<ArrayBuffer>>
  sealBytes(place: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
  /** Throws `UnsealError`, as `unsealBytes` does. */
  unseal(place: string, sealed: Uint8Array<ArrayBuffer>): Promise<unknown>
  unsealBytes(place: string, sealed: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer>
  /** A name that says nothing of what it names. */
  opaque(name: string): Promise<string>
}

/** `dataKey` is 32 bytes; it is overwritten with zeros here. */
export async function createCacheCipher(dataKey: Uint8Array<ArrayBuffer>): Promise<CacheCipher> {
  const base = await crypto.subtle.importKey('raw', dataKey, 'HKDF', false, ['deriveKey'])
  dataKey.fill(0)
  const derivation = (purpose: string): HkdfParams => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(32),
    info: encoder.encode(`adviser-desktop/cases/${purpose}`),
  })
  const sealing = await crypto.subtle.deriveKey(
    derivation('seal'),
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  )
  const naming = await crypto.subtle.deriveKey(
    derivation('name'),
    base,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )
  const additionalData = (place: string) => encoder.encode(`${sealFormat}/${place}`)

  async function sealBytes(place: string, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const iv = crypto.getRandomValues(new Uint8Array(ivBytes))
    const ciphertext = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: additionalData(place) },
      sealing,
      bytes,
    )
    const sealed = new Uint8Array(ivBytes + ciphertext.byteLength)
    sealed.set(iv)
    sealed.set(new Uint8Array(ciphertext), ivBytes)
    return sealed
  }

  async function unsealBytes(place: string, sealed: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
    try {
      return await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv: sealed.subarray(0, ivBytes), additionalData: additionalData(place) },
        sealing,
        sealed.subarray(ivBytes),
      )
    } catch {
      throw new UnsealError(place)
    }
  }

  return {
    sealBytes,
    unsealBytes,
    seal: (place, value) => sealBytes(place, encoder.encode(JSON.stringify(value))),
    unseal: async (place, sealed) => {
      const plaintext = await unsealBytes(place, sealed)
      try {
        return JSON.parse(decoder.decode(plaintext))
      } catch {
        throw new UnsealError(place)
      }
    },
    opaque: async (name) => {
      const signature = await crypto.subtle.sign('HMAC', naming, encoder.encode(name))
      return [...new Uint8Array(signature, 0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    },
  }
}
