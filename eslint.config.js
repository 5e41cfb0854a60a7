import tseslint from 'typescript-eslint'

/** Which of our packages each folder may import. Nothing else of ours, and only through a package's declared doors. */
const mayImport = {
  'packages/core': [],
  'packages/client': ['@linefinder/core/api', '@linefinder/core'],
  'packages/server': ['@linefinder/core', '@linefinder/core/api', '@linefinder/core/phone'],
  'packages/linefinder': ['.*'],
  'adapters/memory': ['@linefinder/core', '@linefinder/core/phone'],
  'adapters/acme': ['@linefinder/core', '@linefinder/core/phone'],
  'adapters/tryton': ['@linefinder/core', '@linefinder/core/phone'],
  'adapters/acme/src/testing': ['@linefinder/core', '@linefinder/core/phone', '@linefinder/example-acme-crm', '@linefinder/example-acme-crm/scripted-browser'],
  'adapters/acme-legacy': ['@linefinder/core', '@linefinder/core/phone'],
  'adapters/acme-legacy/src/testing': ['@linefinder/core', '@linefinder/core/phone', '@linefinder/example-acme-legacy-crm'],
  'examples/acme-crm': [],
  'examples/acme-legacy-crm': [],
  'examples/quickstart': ['@linefinder/server', '@linefinder/adapter-memory'],
  'bench': ['@linefinder/client', '@linefinder/core', '@linefinder/core/api', '@linefinder/core/phone'],
  'bench/src/chaos': ['@linefinder/client', '@linefinder/core', '@linefinder/adapter-acme', '@linefinder/example-acme-crm/scripted-browser'],
}

const boundaries = Object.entries(mayImport).map(([folder, allowed]) => ({
  files: [`${folder}/**/*.{ts,js}`],
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
}))

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
    files: ['packages/linefinder/**', 'examples/**', 'bench/**', '**/*.test.ts', '**/testing/**', 'test/**', 'jest.config.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['**/*.test.ts', '**/testing/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
)
