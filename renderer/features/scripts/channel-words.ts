import type { Channel } from './scripts-store.ts'

export interface ChannelChoice {
  readonly channel: Channel
  readonly words: string
}

/** Ways a resident comes without a call, in the order of their keys. */
export const channelChoices: readonly ChannelChoice[] = [
  { channel: 'email', words: 'Email' },
  { channel: 'web-chat', words: 'Web chat' },
  { channel: 'social-media', words: 'Social media' },
  { channel: 'letter', words: 'Letter' },
  { channel: 'counter', words: 'At the counter' },
]

/** The channel as a list names it. */
export const channelWords = (channel: Channel): string =>
  channelChoices.find((choice) => choice.channel === channel)?.words ?? 'Telephone'
