/** The only way `shared/` gets randomness, so that tests can replay a seed. */
export interface Random {
  /** A number at least 0 and below 1. */
  next(): number
  /** A fresh RFC 9562 version 4 identifier. */
  uuid(): string
}
