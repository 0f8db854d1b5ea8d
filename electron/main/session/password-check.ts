import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { z } from 'zod'

const derive = promisify<string, Buffer, number, Buffer>(scrypt)
const saltBytes = 16
const hashBytes = 32

/** What is kept of a password to know it again: scrypt (RFC 7914) with Node's default cost, both base64. */
export const passwordCheck = z.object({ salt: z.base64(), hash: z.base64() })
export type PasswordCheck = z.infer<typeof passwordCheck>

export async function checkFor(password: string): Promise<PasswordCheck> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(password.normalize('NFC'), salt, hashBytes)
  return { salt: salt.toString('base64'), hash: hash.toString('base64') }
}

export async function passes(password: string, check: PasswordCheck): Promise<boolean> {
  const hash = await derive(password.normalize('NFC'), Buffer.from(check.salt, 'base64'), hashBytes)
  const kept = Buffer.from(check.hash, 'base64')
  return kept.length === hash.length && timingSafeEqual(kept, hash)
}
