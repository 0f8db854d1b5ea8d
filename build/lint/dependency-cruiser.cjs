/*
 * Which folder may import what. A folder says where its code runs, so a wrong import is a program that breaks in
 * front of an adviser. Each message names what is allowed instead. tests/unit/build/layers.test.ts seeds one
 * violation of every rule.
 */

const packages = (...names) => `(^|/)node_modules/(${names.join('|')})/`
const anyPackage = '(^|/)node_modules/'
// Pure: they need no clock, network, page or file.
const purePackages = [
  'double-metaphone',
  'zod',
  'libphonenumber-js',
  'postcode',
  'feelin',
  'yaml',
  'minisearch',
]

const forbid = (name, comment, from, to) => ({ name, severity: 'error', comment, from, to })

const shared = [
  forbid(
    'shared-imports-only-shared',
    'shared/ runs everywhere. It may import shared/ alone; what needs a runtime goes behind a port.',
    { path: '^shared/' },
    { path: '^(renderer|electron|build|tests)/' },
  ),
  forbid(
    'shared-is-pure',
    `shared/ may import these packages alone: ${purePackages.join(', ')}. Clock, random numbers and logs are ports in shared/kernel.`,
    { path: '^shared/' },
    { path: anyPackage, pathNot: packages(...purePackages) },
  ),
  forbid(
    'shared-without-node',
    'shared/ runs in pages too, where there is no Node. Put the code in electron/ behind a port of shared/.',
    { path: '^shared/' },
    { dependencyTypes: ['core'] },
  ),
  forbid(
    'kernel-imports-nothing',
    'shared/kernel is what everything stands on. It may import files of shared/kernel alone.',
    { path: '^shared/kernel/' },
    { pathNot: '^shared/kernel/' },
  ),
  forbid(
    'contract-imports-kernel',
    'shared/contract says what crosses a boundary, and knows no side of it. It may import shared/contract, shared/kernel and zod.',
    { path: '^shared/contract/' },
    { pathNot: ['^shared/(contract|kernel)/', packages('zod')] },
  ),
]

const renderer = [
  forbid(
    'renderer-is-a-page',
    'renderer/ runs in a sandboxed page. It may import shared/ and renderer/; it asks the main process through renderer/platform/bridge.',
    { path: '^renderer/' },
    { path: ['^(electron|build|tests)/', packages('electron', 'electron-[^/]+', '@electron/[^/]+')] },
  ),
  forbid(
    'renderer-without-node',
    'A page has no Node. Ask the main process through renderer/platform/bridge.',
    { path: '^renderer/' },
    { dependencyTypes: ['core'] },
  ),
  forbid(
    'features-stay-apart',
    'A feature may import shared/, renderer/ui and its own folder. It gets ports injected, and meets other features in renderer/desk.',
    { path: '^renderer/features/([^/]+)/' },
    { path: '^renderer/', pathNot: ['^renderer/ui/', '^renderer/features/$1/'] },
  ),
  forbid(
    'feature-by-its-index',
    "Outside its folder a feature is its index.ts: import '#renderer/features/NAME/index.ts'.",
    { path: '^renderer/(?!features/)' },
    { path: '^renderer/features/', pathNot: ['^renderer/features/[^/]+/index\\.ts$', '\\.css$'] },
  ),
  forbid(
    'ui-knows-no-subject',
    'renderer/ui is primitives. It may import shared/ and renderer/ui.',
    { path: '^renderer/ui/' },
    { path: '^renderer/(?!ui/)' },
  ),
  forbid(
    'platform-implements-ports',
    'renderer/platform is adapters. It may import shared/ and renderer/platform; wording and pages are in features and desk.',
    { path: '^renderer/platform/' },
    { path: '^renderer/(?!platform/)' },
  ),
  forbid(
    'platform-from-composition-roots',
    'Only renderer/desk, renderer/phone and renderer/records pick adapters. Everything else names the port from shared/.',
    { path: '^renderer/(?!desk/|phone/|records/|platform/)' },
    { path: '^renderer/platform/' },
  ),
  forbid(
    'sip-on-the-phone-page',
    'Only renderer/phone may import renderer/platform/sip: a desk that crashes must not take a call with it. The desk uses the Phone port.',
    { path: '^renderer/(?!phone/|platform/sip/)' },
    { path: '^renderer/platform/sip/' },
  ),
  forbid(
    'database-in-the-records-worker',
    'Only renderer/records may import renderer/platform/db and renderer/platform/rest: pages never parse, decrypt or search.',
    { path: '^renderer/(?!records/|platform/)' },
    { path: '^renderer/platform/(db|rest)/' },
  ),
  forbid(
    'pages-stay-apart',
    'desk, phone and records run apart and speak shared/contract. Of another one only renderer/records/connect.ts may be imported.',
    { path: '^renderer/(desk|phone|records)/' },
    {
      path: '^renderer/(desk|phone|records)/',
      pathNot: ['^renderer/$1/', '^renderer/records/connect\\.ts$'],
    },
  ),
  forbid(
    'react-only-where-people-look',
    'React is for renderer/desk, renderer/features and renderer/ui. The phone page, the records worker and adapters show nothing.',
    { path: '^renderer/(phone|records|platform)/' },
    { path: packages('react', 'react-dom', 'react-aria-components', 'react-aria', '@tanstack/[^/]+') },
  ),
  forbid(
    'comlink-at-the-ends',
    'Comlink joins pages and worker: only renderer/desk, renderer/phone and renderer/records may import it.',
    { path: '^(shared|electron|renderer/(?!desk/|phone/|records/))' },
    { path: packages('comlink') },
  ),
  forbid(
    'dexie-in-its-adapter',
    'Dexie is behind the CaseStore port: only renderer/platform/db may import it.',
    { path: '^(shared|electron|renderer/(?!platform/db/))' },
    { path: packages('dexie', 'dexie-[^/]+') },
  ),
]

const electron = [
  forbid(
    'electron-shows-nothing',
    'electron/ may import shared/ and electron/. Pages are in renderer/, and React stays there.',
    { path: '^electron/' },
    {
      path: ['^(renderer|build|tests)/', packages('react', 'react-dom', 'react-aria-components', 'zustand')],
    },
  ),
  forbid(
    'electron-package-in-main-and-preload',
    'Only electron/main and electron/preload may import the electron package (and build/standin, which takes its place, and tests).',
    { path: '.', pathNot: '^(electron/(main|preload)|build/standin|tests)/' },
    { path: packages('electron') },
  ),
  forbid(
    'practice-runs-alone',
    '`npm run council` runs electron/practice without Electron. It may import shared/ and electron/practice.',
    { path: '^electron/practice/' },
    { path: '^electron/(?!practice/)' },
  ),
  forbid(
    'practice-by-its-protocol',
    'The main process starts practice and sends it messages. Of electron/practice it may import protocol.ts alone.',
    { path: '^electron/(main|preload)/' },
    { path: '^electron/practice/', pathNot: '^electron/practice/protocol\\.ts$' },
  ),
  forbid(
    'preload-stays-small',
    'The preload script may import the electron package, and types alone of shared/: a schema would be loaded before every page.',
    { path: '^electron/preload/' },
    {
      path: ['^(shared|electron)/', anyPackage],
      pathNot: ['^electron/preload/', packages('electron')],
      dependencyTypesNot: ['type-only'],
    },
  ),
  forbid(
    'sip-js-in-its-adapters',
    'sip.js is behind the Phone port: only renderer/platform/sip and electron/practice may import it.',
    { path: '^(shared|electron/(?!practice/)|renderer/(?!platform/sip/))' },
    { path: packages('sip\\.js') },
  ),
]

const everywhere = [
  forbid(
    'product-without-its-workshop',
    'build/ and tests/ are not shipped. shared/, renderer/ and electron/ may not import them.',
    { path: '^(shared|renderer|electron)/' },
    { path: '^(build|tests)/' },
  ),
  forbid(
    'build-without-tests',
    'build/ may import shared/, electron/ and build/. What both it and tests need belongs in build/.',
    { path: '^build/' },
    { path: '^(tests|renderer)/' },
  ),
  forbid(
    'no-cycles',
    'Two files that import each other are one. Move what both need into a third.',
    { pathNot: '^build/standin/' },
    { circular: true },
  ),
  forbid(
    'no-cycles-in-the-stand-in',
    'Move what both need into a third file. Types alone may go in circles here, as in the API it copies: pages have frames, frames a page.',
    { path: '^build/standin/' },
    { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  ),
  forbid(
    'resolvable',
    "The file or package does not exist. Across folders write '#shared/…', '#renderer/…', '#electron/…', '#build/…' with the extension.",
    {},
    { couldNotResolve: true },
  ),
  forbid(
    'no-orphans',
    'Nothing imports this file, and it imports nothing. Use it or delete it.',
    {
      orphan: true,
      pathNot: [
        '\\.d\\.ts$',
        '^build/lint/',
        '^tests/.*\\.(test|spec)\\.tsx?$',
        '^tests/.*-page\\.ts$',
        '^tests/support/[^/]+-demo/',
      ],
    },
    {},
  ),
]

module.exports = {
  forbidden: [...shared, ...renderer, ...electron, ...everywhere],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|out)/' },
    // Imports of types count too, and dynamic imports.
    tsPreCompilationDeps: true,
    moduleSystems: ['es6', 'cjs', 'tsd'],
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.d.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
}
