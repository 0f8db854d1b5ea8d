import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tortures } from './rfc4475/expected.ts'
import { mutations } from './support/mutations.ts'
import { openVictim, type Victim } from './support/victim.ts'

const folder = join(import.meta.dirname, 'rfc4475')
const seed = Number(process.env.ADVISER_DESKTOP_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31))
const count = Number(process.env.ADVISER_DESKTOP_FUZZ_MESSAGES ?? 2_000)
const perBatch = 100

let victim: Victim

beforeAll(async () => {
  victim = await openVictim()
}, 60_000)
afterAll(() => victim?.close())

const bytesOf = (name: string) => readFile(join(folder, `${name}.dat`))

describe('a message of RFC 4475', () => {
  it.each(tortures)('$name ($section)', async ({ name, answers, header, rings }) => {
    const answered = await victim.provoke(await bytesOf(name), rings === true)
    expect(answered?.status ?? 'nothing').toSatisfy((status: number | 'nothing') =>
      answers.length === 0 ? status === 'nothing' : answers.includes(Number(status)),
    )
    if (header !== undefined) expect(answered?.text).toMatch(header)
  })

  it('leaves the call that is up as it is: nothing thrown, and sound in both directions', async () => {
    expect(victim.faults()).toEqual([])
    await victim.callGoesOn()
  })
})

describe('mutated messages', () => {
  it(`${count} of seed ${seed}: nothing crashes, hangs or leaks`, async () => {
    const bases = await Promise.all(tortures.map(({ name }) => bytesOf(name)))
    const messages = mutations(seed, [...bases, ...victim.ownMessages()])
    const batch = () => Array.from({ length: perBatch }, () => messages.next().value)
    // What is made once, on the first message of each kind, is no leak.
    for (let sent = 0; sent < 500; sent += perBatch) await victim.endure(batch())
    const before = await victim.weight()
    let slowestMs = 0
    for (let sent = 0; sent < count; sent += perBatch) {
      const batched = batch()
      const tookMs = await victim.endure(batched).catch((error: unknown) => {
        throw new Error(`seed ${seed}, messages ${sent} to ${sent + perBatch}: ${String(error)}`)
      })
      slowestMs = Math.max(slowestMs, tookMs)
    }
    const after = await victim.weight()
    console.log(
      `seed ${seed}: ${count} messages, slowest ${perBatch} in ${slowestMs.toFixed(0)} ms; heap ${before.heapMb.toFixed(1)} → ` +
        `${after.heapMb.toFixed(1)} MB, listeners ${before.listeners} → ${after.listeners}, connections ${after.connections}`,
    )
    expect(victim.faults()).toEqual([])
    expect(slowestMs).toBeLessThan(5_000)
    expect(after.connections).toBe(before.connections)
    expect(after.listeners).toBeLessThanOrEqual(before.listeners + 5)
    expect(after.heapMb).toBeLessThan(before.heapMb + 4)
    await victim.callGoesOn()
  }, 180_000)
})
