import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { header, headersOf } from '#electron/practice/switchboard/sip-message.ts'
import { domain, password, type Rig, startRig } from './rig.ts'
import { ScriptedPhone } from './scripted-phone.ts'
import { connect } from './wire.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.stop())

const uri = `sip:${domain}`

describe('connecting', () => {
  it('refuses pages of other origins and takes our own', async () => {
    await expect(connect(rig.switchboard.url, { Origin: 'https://elsewhere.example.org' })).rejects.toThrow(
      'HTTP 403',
    )
    for (const origin of ['app://bundle', 'https://bundle.app.internal']) {
      const wire = await connect(rig.switchboard.url, { Origin: origin })
      wire.cut()
    }
  })

  it('refuses a client that does not speak SIP, and paths that nobody was told', async () => {
    await expect(connect(rig.switchboard.url, {}, 'mqtt')).rejects.toThrow('HTTP 400')
    await expect(connect(`${rig.switchboard.url}/trunk/guessed`)).rejects.toThrow('HTTP 404')
  })

  it('answers a keep-alive', async () => {
    const wire = await connect(rig.switchboard.url)
    wire.send('\r\n\r\n')
    expect(await wire.text((text) => text === '\r\n')).toBe('\r\n')
    wire.cut()
  })

  it('answers OPTIONS, so that a client can tell a live line from a frozen one', async () => {
    const phone = await ScriptedPhone.connect(rig.switchboard.url, domain, 'alex')
    expect((await phone.ask(phone.request('OPTIONS', uri))).status).toBe(200)
    phone.wire.cut()
  })

  it('ends a connection that sends more than 64 KB at once', async () => {
    const wire = await connect(rig.switchboard.url)
    wire.send('x'.repeat(65 * 1024))
    expect(await wire.closed).toBe(1009)
  })
})

describe('registering', () => {
  it('takes the right password and tells that the phone is found', async () => {
    const phone = await ScriptedPhone.connect(rig.switchboard.url, domain, 'alex')
    const response = await phone.register(password, 300)
    expect(response.status).toBe(200)
    expect(header(response, 'Contact')).toBe(`<${phone.contact}>;expires=300`)
    await rig.agents.hears('phoneFound alex')
    phone.wire.cut()
    await rig.agents.hears('phoneLost alex')
  })

  it('refuses a wrong password and an unknown user alike', async () => {
    for (const user of ['alex', 'nobody']) {
      const phone = await ScriptedPhone.connect(rig.switchboard.url, domain, user)
      expect((await phone.register('wrong')).status).toBe(403)
      phone.wire.cut()
    }
    expect(rig.agents.told).toEqual([])
  })

  it('refuses to register somebody else', async () => {
    const phone = await ScriptedPhone.connect(rig.switchboard.url, domain, 'alex')
    const to = `<sip:billie@${domain}>`
    const challenge = await phone.ask(phone.request('REGISTER', uri, { to }))
    const headers = phone.authorization(challenge, 'REGISTER', uri, password)
    expect((await phone.ask(phone.request('REGISTER', uri, { to, headers }))).status).toBe(403)
    phone.wire.cut()
  })

  it('says stale when the nonce has run out, and takes the new one', async () => {
    const phone = await ScriptedPhone.connect(rig.switchboard.url, domain, 'alex')
    const to = phone.address
    const challenge = await phone.ask(phone.request('REGISTER', uri, { to }))
    expect(header(challenge, 'WWW-Authenticate')).not.toContain('stale')
    const headers = phone.authorization(challenge, 'REGISTER', uri, password)
    await rig.clock.run(301_000)
    const second = await phone.ask(phone.request('REGISTER', uri, { to, headers }))
    expect(second.status).toBe(401)
    expect(header(second, 'WWW-Authenticate')).toContain('stale=true')
    const fresh = phone.authorization(second, 'REGISTER', uri, password)
    expect((await phone.ask(phone.request('REGISTER', uri, { to, headers: fresh }))).status).toBe(200)
    phone.wire.cut()
  })

  it('does not take the same credentials twice', async () => {
    const phone = await ScriptedPhone.connect(rig.switchboard.url, domain, 'alex')
    const to = phone.address
    const challenge = await phone.ask(phone.request('REGISTER', uri, { to }))
    const headers = phone.authorization(challenge, 'REGISTER', uri, password)
    expect((await phone.ask(phone.request('REGISTER', uri, { to, headers }))).status).toBe(200)
    expect((await phone.ask(phone.request('REGISTER', uri, { to, headers }))).status).toBe(401)
    phone.wire.cut()
  })

  it('forgets a phone that unregisters or lets its time run out', async () => {
    const alex = await rig.adviser('alex')
    const resident = await rig.resident()
    const alexUri = `sip:alex@${domain}`
    expect((await alex.register(password, 0)).status).toBe(200)
    await rig.agents.hears('phoneLost alex')
    expect((await resident.ask(resident.request('INVITE', alexUri))).status).toBe(480)

    expect((await alex.register(password, 60)).status).toBe(200)
    await rig.clock.run(61_000)
    expect((await resident.ask(resident.request('INVITE', alexUri))).status).toBe(480)
  })

  it('replaces the contact of the same telephone and lists several', async () => {
    const alex = await rig.adviser('alex')
    const other = await rig.adviser('alex')
    const response = await other.register(password)
    expect(headersOf(response, 'Contact').map((value) => value.split('>')[0])).toEqual([
      `<${other.contact}`,
      `<${alex.contact}`,
    ])
  })

  it('asks for a longer time than a second', async () => {
    const phone = await ScriptedPhone.connect(rig.switchboard.url, domain, 'alex')
    const response = await phone.register(password, 1)
    expect(response.status).toBe(423)
    expect(header(response, 'Min-Expires')).toBe('5')
    phone.wire.cut()
  })
})
