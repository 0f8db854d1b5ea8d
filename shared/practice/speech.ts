/*
 * Who sounds how and says what. The clips are made from this table by build/clips/make-clips.ts: change a text here,
 * run it, and commit both. Text is written as it should be pronounced.
 */

/** Settings of espeak-ng: a voice with its variant, words a minute, pitch 0–99. */
export interface Voice {
  readonly espeak: string
  readonly wordsPerMinute: number
  readonly pitch: number
  /** What this person can say, by the name that scenarios use. */
  readonly lines: Readonly<Record<string, string>>
}

const everyday = {
  yes: 'Yes, that is right.',
  'one-moment': 'Er, let me think. Yes.',
  thanks: 'That is fine, thank you.',
  'still-there': 'Hello? Are you still there?',
  goodbye: 'Thank you very much. Goodbye.',
} as const

/** By the id of the cast member who speaks (shared/practice/cast.ts). */
export const speech = {
  'cast-priya-raman': {
    espeak: 'en-gb+f3',
    wordsPerMinute: 168,
    pitch: 58,
    lines: {
      ...everyday,
      hello: 'Hello. My recycling was not collected this morning.',
      name: 'My name is Priya Raman.',
      address: 'Twenty seven Orchard Rise, Marlow Heath. The postcode is Z X 3, 2 H N.',
      birth: 'The fifth of June, nineteen seventy six.',
      bin: 'It is the recycling bin. The whole street was emptied, only mine was left.',
      out: 'Yes, it was out by six o clock, at the edge of the pavement.',
      access: 'No, nothing was in the way, and there was no tag on the bin.',
    },
  },
  'cast-amara-okafor': {
    espeak: 'en-gb+f2',
    wordsPerMinute: 180,
    pitch: 50,
    lines: {
      ...everyday,
      hello: 'Hi there. I am calling about our bin. Nobody came to empty it.',
      name: 'Amara Okafor. My husband Michael may have called before, from this number.',
      address: 'Fourteen Elm Road, Wexcombe. Z X 1, 4 Q T.',
      birth: 'Seventeenth of March, nineteen eighty four.',
      bin: 'The rubbish bin, the grey one.',
      out: 'I think we put it out at seven, before the school run.',
      hurry: 'Sorry, I have to go. I will call again.',
    },
  },
  'cast-michael-okafor': {
    espeak: 'en-gb-x-rp+m3',
    wordsPerMinute: 158,
    pitch: 38,
    lines: {
      ...everyday,
      hello: 'Good morning. This is Michael Okafor, fourteen Elm Road.',
      bin: 'The food waste was not taken this week, and now it is starting to',
      oh: 'Oh, there is somebody at the door. I will call back.',
    },
  },
  'cast-derek-hollis': {
    espeak: 'en-gb-scotland+m7',
    wordsPerMinute: 138,
    pitch: 30,
    lines: {
      ...everyday,
      hello: 'Hello? Is that the council? They have missed my bin again.',
      name: 'Hollis. Derek Hollis. H, O, double L, I, S.',
      address: 'Eight Weavers Lane. I have been here for forty years. Z X 1, 6 P F.',
      birth: 'The eleventh of December, nineteen thirty nine.',
      bin: 'The green one, for the garden.',
      help: 'My neighbour puts it out for me. I cannot lift it any more.',
    },
  },
  'cast-tomasz-kowalczyk': {
    espeak: 'en-gb+m1',
    wordsPerMinute: 172,
    pitch: 44,
    lines: {
      ...everyday,
      hello: 'Hello. I have just moved in, and nobody has emptied our recycling.',
      name: 'Tomasz Kowalczyk. That is K, O, W, A, L, C, Z, Y, K.',
      address: 'Flat six, Tannery Court, Wexcombe. Z X 1, 1 A B.',
      birth: 'Twenty third of January, nineteen ninety two.',
      bin: 'The recycling bags. They have been outside since Monday.',
      new: 'No, I have not called before. This is my own mobile.',
    },
  },
  'cast-gwen-pritchard': {
    espeak: 'cy+f4',
    wordsPerMinute: 150,
    pitch: 46,
    lines: {
      hello: 'Bore da. Dydy fy miniau ailgylchu ddim wedi cael eu casglu.',
      language: 'Ydych chi yn siarad Cymraeg, os gwelwch yn dda?',
      name: 'Gwen Pritchard ydw i.',
      address: 'Tri, Chapel Terrace, Nether Wexcombe.',
      birth: 'Y nawfed ar hugain o Awst, mil naw pump saith.',
      yes: 'Ydy, mae hynny yn iawn.',
      thanks: 'Diolch yn fawr.',
      'still-there': 'Helo? Ydych chi yno o hyd?',
      goodbye: 'Diolch yn fawr iawn. Hwyl fawr.',
    },
  },
} as const satisfies Readonly<Record<string, Voice>>

/** File name of a clip, without folder: mono, 8 kHz, µ-law WAV. */
export function clipFile(speaker: string, line: string): string {
  return `${speaker.replace(/^cast-/, '')}-${line}.wav`
}
