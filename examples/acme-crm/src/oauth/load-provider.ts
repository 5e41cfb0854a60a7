import type * as OidcProvider from 'oidc-provider'

/**
 * oidc-provider runs on Node 20 but says at import that it would rather have 22. That one line is dropped here;
 * every other warning passes.
 */
export async function loadProvider(): Promise<typeof OidcProvider> {
  const { warn } = console
  console.warn = (...args: unknown[]) => {
    if (!String(args[0]).includes('Unsupported runtime')) warn(...args)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}
