const longestCommand = 32

/** The digits in a text, in pieces that one command may carry. Everything that is no digit is left out. */
export function digitsOf(text: string): readonly string[] {
  const digits = text.replace(/[^0-9*#]/g, '')
  return digits.match(new RegExp(`.{1,${longestCommand}}`, 'g')) ?? []
}

const longestShown = 24

/** What the keypad keeps and shows of digits sent: the last ones, or during a payment only that there were some. */
export function shownDigits(before: string, sent: string, masked: boolean): string {
  return (before + (masked ? '•'.repeat(sent.length) : sent)).slice(-longestShown)
}
