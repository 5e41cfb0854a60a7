import type { AdapterPlan } from '../adapter-plan.js'

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

/** `package.json` */
export function packageSource({ packageName, name, isInRepository, versions }: AdapterPlan): string {
  return json({
    name: packageName,
    version: isInRepository ? versions.linefinder : '0.1.0',
    description: `Linefinder adapter for ${name}.`,
    ...(isInRepository ? { license: 'MIT' } : {}),
    type: 'module',
    engines: { node: '>=20.19' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', '!dist/testing', '!dist/**/*.test.*', '!dist/**/*.tsbuildinfo'],
    sideEffects: false,
    ...(isInRepository ? {} : { scripts: { build: 'tsc', test: 'tsc && node --test dist/conformance.test.js' } }),
    dependencies: { '@linefinder/core': versions.core, zod: versions.zod },
    devDependencies: {
      '@linefinder/conformance': versions.conformance,
      ...(isInRepository ? {} : { '@types/node': '^20.19.43', typescript: '^5.9.3' }),
    },
  })
}

/** `tsconfig.json` */
export function tsconfigSource({ isInRepository }: AdapterPlan): string {
  if (isInRepository) {
    return json({
      extends: '../../tsconfig.base.json',
      compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
      include: ['src'],
      exclude: ['src/**/*.test.ts'],
      references: [{ path: '../../packages/core' }, { path: '../../packages/conformance' }],
    })
  }
  return json({
    compilerOptions: {
      target: 'ES2023', lib: ['ES2023'], module: 'NodeNext', moduleResolution: 'NodeNext', strict: true, noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true, noImplicitOverride: true, noFallthroughCasesInSwitch: true, noUnusedLocals: true, noUnusedParameters: true,
      verbatimModuleSyntax: true, isolatedModules: true, skipLibCheck: true, declaration: true, sourceMap: true, types: ['node'], rootDir: 'src', outDir: 'dist',
    },
    include: ['src'],
  })
}
