import tseslint from 'typescript-eslint'

/** Which of our packages each folder may import. Nothing else of ours, and only through a package's declared doors. */
const mayImport = {
  'packages/core': [],
  'packages/conformance': ['@linefinder/core', '@linefinder/core/http', '@linefinder/core/phone'],
  'packages/conformance/mutations': ['@linefinder/conformance', '@linefinder/core'],
  'packages/client': ['@linefinder/core/api', '@linefinder/core'],
  'packages/server': ['@linefinder/core', '@linefinder/core/api', '@linefinder/core/http', '@linefinder/core/phone'],
  'packages/declarative': ['@linefinder/core', '@linefinder/core/http', '@linefinder/core/phone'],
  'packages/app-connect': ['@linefinder/core', '@linefinder/core/api', '@linefinder/core/http', '@linefinder/core/phone', '@linefinder/server'],
  'packages/app-connect/src/testing': ['@linefinder/core', '@linefinder/core/api', '@linefinder/core/http', '@linefinder/server', '@linefinder/adapter-acme', '@linefinder/adapter-acme-legacy', '@linefinder/example-acme-crm', '@linefinder/example-acme-crm/scripted-browser', '@linefinder/example-acme-legacy-crm'],
  'packages/linefinder': ['.*'],
  'adapters/*': ['@linefinder/core', '@linefinder/core/phone'],
  'adapters/*/src/testing': ['@linefinder/conformance', '@linefinder/core', '@linefinder/core/phone'],
  'adapters/acme': ['@linefinder/core', '@linefinder/core/phone'],
  'adapters/acme/src/testing': ['@linefinder/conformance', '@linefinder/core', '@linefinder/core/phone', '@linefinder/example-acme-crm', '@linefinder/example-acme-crm/scripted-browser'],
  'adapters/acme-legacy': ['@linefinder/core', '@linefinder/core/phone'],
  'adapters/acme-legacy/src/testing': ['@linefinder/conformance', '@linefinder/core', '@linefinder/core/phone', '@linefinder/example-acme-legacy-crm'],
  'adapters/tryton': ['@linefinder/core', '@linefinder/core/phone'],
  'adapters/tryton/src/testing': ['@linefinder/conformance', '@linefinder/core', '@linefinder/core/phone'],
  'examples/acme-crm': [],
  'examples/acme-legacy-crm': [],
  'examples/app-connect-connectors': ['@app-connect/core'],
  'examples/no-code': ['@linefinder/core', '@linefinder/declarative', '@linefinder/adapter-acme', '@linefinder/adapter-acme-legacy', '@linefinder/conformance', '@linefinder/example-acme-crm', '@linefinder/example-acme-crm/scripted-browser', '@linefinder/example-acme-legacy-crm'],
  'examples/quickstart': ['@linefinder/server', '@linefinder/adapter-memory'],
  'bench': ['@linefinder/client', '@linefinder/core', '@linefinder/core/api', '@linefinder/core/phone'],
  'bench/src/peer': ['@linefinder/client', '@linefinder/core', '@linefinder/example-acme-crm/scripted-browser'],
  'bench/src/declarative': ['@linefinder/core', '@linefinder/core/http', '@linefinder/core/phone', '@linefinder/declarative', '@linefinder/adapter-acme'],
  'bench/src/chaos': ['@linefinder/client', '@linefinder/core', '@linefinder/adapter-acme', '@linefinder/example-acme-crm/scripted-browser'],
}

const boundary = (files, folder, allowed) => ({
  files,
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [{
        regex: '^\\.{1,2}/.*/(src|dist)/',
        message: 'Enter another package through its declared doors.',
      }, {
        regex: `^(?!(${allowed.join('|') || '$'})$)(@linefinder/|linefinder$)`,
        message: `${folder} may import of ours: ${allowed.join(', ') || 'nothing'} (docs/architecture.md).`,
      }],
    }],
  },
})

/** An adapter's tests may prove it by the conformance kit. */
const boundaries = Object.entries(mayImport).flatMap(([folder, allowed]) => [
  boundary([`${folder}/**/*.{ts,js}`], folder, allowed),
  ...(folder.startsWith('adapters/') ? [boundary([`${folder}/**/*.test.ts`], folder, [...allowed, '@linefinder/conformance'])] : []),
])

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '**/.linefinder/**', '**/.acme/**'] },
  ...tseslint.configs.strict,
  {
    rules: {
      'max-lines': ['error', 400],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-properties': ['error', {
        object: 'process', property: 'env', message: 'Only packages/linefinder reads the environment.',
      }],
    },
  },
  ...boundaries,
  {
    // The one of conformance watches whether an adapter reads the environment.
    files: ['packages/conformance/src/watch/environment.ts', 'packages/linefinder/**', 'examples/**', 'bench/**', '**/*.test.ts', '**/testing/**', 'test/**', 'jest.config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Runs beside a package that is CommonJS.
    files: ['bench/peer/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/testing/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    // Connectors of App Connect are CommonJS.
    files: ['examples/app-connect-connectors/**/*.js', '**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
)
