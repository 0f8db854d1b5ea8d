import { beginning, exact, part } from './points.ts'
import type { PhonePiece } from './query.ts'

/** How a telephone number, as `dialledDigits` writes it, contains what was typed; null when it does not. */
export function matchPhone(pieces: readonly PhonePiece[], digits: string): number | null {
  let best: number | null = null
  for (const piece of pieces) {
    const at = digits.indexOf(piece.digits)
    if (at === -1 || (at > 0 && piece.atBeginning)) continue
    const way = at > 0 ? part : digits.length === piece.digits.length ? exact : beginning
    if (best === null || way < best) best = way
  }
  return best
}
