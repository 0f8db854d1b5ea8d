import { describe, expect, it } from 'vitest'
import { chooseDevice, chooseDevices, type ListedDevice, pluggedIn } from '#shared/calls/device-choice.ts'
import { defaultChoices } from '#shared/calls/snapshot.ts'

const listed = (deviceId: string, label: string, groupId: string, kind = 'audioinput'): ListedDevice => ({
  kind,
  deviceId,
  label,
  groupId,
})
const laptop = listed('l1', 'Built-in microphone', 'g-laptop')
const headset = listed('h1', 'Example Headset (1234:5678)', 'g-headset')
const camera = listed('c1', 'Camera', 'g-camera')
const inputs = (...devices: ListedDevice[]) => pluggedIn(devices, 'audioinput')
const device = ({ deviceId, label }: ListedDevice) => ({ id: deviceId, label })

describe('what is plugged in', () => {
  it('holds the true devices of its kind, without the names for "whatever the system says"', () => {
    const { devices } = inputs(
      listed('default', 'Default - Camera', 'g-camera'),
      listed('communications', 'Communications - Example Headset (1234:5678)', 'g-headset'),
      laptop,
      headset,
      camera,
      listed('s1', 'Speaker', 'g-laptop', 'audiooutput'),
    )
    expect(devices).toEqual([device(laptop), device(headset), device(camera)])
  })

  it('knows the device behind the system default by its label, or by its group where labels say nothing', () => {
    const byLabel = inputs(listed('default', 'Default - Camera', 'g-headset'), headset, camera)
    expect(byLabel.systemDefault).toEqual(device(camera))
    const byGroup = inputs(listed('default', 'Default', 'g-headset'), laptop, headset)
    expect(byGroup.systemDefault).toEqual(device(headset))
    const twoOfOneName = [listed('a', 'Microphone', 'g1'), listed('b', 'Microphone', 'g2')] as const
    const both = inputs(listed('default', 'Default - Microphone', 'g2'), ...twoOfOneName)
    expect(both.systemDefault?.id).toBe('b')
  })

  it('leaves the default unnamed when the browser does not say which it is', () => {
    const { systemDefault } = inputs(listed('default', 'Default', 'g-other'), laptop, headset)
    expect(systemDefault).toEqual({ id: 'default', label: 'Default' })
    expect(inputs(laptop, headset).systemDefault).toEqual(device(laptop))
  })

  it('is nothing before the microphone is allowed, and when nothing is there', () => {
    expect(inputs(listed('', '', ''))).toEqual({ devices: [], systemDefault: null })
    expect(inputs()).toEqual({ devices: [], systemDefault: null })
  })
})

describe('the device to use', () => {
  const byDefault = listed('default', 'Default - Built-in microphone', 'g-laptop')
  const all = inputs(byDefault, laptop, headset, camera)

  it('is the first preferred one that is plugged in', () => {
    const wanted = [device(headset), device(camera)]
    expect(chooseDevice(wanted, all)).toEqual({
      device: device(headset),
      followsDefault: false,
      standingIn: false,
    })
    expect(chooseDevice(wanted, inputs(byDefault, laptop, camera))).toEqual({
      device: device(camera),
      followsDefault: false,
      standingIn: true,
    })
  })

  it('is known again by its label when it came back with another id', () => {
    const moved = { ...headset, deviceId: 'h2' }
    const chosen = chooseDevice([device(headset)], inputs(laptop, moved))
    expect(chosen).toMatchObject({ device: { id: 'h2' }, standingIn: false })
    expect(chooseDevice([{ id: 'gone', label: '' }], inputs(listed('x', '', 'g'))).followsDefault).toBe(true)
  })

  it('prefers the same id to the same label', () => {
    const twin = { ...headset, deviceId: 'h0' }
    expect(chooseDevice([device(headset)], inputs(twin, headset)).device?.id).toBe('h1')
  })

  it('follows the system default when nobody chose, and when nothing chosen is plugged in', () => {
    expect(chooseDevice([], all)).toEqual({ device: device(laptop), followsDefault: true, standingIn: false })
    expect(chooseDevice([{ id: 'gone', label: 'Gone' }], all)).toEqual({
      device: device(laptop),
      followsDefault: true,
      standingIn: true,
    })
    const other = inputs(listed('default', 'Default - Camera', 'g-camera'), laptop, camera)
    expect(chooseDevice([], other).device).toEqual(device(camera))
    expect(chooseDevice([], inputs()).device).toBeNull()
  })

  it('is chosen for microphone, speaker and ringer each by itself', () => {
    const outputs = pluggedIn(
      [listed('s1', 'Loudspeaker', 'g', 'audiooutput'), listed('s2', 'Headset', 'h', 'audiooutput')],
      'audiooutput',
    )
    const wanted = {
      ...defaultChoices,
      speaker: [{ id: 's2', label: 'Headset' }],
      ringer: [{ id: 's1', label: 'Loudspeaker' }],
    }
    const { microphone, speaker, ringer } = chooseDevices(wanted, all, outputs)
    expect([microphone.device?.id, speaker.device?.id, ringer.device?.id]).toEqual(['l1', 's2', 's1'])
  })
})
