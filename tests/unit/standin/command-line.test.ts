import { describe, expect, it } from 'vitest'
import { readArguments } from '#build/standin/arguments.ts'
import { CommandLine } from '#build/standin/command-line.ts'

describe('readArguments', () => {
  it('finds the app between what Playwright puts before it and its own arguments', () => {
    const read = readArguments([
      ...['-r', '/loader.js', '--no-sandbox', '--inspect=0', '--remote-debugging-port=0'],
      ...['/the/app', '--user-data-dir=/data', 'sip:01632960142@example.org'],
    ])
    expect(read.app).toBe('/the/app')
    expect(read.requires).toEqual(['/loader.js'])
    expect(Object.fromEntries(read.switches)).toEqual({
      'no-sandbox': '',
      inspect: '0',
      'remote-debugging-port': '0',
      'user-data-dir': '/data',
    })
  })

  it('reads nothing as a switch after two dashes', () => {
    expect(readArguments(['app', '--', '--mute-audio']).switches.size).toBe(0)
  })
})

describe('CommandLine', () => {
  it('hands on to Chromium what is neither its own nor would make Chromium do something else', () => {
    const given = readArguments(['app', '--mute-audio', '--lang=cy', '--user-data-dir=/data', '--version'])
    expect(new CommandLine(given.switches).forChromium()).toEqual(['--mute-audio', '--lang=cy'])
  })

  it('adds features to those already named', () => {
    const line = new CommandLine(new Map([['disable-features', 'One']]))
    line.appendSwitch('disable-features', 'Two')
    expect(line.getSwitchValue('disable-features')).toBe('One,Two')
  })
})
