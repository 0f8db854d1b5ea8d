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

const colleague = {
  yes: 'Yes, I can do that.',
  go: 'Fine, put them through.',
  right: 'I see. Go on.',
  goodbye: 'Thanks. Goodbye.',
} as const

/** By the id of the cast member (shared/practice/cast.ts) or the user of the colleague (colleagues.ts) who speaks. */
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
      'call-me-back': 'I am at work, and somebody is waiting for me. Could you ring me back after five?',
      number: 'Yes, on this number, please. Ask for Doctor Raman.',
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
      bill: 'Hello. I have had a letter about our Council Tax, and it cannot be right.',
      'put-through': 'Could you put me through to somebody in the Council Tax team, please?',
      'told-on': 'Hello, it is Amara Okafor. I was told that you could explain my bill.',
      discount: 'It says that we lost a discount, but nothing has changed at home.',
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
      direct: 'Hello, it is Michael Okafor. You gave me this number yesterday.',
      leak: 'Hello, I rang the number for housing. Water is coming through our kitchen ceiling.',
      message: 'This is Michael Okafor. Please ring me back about the food waste. Thank you.',
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
      pay: 'Hello. I would like to pay for the garden bin, by card if I may.',
      card: 'I have got my card here. Shall I read you the number?',
      keypad: 'On the keypad? Right you are. Give me a moment.',
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
      letter: 'Hello. I have a letter from the council, but my English is not enough for it.',
      interpreter: 'Please, is there an interpreter? I speak Polish.',
      polish: 'Dzien dobry. List jest o podatku. Czy musze cos zaplacic?',
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
  supervisor: {
    espeak: 'en-gb-x-rp+f1',
    wordsPerMinute: 170,
    pitch: 52,
    lines: {
      ...colleague,
      hello: 'Bethan Marsh, supervisor. What do you need?',
      'with-resident': 'Hello, Bethan Marsh speaking. I have heard what this is about.',
      intercom: 'It is Bethan. I am on your line without ringing. Have you a minute?',
    },
  },
  'council-tax-team': {
    espeak: 'en-gb+f5',
    wordsPerMinute: 165,
    pitch: 48,
    lines: {
      ...colleague,
      hello: 'Council Tax, how can I help?',
      look: 'Let me look at the account. It may take me a moment.',
    },
  },
  'housing-repairs': {
    espeak: 'en-gb-x-gbclan+m2',
    wordsPerMinute: 160,
    pitch: 40,
    lines: {
      ...colleague,
      hello: 'Housing repairs, what has gone wrong?',
      look: 'Right, I will see when somebody can come out.',
    },
  },
  'welsh-line': {
    espeak: 'cy+m4',
    wordsPerMinute: 155,
    pitch: 42,
    lines: {
      hello: 'Bore da, Llinell Gymraeg. Sut gallaf helpu?',
      yes: 'Iawn, mi wnaf i hynny.',
      go: 'Rhowch y galwr drwodd, os gwelwch yn dda.',
    },
  },
  interpreter: {
    espeak: 'pl+f2',
    wordsPerMinute: 160,
    pitch: 50,
    lines: {
      hello: 'Dzien dobry, tlumacz jezyka polskiego. Slucham?',
      yes: 'Tak, prosze mowic dalej.',
      again: 'Czy moze pan powtorzyc, prosze?',
    },
  },
  'payment-line': {
    espeak: 'en-gb+f3',
    wordsPerMinute: 150,
    pitch: 55,
    lines: {
      hello: 'Practice payment line. Key in the card number, then press hash.',
      paid: 'Thank you. The practice payment was accepted. No money was taken.',
      waiting: 'Please key in the digits, then press hash.',
    },
  },
  'rent-line': {
    espeak: 'en-gb+f4',
    wordsPerMinute: 150,
    pitch: 48,
    lines: {
      hello: 'Practice rent line. Key in the rent account, then press hash.',
      paid: 'Thank you. The rent account was found. No money was taken.',
      waiting: 'Please key in the rent account, then press hash.',
    },
  },
  'elections-team': {
    espeak: 'en-gb-x-gbcwmd+m1',
    wordsPerMinute: 165,
    pitch: 45,
    lines: {
      ...colleague,
      hello: 'Elections. I can help you, but I cannot take any callers just now.',
    },
  },
  'council-operator': {
    espeak: 'en-gb+f2',
    wordsPerMinute: 165,
    pitch: 48,
    lines: {
      hello: 'Council operator. The supervisor would like a word. I am sending you on to her.',
    },
  },
  'duty-team': {
    espeak: 'en-gb+f1',
    wordsPerMinute: 165,
    pitch: 46,
    lines: { ...colleague, hello: 'Duty team, how can I help?' },
  },
  'emergency-operator': {
    espeak: 'en-gb-x-rp+m1',
    wordsPerMinute: 150,
    pitch: 45,
    lines: {
      practice: 'This is practice. No emergency service has been called.',
      asks: 'A real operator would now ask: emergency, which service do you require?',
      where: 'Then you would give the address of the person in danger, not your own.',
      reminder: 'This is practice. For a real emergency use another telephone.',
    },
  },
  'public-service-operator': {
    espeak: 'en-gb-x-rp+m1',
    wordsPerMinute: 150,
    pitch: 40,
    lines: {
      practice: 'This is practice. No public service has been called.',
      asks: 'A real service would now ask how it can help.',
      reminder: 'This is practice. Use another telephone for a real call.',
    },
  },
  voicemail: {
    espeak: 'en-gb+f3',
    wordsPerMinute: 160,
    pitch: 52,
    lines: {
      greeting: 'The adviser cannot take your call. Please leave a message after this.',
      messages: 'Here are your messages.',
      none: 'You have no messages.',
    },
  },
} as const satisfies Readonly<Record<string, Voice>>

/** File name of a clip, without folder: mono, 8 kHz, µ-law WAV. */
export function clipFile(speaker: string, line: string): string {
  return `${speaker.replace(/^cast-/, '')}-${line}.wav`
}
