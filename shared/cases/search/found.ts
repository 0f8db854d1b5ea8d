/** Where a word was found. `field` is the value of one of a case's fields, `note` the text of a timeline entry. */
export type FoundIn =
  | 'name'
  | 'number'
  | 'postcode'
  | 'address'
  | 'uprn'
  | 'email'
  | 'reference'
  | 'subject'
  | 'service'
  | 'field'
  | 'note'

/** `part` is a piece of a telephone number that is not its beginning. */
export type FoundBy = 'exact' | 'beginning' | 'part' | 'sound' | 'typo'
