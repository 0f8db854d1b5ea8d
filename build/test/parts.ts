/** One kind of check. `npm test -- NAME` runs it alone. */
export type Part =
  | {
      readonly kind: 'check'
      readonly name: string
      readonly what: string
      /** Package and arguments; passes when it exits with 0 and counts as one. */
      readonly command: readonly [packageName: string, ...args: string[]]
    }
  | {
      readonly kind: 'vitest'
      readonly name: string
      readonly what: string
      readonly projects: readonly string[]
      /** One test file after the other: what is heard and timed needs a core of its own. */
      readonly oneAtATime?: boolean
      readonly needs: Needs
    }
  | { readonly kind: 'playwright'; readonly name: string; readonly what: string; readonly needs: Needs }

export interface Needs {
  /** Installed when missing. */
  readonly runtime: boolean
  /** Debian packages, where this is Debian. */
  readonly packages: readonly string[]
  /** `dist/` as it is shipped. */
  readonly bundle: boolean
  /** Telephones of other makers; the part is skipped where they cannot be installed. */
  readonly peers: boolean
}

const nothing: Needs = { runtime: false, packages: [], bundle: false, peers: false }
const runningApp: Needs = { runtime: true, packages: [], bundle: true, peers: false }

/** In the order they run: what is quick to fail comes first. */
export const parts: readonly Part[] = [
  { kind: 'check', name: 'types', what: 'TypeScript compiles', command: ['@typescript/native', '-b'] },
  {
    kind: 'check',
    name: 'lint',
    what: 'Biome finds nothing',
    command: ['@biomejs/biome', 'check', '--error-on-warnings', '--max-diagnostics=none', '.'],
  },
  {
    kind: 'check',
    name: 'layers',
    what: 'every import is allowed',
    command: [
      'dependency-cruiser',
      '--config',
      'build/lint/dependency-cruiser.cjs',
      'shared',
      'renderer',
      'electron',
      'build',
      'tests',
    ],
  },
  {
    kind: 'check',
    name: 'unused',
    what: 'no file, export or package is unused',
    command: ['knip', '--config', 'build/lint/knip.jsonc', '--no-progress'],
  },
  { kind: 'vitest', name: 'unit', what: 'pure code and single parts', projects: ['unit'], needs: nothing },
  {
    kind: 'vitest',
    name: 'contract',
    what: 'adapters against the real thing, the stand-in, the package',
    projects: ['contract', 'council', 'standin'],
    // The stand-in's windows are looked at on a display nobody sees; the council's service runs on a server too.
    needs: { ...runningApp, packages: ['xvfb', 'postgresql'] },
  },
  {
    kind: 'vitest',
    name: 'telephone',
    what: 'calls with real sound, one suite after the other',
    projects: ['telephone'],
    oneAtATime: true,
    needs: runningApp,
  },
  {
    kind: 'vitest',
    name: 'simulation',
    what: 'many parts together, random faults',
    projects: ['simulation'],
    needs: nothing,
  },
  {
    kind: 'vitest',
    name: 'interop',
    what: 'the telephone against switchboards and telephones of other makers',
    projects: ['interop'],
    needs: { ...nothing, runtime: true, peers: true },
  },
  { kind: 'playwright', name: 'e2e', what: 'the whole app in a real browser', needs: runningApp },
]
