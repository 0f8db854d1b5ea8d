/** What the editor's preview server tells its page of the file, at once and whenever it is saved. */
export interface PreviewNews {
  /** Path as the editor named it. */
  readonly file: string
  /** The script and council facts of its test calls, as JSON; null when it cannot be run just now. */
  readonly shown: { readonly document: unknown; readonly facts: Readonly<Record<string, string>> } | null
  /** What keeps it from being published; empty when nothing does. */
  readonly findings: readonly {
    readonly line: number
    readonly stepId: string | null
    readonly problem: string
    readonly fix: string
  }[]
}

/** Name of the custom event on the development server's channel. */
export const previewEvent = 'script:saved'
/** Path of the first answer. */
export const previewPath = '/script.json'
